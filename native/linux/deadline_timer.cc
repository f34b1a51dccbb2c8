#include "deadline_timer.h"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "result.h"
#include "time64_calls.h"

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

namespace hostmq {

DeadlineTimer::DeadlineTimer(double timeout, int signal) {
  constexpr KernelTimespec kRepeat = {0, 1000000};
  if (timeout < 0) return;
  const int64_t now = MonotonicNanoseconds();
  const int64_t duration = NanosecondsFromMilliseconds(timeout);
  deadline_ = duration > INT64_MAX - now ? INT64_MAX : now + duration;
  sigevent event = {};
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = signal;
  event.sigev_notify_thread_id = static_cast<pid_t>(syscall(SYS_gettid));
  // timer_create moved between glibc's libraries, so it is called as the system call that it is.
  if (syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &timer_) < 0) {
    error_ = Failed(HelperCall::kTimerCreate, errno);
    return;
  }
  running_ = true;
  const KernelItimerspec when = {kRepeat, FromNanoseconds(deadline_)};
  if (syscall(HOSTMQ_SYS_TIMER_SETTIME, timer_, TIMER_ABSTIME, &when, nullptr) < 0) {
    error_ = Failed(HelperCall::kTimerSettime, errno);
  }
}

DeadlineTimer::~DeadlineTimer() {
  if (running_) syscall(SYS_timer_delete, timer_);
}

bool DeadlineTimer::Passed() const { return MonotonicNanoseconds() >= deadline_; }

}  // namespace hostmq
