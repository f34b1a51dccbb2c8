#ifndef HOSTMQ_STUB_POSIX_MSQID_DS_H_
#define HOSTMQ_STUB_POSIX_MSQID_DS_H_

// As POSIX declares it, and what macOS and FreeBSD have beside.

#include <sys/ipc.h>

typedef ssize_t HostmqStubReceived;
typedef unsigned long msgqnum_t;
typedef unsigned long msglen_t;

struct msqid_ds {
  struct ipc_perm msg_perm;
  msglen_t msg_cbytes;
  msgqnum_t msg_qnum;
  msglen_t msg_qbytes;
  pid_t msg_lspid;
  pid_t msg_lrpid;
  time_t msg_stime;
  time_t msg_rtime;
  time_t msg_ctime;
};

#endif  // HOSTMQ_STUB_POSIX_MSQID_DS_H_
