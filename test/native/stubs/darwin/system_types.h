#ifndef HOSTMQ_STUB_DARWIN_SYSTEM_TYPES_H_
#define HOSTMQ_STUB_DARWIN_SYSTEM_TYPES_H_

#define HOSTMQ_STUB_CLOCK_MONOTONIC 6

typedef int dev_t;
typedef unsigned long ino_t;
typedef int key_t;
typedef unsigned short mode_t;
typedef unsigned short nlink_t;

#endif  // HOSTMQ_STUB_DARWIN_SYSTEM_TYPES_H_
