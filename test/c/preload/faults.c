// A library for LD_PRELOAD that makes calls of the addon fail or delays them, and nobody else's: what a system in
// trouble does. The rules lie in the file named by HOSTMQ_FAULTS, which is mapped into memory, so that the program
// under test can write them while it runs: see faults.h, and test/faults/faults.ts for the other side.
#include "faults.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static struct rule* rules;  // kRules of them; null where there is no file

__attribute__((constructor)) static void map_rules(void) {
  const char* path = getenv("HOSTMQ_FAULTS");
  const int file = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
  if (file < 0) return;
  void* memory = mmap(NULL, kRules * sizeof(struct rule), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (memory != MAP_FAILED) rules = memory;
}

// Where the addon lies in memory: it stays there (-z nodelete).
static atomic_uintptr_t addon_start;
static atomic_uintptr_t addon_end;

static int note_addon(struct dl_phdr_info* object, size_t size, void* unused) {
  (void)size;
  (void)unused;
  const char* file = strrchr(object->dlpi_name, '/');
  if (file == NULL || strstr(file, "hostmq") == NULL || strstr(file, ".node") == NULL) return 0;
  uintptr_t end = 0;
  for (int i = 0; i < object->dlpi_phnum; i++) {
    const ElfW(Phdr)* header = &object->dlpi_phdr[i];
    const uintptr_t last = object->dlpi_addr + header->p_vaddr + header->p_memsz;
    if (header->p_type == PT_LOAD && last > end) end = last;
  }
  atomic_store(&addon_end, end);
  atomic_store(&addon_start, object->dlpi_addr);
  return 1;
}

static bool of_addon(const void* caller) {
  if (atomic_load(&addon_start) == 0) dl_iterate_phdr(note_addon, NULL);
  const uintptr_t start = atomic_load(&addon_start);
  return start != 0 && (uintptr_t)caller >= start && (uintptr_t)caller < atomic_load(&addon_end);
}

// The whole time, whatever signals come.
static void sleep_for(int32_t microseconds) {
  struct timespec left = {microseconds / 1000000, microseconds % 1000000 * 1000L};
  while (microseconds > 0 && nanosleep(&left, &left) != 0 && errno == EINTR) continue;
}

// The rule that hits this call, or null. Each call of the name counts, hit or not.
static struct rule* hit(const char* call, const void* caller) {
  if (rules == NULL) return NULL;
  for (struct rule* rule = rules; rule < rules + kRules; rule++) {
    if (atomic_load(&rule->enabled) == 0 || strcmp(rule->call, call) != 0 || !of_addon(caller)) continue;
    const int32_t seen = atomic_fetch_add(&rule->seen, 1);
    const int32_t every = rule->every;
    // The rule may be on its way out.
    if (every < 1 || seen < rule->after || (seen - rule->after) % every != 0) continue;
    if (rule->times >= 0 && atomic_load(&rule->hits) >= rule->times) continue;
    atomic_fetch_add(&rule->hits, 1);
    return rule;
  }
  return NULL;
}

// Goes through `call`, an expression, as the rule wants it; gives what it gave, or the failure with errno set.
#define UNDER_RULE(rule, failed, call)                                 \
  ({                                                                   \
    const bool late = ((rule)->flags & kAfterwards) != 0;              \
    const int error = (rule)->error;                                   \
    const int32_t delay = (rule)->delay;                               \
    if (!late) sleep_for(delay);                                       \
    __typeof__(call) outcome = error == 0 || late ? (call) : (failed); \
    const int own_error = errno;                                       \
    if (late) sleep_for(delay);                                        \
    errno = error == 0 ? own_error : error;                            \
    error == 0 ? outcome : (failed);                                   \
  })

// A function of libc with the rules for `label` before it. The caller of the wrapper is the one that counts.
#define WRAP_AS(label, Result, name, failed, parameters, arguments)                  \
  Result name parameters {                                                           \
    static Result(*_Atomic libc) parameters;                                         \
    if (libc == NULL) libc = (Result(*) parameters)dlsym(RTLD_NEXT, #name);          \
    struct rule* rule = hit(label, __builtin_return_address(0));                     \
    return rule == NULL ? libc arguments : UNDER_RULE(rule, failed, libc arguments); \
  }
#define WRAP(Result, name, failed, parameters, arguments) WRAP_AS(#name, Result, name, failed, parameters, arguments)

WRAP(int, close, -1, (int file), (file))
WRAP(ssize_t, write, -1, (int file, const void* from, size_t length), (file, from, length))
WRAP(int, fchmod, -1, (int file, mode_t mode), (file, mode))
WRAP(int, socket, -1, (int family, int kind, int protocol), (family, kind, protocol))
WRAP(ssize_t, recv, -1, (int file, void* into, size_t room, int flags), (file, into, room, flags))
WRAP(int, epoll_create1, -1, (int flags), (flags))
WRAP(int, epoll_ctl, -1, (int epoll, int what, int file, struct epoll_event* event), (epoll, what, file, event))
WRAP(int, epoll_wait, -1, (int epoll, struct epoll_event* events, int most, int wait), (epoll, events, most, wait))
WRAP(int, eventfd, -1, (unsigned value, int flags), (value, flags))
WRAP(int, msgget, -1, (key_t key, int flags), (key, flags))
WRAP(int, msgctl, -1, (int id, int command, struct msqid_ds* status), (id, command, status))
// A thread that waits and a call that tries once use the same function.
#define TRY_OR_WAIT(name, flags) ((flags) & IPC_NOWAIT ? name " nowait" : name)
WRAP_AS(TRY_OR_WAIT("msgsnd", flags), int, msgsnd, -1, (int id, const void* from, size_t length, int flags),
        (id, from, length, flags))
WRAP_AS(TRY_OR_WAIT("msgrcv", flags), ssize_t, msgrcv, -1, (int id, void* into, size_t room, long type, int flags),
        (id, into, room, type, flags))
WRAP(key_t, ftok, -1, (const char* path, int project), (path, project))
WRAP(int, sigaction, -1, (int signal, const struct sigaction* action, struct sigaction* before),
     (signal, action, before))

// dlsym may itself want memory.
void* __libc_malloc(size_t size);
void* __libc_realloc(void* memory, size_t size);

void* malloc(size_t size) {
  struct rule* rule = hit("malloc", __builtin_return_address(0));
  return rule == NULL ? __libc_malloc(size) : UNDER_RULE(rule, NULL, __libc_malloc(size));
}

void* realloc(void* memory, size_t size) {
  struct rule* rule = hit("realloc", __builtin_return_address(0));
  return rule == NULL ? __libc_realloc(memory, size) : UNDER_RULE(rule, NULL, __libc_realloc(memory, size));
}

struct late_start {
  void* (*run)(void*);
  void* argument;
  int32_t delay;
};

static void* start_late(void* memory) {
  const struct late_start start = *(struct late_start*)memory;
  free(memory);
  sleep_for(start.delay);
  return start.run(start.argument);
}

// Gives its error instead of setting errno.
int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*run)(void*), void* argument) {
  static int (*_Atomic libc)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  if (libc == NULL) libc = (__typeof__(libc))dlsym(RTLD_NEXT, "pthread_create");
  struct rule* rule = hit("pthread_create", __builtin_return_address(0));
  if (rule == NULL) return libc(thread, attributes, run, argument);
  if (rule->error != 0) return rule->error;
  struct late_start* late = __libc_malloc(sizeof *late);
  *late = (struct late_start){run, argument, rule->delay};
  return libc(thread, attributes, start_late, late);
}

static const struct {
  long number;
  const char* name;
} kRawCalls[] = {
    {SYS_mq_open, "mq_open"},
    {SYS_mq_unlink, "mq_unlink"},
    {SYS_mq_timedsend, "mq_timedsend"},
    {SYS_mq_timedreceive, "mq_timedreceive"},
    {SYS_mq_getsetattr, "mq_getsetattr"},
    {SYS_mq_notify, "mq_notify"},
    {SYS_fcntl, "fcntl"},
    {SYS_ppoll, "ppoll"},
    {SYS_tgkill, "tgkill"},
    {SYS_timer_create, "timer_create"},
    {SYS_timer_settime, "timer_settime"},
    {SYS_timer_delete, "timer_delete"},
};

static const char* name_of(long number, long second) {
  // Waking somebody never fails.
  if (number == SYS_futex) return (second & FUTEX_CMD_MASK) == FUTEX_WAIT ? "futex" : "";
  for (size_t i = 0; i < sizeof kRawCalls / sizeof *kRawCalls; i++) {
    if (kRawCalls[i].number == number) return kRawCalls[i].name;
  }
  return "";
}

long syscall(long number, ...) {
  static long (*_Atomic libc)(long, ...);
  if (libc == NULL) libc = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
  va_list list;
  va_start(list, number);
  long a[6];
  for (int i = 0; i < 6; i++) a[i] = va_arg(list, long);
  va_end(list);
  struct rule* rule = hit(name_of(number, a[1]), __builtin_return_address(0));
  if (rule == NULL) return libc(number, a[0], a[1], a[2], a[3], a[4], a[5]);
  return UNDER_RULE(rule, -1, libc(number, a[0], a[1], a[2], a[3], a[4], a[5]));
}
