#ifndef HOSTMQ_STUB_DARWIN_SYSTEM_IPC_H_
#define HOSTMQ_STUB_DARWIN_SYSTEM_IPC_H_

#include <sys/types.h>

struct ipc_perm {
  uid_t uid;
  gid_t gid;
  uid_t cuid;
  gid_t cgid;
  mode_t mode;
  unsigned short _seq;
  key_t _key;
};

#endif  // HOSTMQ_STUB_DARWIN_SYSTEM_IPC_H_
