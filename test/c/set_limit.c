// Changes a limit of a process while it runs: reads lines "NAME SOFT" and says "set" after each. NAME is nofile, nproc,
// msgqueue or sigpending. Unlike prlimit(1) it takes no new process for each, which a limit may forbid.
//   set_limit PID
#include <sys/resource.h>

#include "peer.h"

static const struct {
  const char* name;
  int resource;
} kLimits[] = {
    {"nofile", RLIMIT_NOFILE},
    {"nproc", RLIMIT_NPROC},
    {"msgqueue", RLIMIT_MSGQUEUE},
    {"sigpending", RLIMIT_SIGPENDING},
};

static int resource_of(const char* name) {
  for (size_t i = 0; i < sizeof kLimits / sizeof *kLimits; i++) {
    if (strcmp(kLimits[i].name, name) == 0) return kLimits[i].resource;
  }
  usage("set_limit PID");
  return -1;
}

int main(int argc, char** argv) {
  if (argc != 2) usage("set_limit PID");
  const pid_t process = (pid_t)strtol(argv[1], NULL, 10);
  say("ready");
  char name[16];
  unsigned long soft;
  while (scanf("%15s %lu", name, &soft) == 2) {
    struct rlimit limit;
    if (prlimit(process, resource_of(name), NULL, &limit) == -1) fail("prlimit");
    limit.rlim_cur = soft;
    if (prlimit(process, resource_of(name), &limit, NULL) == -1) fail("prlimit");
    say("set");
  }
  return 0;
}
