#ifndef HOSTMQ_UNIX_MQUEUE_WAITING_H_
#define HOSTMQ_UNIX_MQUEUE_WAITING_H_

#include <poll.h>

#include <cerrno>
#include <climits>
#include <cstdint>

#include "kernel_time.h"

namespace hostmq {

// Blocks until the descriptor may be ready: 1, 0 after the limit (null: none), or -1 and errno.
inline int64_t WaitForEvents(int descriptor, short events, const KernelTimespec* limit) {
  pollfd watched = {descriptor, events, 0};
  int milliseconds = -1;
  // Rounded up: a wait never ends before its time.
  if (limit != nullptr) {
    const int64_t whole = limit->tv_sec >= INT_MAX / 1000 ? INT_MAX : limit->tv_sec * 1000;
    const int64_t rest = (limit->tv_nsec + 999999) / 1000000;
    milliseconds = whole + rest > INT_MAX ? INT_MAX : static_cast<int>(whole + rest);
  }
  return poll(&watched, 1, milliseconds);
}

// Only Linux has a notification that a thread can wait for together with others.
inline int64_t OpenNotificationSocket() {
  errno = ENOSYS;
  return -1;
}
inline int64_t ReadNotification(int /* socket */) {
  errno = ENOSYS;
  return -1;
}

}  // namespace hostmq

#endif  // HOSTMQ_UNIX_MQUEUE_WAITING_H_
