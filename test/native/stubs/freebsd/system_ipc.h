#ifndef HOSTMQ_STUB_FREEBSD_SYSTEM_IPC_H_
#define HOSTMQ_STUB_FREEBSD_SYSTEM_IPC_H_

#include <sys/types.h>

struct ipc_perm {
  uid_t cuid;
  gid_t cgid;
  uid_t uid;
  gid_t gid;
  mode_t mode;
  unsigned short seq;
  key_t key;
};

#endif  // HOSTMQ_STUB_FREEBSD_SYSTEM_IPC_H_
