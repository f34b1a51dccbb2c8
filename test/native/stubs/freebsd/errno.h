#ifndef HOSTMQ_STUB_FREEBSD_ERRNO_H_
#define HOSTMQ_STUB_FREEBSD_ERRNO_H_

#include <errno_4_4bsd.h>

#define EIDRM 82
#define ENOMSG 83
#define EOVERFLOW 84
#define ECANCELED 85
#define EILSEQ 86
#define EBADMSG 89
#define EMULTIHOP 90
#define ENOLINK 91
#define EPROTO 92
#define ENOTRECOVERABLE 95
#define EOWNERDEAD 96
#define ENOTSUP 45

extern "C" int* __error(void);
#define errno (*__error())

#endif  // HOSTMQ_STUB_FREEBSD_ERRNO_H_
