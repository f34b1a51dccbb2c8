#ifndef HOSTMQ_STUB_NETBSD_SYSTEM_MSG_H_
#define HOSTMQ_STUB_NETBSD_SYSTEM_MSG_H_

typedef ssize_t HostmqStubReceived;
typedef unsigned long msgqnum_t;
typedef size_t msglen_t;

struct msqid_ds {
  struct ipc_perm msg_perm;
  msgqnum_t msg_qnum;
  msglen_t msg_qbytes;
  pid_t msg_lspid;
  pid_t msg_lrpid;
  time_t msg_stime;
  time_t msg_rtime;
  time_t msg_ctime;
  struct __msg* _msg_first;
  struct __msg* _msg_last;
  msglen_t _msg_cbytes;
};

#endif  // HOSTMQ_STUB_NETBSD_SYSTEM_MSG_H_
