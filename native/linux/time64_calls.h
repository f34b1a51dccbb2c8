#ifndef HOSTMQ_LINUX_TIME64_CALLS_H_
#define HOSTMQ_LINUX_TIME64_CALLS_H_

#include <sys/syscall.h>

#include "kernel_time.h"

namespace hostmq {

struct KernelItimerspec {
  KernelTimespec it_interval;
  KernelTimespec it_value;
};

// The calls that take a KernelTimespec: on 32-bit machines those named *_time64.
#ifdef SYS_futex_time64
#define HOSTMQ_SYS_FUTEX SYS_futex_time64
#define HOSTMQ_SYS_PPOLL SYS_ppoll_time64
#define HOSTMQ_SYS_TIMER_SETTIME SYS_timer_settime64
#define HOSTMQ_SYS_MQ_TIMEDSEND SYS_mq_timedsend_time64
#define HOSTMQ_SYS_MQ_TIMEDRECEIVE SYS_mq_timedreceive_time64
#else
#define HOSTMQ_SYS_FUTEX SYS_futex
#define HOSTMQ_SYS_PPOLL SYS_ppoll
#define HOSTMQ_SYS_TIMER_SETTIME SYS_timer_settime
#define HOSTMQ_SYS_MQ_TIMEDSEND SYS_mq_timedsend
#define HOSTMQ_SYS_MQ_TIMEDRECEIVE SYS_mq_timedreceive
#endif

}  // namespace hostmq

#endif  // HOSTMQ_LINUX_TIME64_CALLS_H_
