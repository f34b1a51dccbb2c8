#ifndef HOSTMQ_STUB_NETBSD_SYS_IPC_H_
#define HOSTMQ_STUB_NETBSD_SYS_IPC_H_

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

#define IPC_CREAT 001000
#define IPC_EXCL 002000
#define IPC_NOWAIT 004000
#define IPC_PRIVATE ((key_t)0)
#define IPC_RMID 0
#define IPC_SET 1
#define IPC_STAT 2

extern "C" key_t ftok(const char*, int);

#endif  // HOSTMQ_STUB_NETBSD_SYS_IPC_H_
