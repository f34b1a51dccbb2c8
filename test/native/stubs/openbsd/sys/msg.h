#ifndef HOSTMQ_STUB_OPENBSD_SYS_MSG_H_
#define HOSTMQ_STUB_OPENBSD_SYS_MSG_H_

#include <sys/ipc.h>

#define MSG_NOERROR 010000

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

extern "C" {
int msgctl(int, int, struct msqid_ds*);
int msgget(key_t, int);
int msgrcv(int, void*, size_t, long, int);
int msgsnd(int, const void*, size_t, int);
}

#endif  // HOSTMQ_STUB_OPENBSD_SYS_MSG_H_
