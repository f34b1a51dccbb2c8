#ifndef HOSTMQ_FUTEX_H_
#define HOSTMQ_FUTEX_H_

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>

#include "kernel_time.h"

namespace hostmq {

// Condition variables come in two versions in glibc, and an object without version tags is bound to the older one.
// A futex is the same everywhere.

inline void FutexWait(std::atomic<uint32_t>* word, uint32_t expected, const KernelTimespec* limit) {
  syscall(HOSTMQ_SYS_FUTEX, word, FUTEX_WAIT_PRIVATE, expected, limit, nullptr, 0);
}

inline void FutexWake(std::atomic<uint32_t>* word) {
  syscall(HOSTMQ_SYS_FUTEX, word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

}  // namespace hostmq

#endif  // HOSTMQ_FUTEX_H_
