#ifndef HOSTMQ_STUB_POSIX_PTHREAD_POINTERS_H_
#define HOSTMQ_STUB_POSIX_PTHREAD_POINTERS_H_

#include <time.h>

// Pointers to objects of libc.
typedef struct pthread_attr* pthread_attr_t;
typedef struct pthread_mutex* pthread_mutex_t;
typedef struct pthread_cond* pthread_cond_t;
typedef struct pthread_cond_attr* pthread_condattr_t;
typedef struct pthread_mutex_attr* pthread_mutexattr_t;
typedef struct pthread_once {
  int state;
  pthread_mutex_t mutex;
} pthread_once_t;
typedef int pthread_key_t;

#define PTHREAD_MUTEX_INITIALIZER nullptr
#define PTHREAD_COND_INITIALIZER nullptr
#define PTHREAD_ONCE_INIT {0, nullptr}

extern "C" int pthread_condattr_setclock(pthread_condattr_t*, clockid_t);

#endif  // HOSTMQ_STUB_POSIX_PTHREAD_POINTERS_H_
