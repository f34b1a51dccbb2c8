#ifndef HOSTMQ_UNIX_MQUEUE_ABSENT_H_
#define HOSTMQ_UNIX_MQUEUE_ABSENT_H_

#include <sys/types.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "kernel_time.h"

namespace hostmq {

// For systems without POSIX message queues, macOS and OpenBSD: every call fails with ENOSYS.

struct mq_attr {
  long mq_flags;
  long mq_maxmsg;
  long mq_msgsize;
  long mq_curmsgs;
};

// Those of Linux, for OpenBSD has none of its own.
constexpr int kSigevSignal = 0;
constexpr int kSigevNone = 1;
constexpr int kSigevThread = 2;

inline int64_t NotImplemented() {
  errno = ENOSYS;
  return -1;
}

inline int64_t MqueueOpen(const char* /* name */, int /* flags */, mode_t /* mode */, const mq_attr* /* attributes */) {
  return NotImplemented();
}
inline int64_t MqueueUnlink(const char* /* name */) { return NotImplemented(); }
inline int64_t MqueueClose(int /* descriptor */) { return NotImplemented(); }
inline int64_t MqueueSend(int /* descriptor */, const void* /* body */, size_t /* length */, uint32_t /* priority */,
                          const KernelTimespec* /* limit */) {
  return NotImplemented();
}
inline int64_t MqueueReceive(int /* descriptor */, void* /* into */, size_t /* room */, unsigned* /* priority */,
                             const KernelTimespec* /* limit */) {
  return NotImplemented();
}
inline int64_t MqueueAttributes(int /* descriptor */, const mq_attr* /* wanted */, mq_attr* /* attributes */) {
  return NotImplemented();
}
inline int64_t MqueueNotify(int /* descriptor */, int /* notify */, int /* signo */, int /* value */) {
  return NotImplemented();
}
inline int64_t CloseOnExec(int /* descriptor */) { return 0; }

}  // namespace hostmq

#endif  // HOSTMQ_UNIX_MQUEUE_ABSENT_H_
