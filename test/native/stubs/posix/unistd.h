#ifndef HOSTMQ_STUB_POSIX_UNISTD_H_
#define HOSTMQ_STUB_POSIX_UNISTD_H_

#include <sys/types.h>
#include <system_unistd.h>

extern "C" {
int close(int);
pid_t getpid(void);
int pipe(int[2]);
ssize_t read(int, void*, size_t);
long sysconf(int);
ssize_t write(int, const void*, size_t);
}

#endif  // HOSTMQ_STUB_POSIX_UNISTD_H_
