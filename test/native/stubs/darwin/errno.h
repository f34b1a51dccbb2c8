#ifndef HOSTMQ_STUB_DARWIN_ERRNO_H_
#define HOSTMQ_STUB_DARWIN_ERRNO_H_

#include <errno_4_4bsd.h>

#define EOVERFLOW 84
#define ECANCELED 89
#define EIDRM 90
#define ENOMSG 91
#define EILSEQ 92
#define EBADMSG 94
#define EMULTIHOP 95
#define ENODATA 96
#define ENOLINK 97
#define ENOSR 98
#define ENOSTR 99
#define EPROTO 100
#define ETIME 101
#define ENOTSUP 45
#define ENOTRECOVERABLE 104
#define EOWNERDEAD 105

extern "C" int* __error(void);
#define errno (*__error())

#endif  // HOSTMQ_STUB_DARWIN_ERRNO_H_
