#ifndef HOSTMQ_STUB_POSIX_SYS_STAT_H_
#define HOSTMQ_STUB_POSIX_SYS_STAT_H_

#include <sys/types.h>

extern "C" int fchmod(int, mode_t);

#endif  // HOSTMQ_STUB_POSIX_SYS_STAT_H_
