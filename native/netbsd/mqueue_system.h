#ifndef HOSTMQ_NETBSD_MQUEUE_SYSTEM_H_
#define HOSTMQ_NETBSD_MQUEUE_SYSTEM_H_

#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <time.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "kernel_time.h"
#include "nonblocking_descriptors.h"

namespace hostmq {

// Here a mqd_t is the descriptor. All answer as in C: -1 and errno. A null limit is none.
//
// O_NONBLOCK belongs to the queue and not, as POSIX has it, to the descriptor: it would change what every other program
// gets. So it is kept from the kernel, and a call on a descriptor that is not to wait is given a time that has passed.

inline int64_t CloseOnExec(int descriptor) { return fcntl(descriptor, F_SETFD, FD_CLOEXEC); }

inline int64_t MqueueOpen(const char* name, int flags, mode_t mode, mq_attr* attributes) {
  const int descriptor = mq_open(name, flags & ~O_NONBLOCK, mode, attributes);
  if (descriptor < 0) return -1;
  CloseOnExec(descriptor);
  if (!SetNonblocking(descriptor, (flags & O_NONBLOCK) != 0)) {
    mq_close(descriptor);
    errno = EMFILE;
    return -1;
  }
  return descriptor;
}

inline int64_t MqueueUnlink(const char* name) { return mq_unlink(name); }

inline int64_t MqueueClose(int descriptor) {
  SetNonblocking(descriptor, false);
  return mq_close(descriptor);
}

// The limit to pass on, in memory of the caller.
inline timespec LimitOf(int descriptor, const KernelTimespec* limit) {
  timespec time = {};
  if (IsNonblocking(descriptor)) return time;
  time.tv_sec = static_cast<time_t>(limit->tv_sec);
  time.tv_nsec = static_cast<long>(limit->tv_nsec);
  return time;
}

inline int64_t OrAgain(int descriptor, int64_t result) {
  if (result < 0 && errno == ETIMEDOUT && IsNonblocking(descriptor)) errno = EAGAIN;
  return result;
}

inline int64_t MqueueSend(int descriptor, const void* body, size_t length, uint32_t priority,
                          const KernelTimespec* limit) {
  const char* text = static_cast<const char*>(body);
  if (limit == nullptr && !IsNonblocking(descriptor)) return mq_send(descriptor, text, length, priority);
  const timespec time = LimitOf(descriptor, limit);
  return OrAgain(descriptor, mq_timedsend(descriptor, text, length, priority, &time));
}

inline int64_t MqueueReceive(int descriptor, void* into, size_t room, unsigned* priority, const KernelTimespec* limit) {
  char* text = static_cast<char*>(into);
  if (limit == nullptr && !IsNonblocking(descriptor)) return mq_receive(descriptor, text, room, priority);
  const timespec time = LimitOf(descriptor, limit);
  return OrAgain(descriptor, mq_timedreceive(descriptor, text, room, priority, &time));
}

// Reads the attributes as they were before, and sets those that are wanted.
inline int64_t MqueueAttributes(int descriptor, const mq_attr* wanted, mq_attr* attributes) {
  if (mq_getattr(descriptor, attributes) < 0) return -1;
  attributes->mq_flags = IsNonblocking(descriptor) ? O_NONBLOCK : 0;
  if (wanted == nullptr) return 0;
  if ((wanted->mq_flags & ~static_cast<long>(O_NONBLOCK)) != 0 ||
      !SetNonblocking(descriptor, (wanted->mq_flags & O_NONBLOCK) != 0)) {
    errno = EINVAL;
    return -1;
  }
  return 0;
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
  return mq_notify(descriptor, notify < 0 ? nullptr : &event);
}

}  // namespace hostmq

#endif  // HOSTMQ_NETBSD_MQUEUE_SYSTEM_H_
