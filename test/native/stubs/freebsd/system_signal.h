#ifndef HOSTMQ_STUB_FREEBSD_SYSTEM_SIGNAL_H_
#define HOSTMQ_STUB_FREEBSD_SYSTEM_SIGNAL_H_

#define SIGRTMIN 65
#define SIGRTMAX 126

typedef struct {
  unsigned int bits[4];
} sigset_t;

#define SIGEV_NONE 0
#define SIGEV_SIGNAL 1
#define SIGEV_THREAD 2

#endif  // HOSTMQ_STUB_FREEBSD_SYSTEM_SIGNAL_H_
