#ifndef HOSTMQ_STUB_POSIX_SIGNAL_H_
#define HOSTMQ_STUB_POSIX_SIGNAL_H_

#include <sys/types.h>

#define SIG_DFL ((void (*)(int))0)
#define SIG_IGN ((void (*)(int))1)

union sigval {
  int sival_int;
  void* sival_ptr;
};

#include <system_signal.h>

extern "C" {
int kill(pid_t, int);
int sigaction(int, const struct sigaction*, struct sigaction*);
int sigaddset(sigset_t*, int);
int sigdelset(sigset_t*, int);
int sigemptyset(sigset_t*);
int sigfillset(sigset_t*);
}

#endif  // HOSTMQ_STUB_POSIX_SIGNAL_H_
