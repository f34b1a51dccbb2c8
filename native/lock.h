#ifndef HOSTMQ_LOCK_H_
#define HOSTMQ_LOCK_H_

#include <pthread.h>

namespace hostmq {

// std::mutex and std::lock_guard without libstdc++'s run-time part.
class Mutex {
 public:
  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;
  void Lock() { pthread_mutex_lock(&mutex_); }
  void Unlock() { pthread_mutex_unlock(&mutex_); }

 private:
  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
};

class LockGuard {
 public:
  explicit LockGuard(Mutex* mutex) : mutex_(mutex) { mutex_->Lock(); }
  ~LockGuard() { mutex_->Unlock(); }
  LockGuard(const LockGuard&) = delete;
  LockGuard& operator=(const LockGuard&) = delete;

 private:
  Mutex* mutex_;
};

}  // namespace hostmq

#endif  // HOSTMQ_LOCK_H_
