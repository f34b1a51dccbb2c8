#ifndef HOSTMQ_LINUX_STATE_WORD_H_
#define HOSTMQ_LINUX_STATE_WORD_H_

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>

#include "time64_calls.h"

namespace hostmq {

// A number that a thread can sleep on until another thread changes it. Sleeping may end for no reason.
//
// Condition variables come in two versions in glibc, and an object without version tags is bound to the older one.
// A futex is the same everywhere.
class StateWord {
 public:
  explicit StateWord(uint32_t value) : word_(value) {}
  StateWord(const StateWord&) = delete;
  StateWord& operator=(const StateWord&) = delete;

  uint32_t Load() const { return word_.load(std::memory_order_acquire); }
  // For a change that no sleeper cares about.
  void Set(uint32_t value) { word_.store(value, std::memory_order_relaxed); }
  void SetAndWake(uint32_t value) {
    word_.store(value, std::memory_order_release);
    syscall(HOSTMQ_SYS_FUTEX, &word_, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
  }
  void SleepWhile(uint32_t value) { Sleep(value, nullptr); }
  void SleepWhile(uint32_t value, int64_t nanoseconds) {
    const KernelTimespec limit = FromNanoseconds(nanoseconds);
    Sleep(value, &limit);
  }

 private:
  void Sleep(uint32_t value, const KernelTimespec* limit) {
    syscall(HOSTMQ_SYS_FUTEX, &word_, FUTEX_WAIT_PRIVATE, value, limit, nullptr, 0);
  }

  std::atomic<uint32_t> word_;
};

}  // namespace hostmq

#endif  // HOSTMQ_LINUX_STATE_WORD_H_
