#ifndef HOSTMQ_UNIX_CONDITION_H_
#define HOSTMQ_UNIX_CONDITION_H_

#include <pthread.h>
#include <time.h>

#include <cstdint>

#include "kernel_time.h"

namespace hostmq {

// A mutex with its condition; waits with a limit follow the monotonic clock.
class Condition {
 public:
  Condition() {
#ifdef __APPLE__
    pthread_cond_init(&condition_, nullptr);
#else
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&condition_, &attributes);
    pthread_condattr_destroy(&attributes);
#endif
  }
  ~Condition() {
    pthread_cond_destroy(&condition_);
    pthread_mutex_destroy(&mutex_);
  }
  Condition(const Condition&) = delete;
  Condition& operator=(const Condition&) = delete;

  void Lock() { pthread_mutex_lock(&mutex_); }
  void Unlock() { pthread_mutex_unlock(&mutex_); }
  // The lock must be held; sleeping may end for no reason.
  void Wake() { pthread_cond_broadcast(&condition_); }
  void Sleep() { pthread_cond_wait(&condition_, &mutex_); }
  void Sleep(int64_t nanoseconds) {
#ifdef __APPLE__  // has no pthread_condattr_setclock
    const timespec limit = ToTimespec(nanoseconds);
    pthread_cond_timedwait_relative_np(&condition_, &mutex_, &limit);
#else
    const timespec limit = ToTimespec(MonotonicNanoseconds() + nanoseconds);
    pthread_cond_timedwait(&condition_, &mutex_, &limit);
#endif
  }

 private:
  static timespec ToTimespec(int64_t nanoseconds) {
    timespec time = {};
    time.tv_sec = static_cast<time_t>(nanoseconds / kNanosecondsPerSecond);
    time.tv_nsec = static_cast<long>(nanoseconds % kNanosecondsPerSecond);
    return time;
  }

  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t condition_;
};

}  // namespace hostmq

#endif  // HOSTMQ_UNIX_CONDITION_H_
