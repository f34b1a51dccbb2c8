#ifndef HOSTMQ_STUB_POSIX_SYS_TYPES_H_
#define HOSTMQ_STUB_POSIX_SYS_TYPES_H_

#include <stddef.h>
#include <system_types.h>

// glibc's own headers, which the C++ library needs, would declare these again.
#define __dev_t_defined
#define __gid_t_defined
#define __id_t_defined
#define __ino_t_defined
#define __key_t_defined
#define __mode_t_defined
#define __nlink_t_defined
#define __off_t_defined
#define __pid_t_defined
#define __ssize_t_defined
#define __uid_t_defined

typedef int pid_t;
typedef unsigned int uid_t;
typedef unsigned int gid_t;
typedef unsigned int id_t;
typedef long off_t;
typedef long ssize_t;
typedef long time_t;
typedef unsigned char u_char;
typedef unsigned short u_short;
typedef unsigned int u_int;
typedef unsigned long u_long;

#endif  // HOSTMQ_STUB_POSIX_SYS_TYPES_H_
