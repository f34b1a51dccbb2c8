#ifndef HOSTMQ_STUB_FREEBSD_SYSTEM_TYPES_H_
#define HOSTMQ_STUB_FREEBSD_SYSTEM_TYPES_H_

#define HOSTMQ_STUB_CLOCK_MONOTONIC 4

typedef unsigned long dev_t;
typedef unsigned long ino_t;
typedef long key_t;
typedef unsigned short mode_t;
typedef unsigned long nlink_t;

#endif  // HOSTMQ_STUB_FREEBSD_SYSTEM_TYPES_H_
