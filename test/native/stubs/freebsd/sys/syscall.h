#ifndef HOSTMQ_STUB_FREEBSD_SYS_SYSCALL_H_
#define HOSTMQ_STUB_FREEBSD_SYS_SYSCALL_H_

#define SYS_kmq_open 457
#define SYS_kmq_setattr 458
#define SYS_kmq_timedreceive 459
#define SYS_kmq_timedsend 460
#define SYS_kmq_notify 461
#define SYS_kmq_unlink 462

#endif  // HOSTMQ_STUB_FREEBSD_SYS_SYSCALL_H_
