#ifndef HOSTMQ_LINUX_MQUEUE_WAITING_H_
#define HOSTMQ_LINUX_MQUEUE_WAITING_H_

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>

#include "time64_calls.h"

namespace hostmq {

// Blocks until the descriptor may be ready: 1, 0 after the limit (null: none), or -1 and errno.
inline int64_t WaitForEvents(int descriptor, short events, const KernelTimespec* limit) {
  pollfd watched = {descriptor, events, 0};
  return syscall(HOSTMQ_SYS_PPOLL, &watched, 1, limit, nullptr, 0);
}

// How mq_notify may tell: by a signal, not at all, by a thread.
constexpr int kSigevSignal = SIGEV_SIGNAL;
constexpr int kSigevNone = SIGEV_NONE;
constexpr int kSigevThread = SIGEV_THREAD;

constexpr size_t kCookieLength = 32;  // NOTIFY_COOKIE_LEN of linux/mqueue.h

// mq_notify: notify < 0 removes the registration; for SIGEV_THREAD, signo is a socket of OpenNotificationSocket, which
// is how libc does it too.
inline int64_t MqueueNotify(int descriptor, int notify, int signo, int value) {
  char cookie[kCookieLength] = {};
  sigevent event = {};
  event.sigev_notify = notify;
  event.sigev_signo = signo;
  event.sigev_value.sival_int = value;
  if (notify == SIGEV_THREAD) event.sigev_value.sival_ptr = cookie;
  return syscall(SYS_mq_notify, descriptor, notify < 0 ? nullptr : &event);
}

inline int64_t OpenNotificationSocket() { return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0); }

// 1 a message arrived, 2 the registration was removed (NOTIFY_WOKENUP, NOTIFY_REMOVED)
inline int64_t ReadNotification(int socket) {
  char cookie[kCookieLength];
  const int64_t length = recv(socket, cookie, sizeof cookie, 0);
  return length == kCookieLength ? cookie[kCookieLength - 1] : length;
}

}  // namespace hostmq

#endif  // HOSTMQ_LINUX_MQUEUE_WAITING_H_
