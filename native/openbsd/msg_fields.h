#ifndef HOSTMQ_OPENBSD_MSG_FIELDS_H_
#define HOSTMQ_OPENBSD_MSG_FIELDS_H_

#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/types.h>  // which those below need

namespace hostmq {

// The fields that POSIX does not name.
inline key_t KeyOf(const ipc_perm& permissions) { return permissions.key; }
inline double QueuedBytesOf(const msqid_ds& status) { return static_cast<double>(status.msg_cbytes); }

}  // namespace hostmq

#endif  // HOSTMQ_OPENBSD_MSG_FIELDS_H_
