#ifndef HOSTMQ_STUB_FREEBSD_SYS_MODULE_H_
#define HOSTMQ_STUB_FREEBSD_SYS_MODULE_H_

extern "C" int modfind(const char*);

#endif  // HOSTMQ_STUB_FREEBSD_SYS_MODULE_H_
