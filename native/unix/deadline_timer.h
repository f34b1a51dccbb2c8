#ifndef HOSTMQ_UNIX_DEADLINE_TIMER_H_
#define HOSTMQ_UNIX_DEADLINE_TIMER_H_

#include <pthread.h>

#include <cstdint>

#include "condition.h"
#include "signal_target.h"

namespace hostmq {

// Ends this thread's blocking system calls with EINTR from a monotonic deadline on. A thread of its own sends the
// signal, and repeats it, for the first may fall just before the call: macOS and OpenBSD have no timers that signal a
// thread.
class DeadlineTimer {
 public:
  // Milliseconds from now; negative: never.
  DeadlineTimer(double timeout, int signal);
  ~DeadlineTimer();
  DeadlineTimer(const DeadlineTimer&) = delete;
  DeadlineTimer& operator=(const DeadlineTimer&) = delete;

  // 0 or a negative errno: whether the timer could be made.
  int error() const { return error_; }
  bool Passed() const;

 private:
  static void* Run(void* self);

  int64_t deadline_ = INT64_MAX;
  const int signal_;
  SignalTarget target_;
  pthread_t thread_ = {};
  bool running_ = false;
  int error_ = 0;
  Condition condition_;
  bool stopping_ = false;  // guarded by condition_
};

}  // namespace hostmq

#endif  // HOSTMQ_UNIX_DEADLINE_TIMER_H_
