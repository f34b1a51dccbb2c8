#ifndef HOSTMQ_STUB_OPENBSD_ERRNO_H_
#define HOSTMQ_STUB_OPENBSD_ERRNO_H_

#include <errno_4_4bsd.h>

#define EILSEQ 84
#define EOVERFLOW 87
#define ECANCELED 88
#define EIDRM 89
#define ENOMSG 90
#define ENOTSUP 91
#define EBADMSG 92
#define ENOTRECOVERABLE 93
#define EOWNERDEAD 94
#define EPROTO 95

extern "C" int* __errno(void);
#define errno (*__errno())

#endif  // HOSTMQ_STUB_OPENBSD_ERRNO_H_
