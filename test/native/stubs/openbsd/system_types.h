#ifndef HOSTMQ_STUB_OPENBSD_SYSTEM_TYPES_H_
#define HOSTMQ_STUB_OPENBSD_SYSTEM_TYPES_H_

#define HOSTMQ_STUB_CLOCK_MONOTONIC 3

typedef int dev_t;
typedef unsigned long ino_t;
typedef long key_t;
typedef unsigned int mode_t;
typedef unsigned int nlink_t;

#endif  // HOSTMQ_STUB_OPENBSD_SYSTEM_TYPES_H_
