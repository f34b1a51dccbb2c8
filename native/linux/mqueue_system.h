#ifndef HOSTMQ_LINUX_MQUEUE_SYSTEM_H_
#define HOSTMQ_LINUX_MQUEUE_SYSTEM_H_

#include <fcntl.h>
#include <mqueue.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>

#include "time64_calls.h"

namespace hostmq {

// libc's mq_* carry version tags that old systems lack, so the system calls are made directly. They want the name
// without its slash and leave that check to libc. All answer as in C: -1 and errno. A null limit is none.

inline int64_t MqueueOpen(const char* name, int flags, mode_t mode, const mq_attr* attributes) {
  return syscall(SYS_mq_open, name + 1, flags | O_CLOEXEC, mode, attributes);
}

inline int64_t MqueueUnlink(const char* name) { return syscall(SYS_mq_unlink, name + 1); }

inline int64_t MqueueClose(int descriptor) { return close(descriptor); }

inline int64_t MqueueSend(int descriptor, const void* body, size_t length, uint32_t priority,
                          const KernelTimespec* limit) {
  return syscall(HOSTMQ_SYS_MQ_TIMEDSEND, descriptor, body, length, priority, limit);
}

inline int64_t MqueueReceive(int descriptor, void* into, size_t room, unsigned* priority, const KernelTimespec* limit) {
  return syscall(HOSTMQ_SYS_MQ_TIMEDRECEIVE, descriptor, into, room, priority, limit);
}

// Reads the attributes, after setting those that are wanted.
inline int64_t MqueueAttributes(int descriptor, const mq_attr* wanted, mq_attr* attributes) {
  return syscall(SYS_mq_getsetattr, descriptor, wanted, attributes);
}

inline int64_t CloseOnExec(int descriptor) { return syscall(SYS_fcntl, descriptor, F_SETFD, FD_CLOEXEC); }

}  // namespace hostmq

#endif  // HOSTMQ_LINUX_MQUEUE_SYSTEM_H_
