#ifndef HOSTMQ_UNIX_STATE_WORD_H_
#define HOSTMQ_UNIX_STATE_WORD_H_

#include <atomic>
#include <cstdint>

#include "condition.h"

namespace hostmq {

// A number that a thread can sleep on until another thread changes it. Sleeping may end for no reason.
class StateWord {
 public:
  explicit StateWord(uint32_t value) : word_(value) {}
  StateWord(const StateWord&) = delete;
  StateWord& operator=(const StateWord&) = delete;

  uint32_t Load() const { return word_.load(std::memory_order_acquire); }
  // For a change that no sleeper cares about.
  void Set(uint32_t value) { word_.store(value, std::memory_order_relaxed); }
  void SetAndWake(uint32_t value) {
    changed_.Lock();
    word_.store(value, std::memory_order_release);
    changed_.Wake();
    changed_.Unlock();
  }
  void SleepWhile(uint32_t value) {
    changed_.Lock();
    if (Load() == value) changed_.Sleep();
    changed_.Unlock();
  }
  void SleepWhile(uint32_t value, int64_t nanoseconds) {
    changed_.Lock();
    if (Load() == value) changed_.Sleep(nanoseconds);
    changed_.Unlock();
  }

 private:
  std::atomic<uint32_t> word_;
  Condition changed_;
};

}  // namespace hostmq

#endif  // HOSTMQ_UNIX_STATE_WORD_H_
