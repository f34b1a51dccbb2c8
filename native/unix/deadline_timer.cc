#include "deadline_timer.h"

#include "kernel_time.h"
#include "result.h"
#include "thread.h"

namespace hostmq {

DeadlineTimer::DeadlineTimer(double timeout, int signal) : signal_(signal) {
  if (timeout < 0) return;
  const int64_t now = MonotonicNanoseconds();
  const int64_t duration = NanosecondsFromMilliseconds(timeout);
  deadline_ = duration > INT64_MAX - now ? INT64_MAX : now + duration;
  target_.SetToThisThread();
  const int error = StartThread(&thread_, Run, this, 0);
  running_ = error == 0;
  if (!running_) error_ = Failed(HelperCall::kPthreadCreate, error);
}

DeadlineTimer::~DeadlineTimer() {
  if (!running_) return;
  condition_.Lock();
  stopping_ = true;
  condition_.Wake();
  condition_.Unlock();
  pthread_join(thread_, nullptr);
}

bool DeadlineTimer::Passed() const { return MonotonicNanoseconds() >= deadline_; }

void* DeadlineTimer::Run(void* self) {
  constexpr int64_t kRepeat = 1000000;
  constexpr int64_t kLongestSleep = 3600 * kNanosecondsPerSecond;
  auto* timer = static_cast<DeadlineTimer*>(self);
  timer->condition_.Lock();
  while (!timer->stopping_) {
    const int64_t remaining = timer->deadline_ - MonotonicNanoseconds();
    if (remaining <= 0) timer->target_.Send(timer->signal_);
    timer->condition_.Sleep(remaining <= 0 ? kRepeat : remaining < kLongestSleep ? remaining : kLongestSleep);
  }
  timer->condition_.Unlock();
  return nullptr;
}

}  // namespace hostmq
