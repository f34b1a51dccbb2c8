#ifndef HOSTMQ_STUB_OPENBSD_SYSTEM_SIGNAL_H_
#define HOSTMQ_STUB_OPENBSD_SYSTEM_SIGNAL_H_

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

typedef unsigned int sigset_t;

struct HostmqStubSiginfo;
struct sigaction {
  union {
    void (*sa_handler)(int);
    void (*sa_sigaction)(int, struct HostmqStubSiginfo*, void*);
  };
  sigset_t sa_mask;
  int sa_flags;
};

#endif  // HOSTMQ_STUB_OPENBSD_SYSTEM_SIGNAL_H_
