#ifndef HOSTMQ_STUB_POSIX_SYS_MSG_H_
#define HOSTMQ_STUB_POSIX_SYS_MSG_H_

#include <sys/ipc.h>
#include <system_msg.h>

#define MSG_NOERROR 010000

extern "C" {
int msgctl(int, int, struct msqid_ds*);
int msgget(key_t, int);
HostmqStubReceived msgrcv(int, void*, size_t, long, int);
int msgsnd(int, const void*, size_t, int);
}

#endif  // HOSTMQ_STUB_POSIX_SYS_MSG_H_
