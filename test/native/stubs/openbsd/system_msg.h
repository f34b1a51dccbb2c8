#ifndef HOSTMQ_STUB_OPENBSD_SYSTEM_MSG_H_
#define HOSTMQ_STUB_OPENBSD_SYSTEM_MSG_H_

typedef int HostmqStubReceived;

struct msqid_ds {
  struct ipc_perm msg_perm;
  struct msg* msg_first;
  struct msg* msg_last;
  unsigned long msg_cbytes;
  unsigned long msg_qnum;
  unsigned long msg_qbytes;
  pid_t msg_lspid;
  pid_t msg_lrpid;
  time_t msg_stime;
  time_t msg_rtime;
  time_t msg_ctime;
};

#endif  // HOSTMQ_STUB_OPENBSD_SYSTEM_MSG_H_
