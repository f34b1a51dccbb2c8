#ifndef HOSTMQ_STUB_NETBSD_SYSTEM_PTHREAD_H_
#define HOSTMQ_STUB_NETBSD_SYSTEM_PTHREAD_H_

#include <time.h>

// Objects of the caller's memory.
typedef struct {
  unsigned int magic;
  void* opaque[8];
} pthread_attr_t, pthread_mutex_t, pthread_cond_t, pthread_condattr_t, pthread_mutexattr_t, pthread_once_t;
typedef int pthread_key_t;

#define PTHREAD_MUTEX_INITIALIZER {0x33330003, {0}}
#define PTHREAD_COND_INITIALIZER {0x55550005, {0}}
#define PTHREAD_ONCE_INIT {0x77770007, {0}}

extern "C" int pthread_condattr_setclock(pthread_condattr_t*, clockid_t);

#endif  // HOSTMQ_STUB_NETBSD_SYSTEM_PTHREAD_H_
