#ifndef HOSTMQ_STUB_POSIX_FCNTL_H_
#define HOSTMQ_STUB_POSIX_FCNTL_H_

#include <sys/types.h>
#include <system_fcntl.h>

#define O_RDONLY 0x0000
#define O_WRONLY 0x0001
#define O_RDWR 0x0002
#define O_NONBLOCK 0x0004
#define O_CREAT 0x0200
#define O_EXCL 0x0800
#define F_GETFD 1
#define F_SETFD 2
#define F_GETFL 3
#define F_SETFL 4
#define FD_CLOEXEC 1

extern "C" int fcntl(int, int, ...);

#endif  // HOSTMQ_STUB_POSIX_FCNTL_H_
