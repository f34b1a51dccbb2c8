#ifndef HOSTMQ_FREEBSD_MQUEUE_SYSTEM_H_
#define HOSTMQ_FREEBSD_MQUEUE_SYSTEM_H_

#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <sys/module.h>
#include <sys/param.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "kernel_time.h"

namespace hostmq {

// librt hides the descriptor in an object, and cannot make one for a descriptor that came from elsewhere; its functions
// are these system calls, which take the descriptor. All answer as in C: -1 and errno. A null limit is none.

// The calls belong to the module mqueuefs. Without it the kernel would not only refuse them: SIGSYS ends the process.
inline bool HasMqueueModule() {
  static std::atomic<bool> seen{false};
  if (!seen.load(std::memory_order_relaxed)) {
    if (modfind("mqueuefs") < 0) {
      errno = ENOSYS;
      return false;
    }
    seen.store(true, std::memory_order_relaxed);
  }
  return true;
}

template <typename... Arguments>
int64_t MqueueCall(int number, Arguments... arguments) {
  return HasMqueueModule() ? syscall(number, arguments...) : -1;
}

// A limit as C's; on a 64-bit system the two are the same.
inline const timespec* ToTimespec(const KernelTimespec* limit, timespec* memory) {
  if (limit == nullptr) return nullptr;
  *memory = {};
  memory->tv_sec = static_cast<time_t>(limit->tv_sec);
  memory->tv_nsec = static_cast<long>(limit->tv_nsec);
  return memory;
}

inline int64_t CloseOnExec(int descriptor) { return fcntl(descriptor, F_SETFD, FD_CLOEXEC); }

inline int64_t MqueueOpen(const char* name, int flags, mode_t mode, const mq_attr* attributes) {
  const int64_t descriptor = MqueueCall(SYS_kmq_open, name, flags, static_cast<int>(mode), attributes);
  if (descriptor >= 0) CloseOnExec(static_cast<int>(descriptor));
  return descriptor;
}

inline int64_t MqueueUnlink(const char* name) { return MqueueCall(SYS_kmq_unlink, name); }

inline int64_t MqueueClose(int descriptor) { return close(descriptor); }

inline int64_t MqueueSend(int descriptor, const void* body, size_t length, uint32_t priority,
                          const KernelTimespec* limit) {
  timespec memory;
  return MqueueCall(SYS_kmq_timedsend, descriptor, body, length, priority, ToTimespec(limit, &memory));
}

inline int64_t MqueueReceive(int descriptor, void* into, size_t room, unsigned* priority, const KernelTimespec* limit) {
  timespec memory;
  return MqueueCall(SYS_kmq_timedreceive, descriptor, into, room, priority, ToTimespec(limit, &memory));
}

// Reads the attributes, after setting those that are wanted.
inline int64_t MqueueAttributes(int descriptor, const mq_attr* wanted, mq_attr* attributes) {
  return MqueueCall(SYS_kmq_setattr, descriptor, wanted, attributes);
}

// How mq_notify may tell: by a signal, not at all, by a thread.
constexpr int kSigevSignal = SIGEV_SIGNAL;
constexpr int kSigevNone = SIGEV_NONE;
constexpr int kSigevThread = SIGEV_THREAD;

// notify < 0 removes the registration.
inline int64_t MqueueNotify(int descriptor, int notify, int signo, int value) {
  sigevent event = {};
  event.sigev_notify = notify;
  event.sigev_signo = signo;
  event.sigev_value.sival_int = value;
  return MqueueCall(SYS_kmq_notify, descriptor, notify < 0 ? nullptr : &event);
}

}  // namespace hostmq

#endif  // HOSTMQ_FREEBSD_MQUEUE_SYSTEM_H_
