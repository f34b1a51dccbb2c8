#ifndef HOSTMQ_KERNEL_TIME_H_
#define HOSTMQ_KERNEL_TIME_H_

#include <time.h>

#include <cstdint>

namespace hostmq {

// A timespec with 64-bit time, whatever libc's own is: that depends on how libc was compiled.
struct KernelTimespec {
  int64_t tv_sec;
  int64_t tv_nsec;
};

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
