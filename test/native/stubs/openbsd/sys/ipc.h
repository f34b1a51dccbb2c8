#ifndef HOSTMQ_STUB_OPENBSD_SYS_IPC_H_
#define HOSTMQ_STUB_OPENBSD_SYS_IPC_H_

// Needs sys/types.h before it.

struct ipc_perm {
  uid_t cuid;
  gid_t cgid;
  uid_t uid;
  gid_t gid;
  mode_t mode;
  unsigned short seq;
  key_t key;
};

#define IPC_CREAT 001000
#define IPC_EXCL 002000
#define IPC_NOWAIT 004000
#define IPC_PRIVATE ((key_t)0)
#define IPC_RMID 0
#define IPC_SET 1
#define IPC_STAT 2

extern "C" key_t ftok(const char*, int);

#endif  // HOSTMQ_STUB_OPENBSD_SYS_IPC_H_
