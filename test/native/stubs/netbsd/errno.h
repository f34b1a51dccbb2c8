#ifndef HOSTMQ_STUB_NETBSD_ERRNO_H_
#define HOSTMQ_STUB_NETBSD_ERRNO_H_

#include <errno_4_4bsd.h>

#define EIDRM 82
#define ENOMSG 83
#define EOVERFLOW 84
#define EILSEQ 85
#define ENOTSUP 86
#define ECANCELED 87
#define EBADMSG 88
#define ENODATA 89
#define ENOSR 90
#define ENOSTR 91
#define ETIME 92
#define EMULTIHOP 94
#define ENOLINK 95
#define EPROTO 96
#define EOWNERDEAD 97
#define ENOTRECOVERABLE 98

extern "C" int* __errno(void);
#define errno (*__errno())

#endif  // HOSTMQ_STUB_NETBSD_ERRNO_H_
