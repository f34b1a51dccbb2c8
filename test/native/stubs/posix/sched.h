#ifndef HOSTMQ_STUB_POSIX_SCHED_H_
#define HOSTMQ_STUB_POSIX_SCHED_H_

#include <time.h>

struct sched_param {
  int sched_priority;
};

extern "C" int sched_yield(void);

#endif  // HOSTMQ_STUB_POSIX_SCHED_H_
