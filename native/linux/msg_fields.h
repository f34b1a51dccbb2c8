#ifndef HOSTMQ_LINUX_MSG_FIELDS_H_
#define HOSTMQ_LINUX_MSG_FIELDS_H_

#include <sys/ipc.h>
#include <sys/msg.h>

namespace hostmq {

// The fields that POSIX does not name.
inline key_t KeyOf(const ipc_perm& permissions) { return permissions.__key; }
inline double QueuedBytesOf(const msqid_ds& status) { return static_cast<double>(status.__msg_cbytes); }

}  // namespace hostmq

#endif  // HOSTMQ_LINUX_MSG_FIELDS_H_
