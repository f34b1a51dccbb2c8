#ifndef HOSTMQ_KERNEL_TIME_H_
#define HOSTMQ_KERNEL_TIME_H_

#include <sys/syscall.h>
#include <time.h>

#include <cstdint>

namespace hostmq {

// The timespec of the system calls with 64-bit time, which is the only one on 64-bit machines and the one behind
// the calls named *_time64 elsewhere. libc's own depends on how it was compiled.
struct KernelTimespec {
  int64_t tv_sec;
  int64_t tv_nsec;
};

struct KernelItimerspec {
  KernelTimespec it_interval;
  KernelTimespec it_value;
};

#ifdef SYS_futex_time64
#define HOSTMQ_SYS_FUTEX SYS_futex_time64
#define HOSTMQ_SYS_PPOLL SYS_ppoll_time64
#define HOSTMQ_SYS_TIMER_SETTIME SYS_timer_settime64
#define HOSTMQ_SYS_MQ_TIMEDSEND SYS_mq_timedsend_time64
#define HOSTMQ_SYS_MQ_TIMEDRECEIVE SYS_mq_timedreceive_time64
#else
#define HOSTMQ_SYS_FUTEX SYS_futex
#define HOSTMQ_SYS_PPOLL SYS_ppoll
#define HOSTMQ_SYS_TIMER_SETTIME SYS_timer_settime
#define HOSTMQ_SYS_MQ_TIMEDSEND SYS_mq_timedsend
#define HOSTMQ_SYS_MQ_TIMEDRECEIVE SYS_mq_timedreceive
#endif

constexpr int64_t kNanosecondsPerSecond = 1000000000;

inline KernelTimespec FromNanoseconds(int64_t nanoseconds) {
  return {nanoseconds / kNanosecondsPerSecond, nanoseconds % kNanosecondsPerSecond};
}

// Milliseconds of the caller, rounded up: a wait never ends before its time.
inline int64_t NanosecondsFromMilliseconds(double milliseconds) {
  constexpr double kLongest = 9.0e18;
  const double nanoseconds = milliseconds * 1e6;
  return nanoseconds >= kLongest ? static_cast<int64_t>(kLongest) : static_cast<int64_t>(nanoseconds) + 1;
}

inline int64_t MonotonicNanoseconds() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<int64_t>(now.tv_sec) * kNanosecondsPerSecond + now.tv_nsec;
}

}  // namespace hostmq

#endif  // HOSTMQ_KERNEL_TIME_H_
