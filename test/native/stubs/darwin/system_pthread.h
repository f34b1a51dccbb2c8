#ifndef HOSTMQ_STUB_DARWIN_SYSTEM_PTHREAD_H_
#define HOSTMQ_STUB_DARWIN_SYSTEM_PTHREAD_H_

#include <time.h>

// Objects of the caller's memory.
typedef struct {
  long signature;
  char opaque[56];
} pthread_attr_t, pthread_mutex_t, pthread_cond_t;
typedef struct {
  long signature;
  char opaque[8];
} pthread_condattr_t, pthread_mutexattr_t, pthread_once_t;
typedef unsigned long pthread_key_t;

#define PTHREAD_MUTEX_INITIALIZER {0x32AAABA7, {0}}
#define PTHREAD_RECURSIVE_MUTEX_INITIALIZER {0x32AAABA2, {0}}
#define PTHREAD_COND_INITIALIZER {0x3CB0B1BB, {0}}
#define PTHREAD_ONCE_INIT {0x30B1BCBA, {0}}

extern "C" int pthread_cond_timedwait_relative_np(pthread_cond_t*, pthread_mutex_t*, const struct timespec*);

#endif  // HOSTMQ_STUB_DARWIN_SYSTEM_PTHREAD_H_
