#ifndef HOSTMQ_STUB_POSIX_DLFCN_H_
#define HOSTMQ_STUB_POSIX_DLFCN_H_

#define RTLD_LAZY 1

typedef struct {
  const char* dli_fname;
  void* dli_fbase;
  const char* dli_sname;
  void* dli_saddr;
} Dl_info;

extern "C" {
int dladdr(const void*, Dl_info*);
void* dlopen(const char*, int);
}

#endif  // HOSTMQ_STUB_POSIX_DLFCN_H_
