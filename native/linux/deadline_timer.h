#ifndef HOSTMQ_LINUX_DEADLINE_TIMER_H_
#define HOSTMQ_LINUX_DEADLINE_TIMER_H_

#include <cstdint>

namespace hostmq {

// Ends this thread's blocking system calls with EINTR from a monotonic deadline on. The kernel's timer repeats after
// the deadline, for its first signal may fall just before the call.
class DeadlineTimer {
 public:
  // Milliseconds from now; negative: never.
  DeadlineTimer(double timeout, int signal);
  ~DeadlineTimer();
  DeadlineTimer(const DeadlineTimer&) = delete;
  DeadlineTimer& operator=(const DeadlineTimer&) = delete;

  // 0, or how the timer could not be made.
  int error() const { return error_; }
  bool Passed() const;

 private:
  int64_t deadline_ = INT64_MAX;
  int timer_ = 0;
  bool running_ = false;
  int error_ = 0;
};

}  // namespace hostmq

#endif  // HOSTMQ_LINUX_DEADLINE_TIMER_H_
