#ifndef HOSTMQ_STUB_POSIX_SIGNAL_H_
#define HOSTMQ_STUB_POSIX_SIGNAL_H_

#include <sys/types.h>

#define SIG_DFL ((void (*)(int))0)
#define SIG_IGN ((void (*)(int))1)
#define SIGIO 23
#define SIGURG 16
#define SIGCHLD 20
#define SIGPROF 27
#define SIGWINCH 28
#define SIGUSR1 30
#define SIG_BLOCK 1
#define SIG_UNBLOCK 2
#define SIG_SETMASK 3
#define SA_RESTART 0x0002
#define SA_SIGINFO 0x0040

union sigval {
  int sival_int;
  void* sival_ptr;
};

#include <system_signal.h>

struct HostmqStubSiginfo;
struct sigaction {
  union {
    void (*sa_handler)(int);
    void (*sa_sigaction)(int, struct HostmqStubSiginfo*, void*);
  };
  sigset_t sa_mask;
  int sa_flags;
};

#ifdef SIGEV_SIGNAL
struct sigevent {
  int sigev_notify;
  int sigev_signo;
  union sigval sigev_value;
};
#endif

extern "C" {
int kill(pid_t, int);
int sigaction(int, const struct sigaction*, struct sigaction*);
int sigaddset(sigset_t*, int);
int sigdelset(sigset_t*, int);
int sigemptyset(sigset_t*);
int sigfillset(sigset_t*);
}

#endif  // HOSTMQ_STUB_POSIX_SIGNAL_H_
