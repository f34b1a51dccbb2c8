#ifndef HOSTMQ_STUB_POSIX_SYS_IPC_H_
#define HOSTMQ_STUB_POSIX_SYS_IPC_H_

#include <system_ipc.h>

#define IPC_CREAT 001000
#define IPC_EXCL 002000
#define IPC_NOWAIT 004000
#define IPC_PRIVATE ((key_t)0)
#define IPC_RMID 0
#define IPC_SET 1
#define IPC_STAT 2

extern "C" key_t ftok(const char*, int);

#endif  // HOSTMQ_STUB_POSIX_SYS_IPC_H_
