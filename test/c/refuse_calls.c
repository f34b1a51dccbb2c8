// Runs a program from whose system calls some are answered with an errno, by a seccomp filter: what
// a kernel without message queues, or one in trouble, would answer.
//   refuse_calls CALL=ERRNO[,CALL=ERRNO…] PROGRAM [ARGUMENT…]    for instance mq_open=38
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "peer.h"

static const struct {
  const char* name;
  int number;
} kCalls[] = {
    {"mq_open", SYS_mq_open},
    {"mq_unlink", SYS_mq_unlink},
    {"mq_timedsend", SYS_mq_timedsend},
    {"mq_timedreceive", SYS_mq_timedreceive},
    {"mq_getsetattr", SYS_mq_getsetattr},
    {"mq_notify", SYS_mq_notify},
    {"fchmod", SYS_fchmod},
#ifdef SYS_fchown32
    // Of 32-bit processors: the call without it has ids of 16 bits, and nobody makes it.
    {"fchown", SYS_fchown32},
#else
    {"fchown", SYS_fchown},
#endif
    {"msgget", SYS_msgget},
    {"msgsnd", SYS_msgsnd},
    {"msgrcv", SYS_msgrcv},
    {"msgctl", SYS_msgctl},
};

enum { kMostCalls = sizeof kCalls / sizeof *kCalls };

static int number_of(const char* name) {
  for (int i = 0; i < kMostCalls; i++) {
    if (strcmp(kCalls[i].name, name) == 0) return kCalls[i].number;
  }
  fprintf(stderr, "refuse_calls: no such call: %s\n", name);
  exit(2);
}

int main(int argc, char** argv) {
  if (argc < 3) usage("refuse_calls CALL=ERRNO[,CALL=ERRNO…] PROGRAM [ARGUMENT…]");
  struct sock_filter filter[2 + 2 * kMostCalls];
  unsigned short length = 0;
  filter[length++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
  for (char* pair = strtok(argv[1], ","); pair != NULL; pair = strtok(NULL, ",")) {
    char* equals = strchr(pair, '=');
    if (equals == NULL || length + 3 > (int)(sizeof filter / sizeof *filter)) usage("CALL=ERRNO, each call once");
    *equals = '\0';
    const unsigned number = (unsigned)number_of(pair);
    const unsigned error = (unsigned)strtoul(equals + 1, NULL, 10);
    filter[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1);
    filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error);
  }
  filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);

  const struct sock_fprog program = {length, filter};
  // Without this only root may install a filter.
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1) fail("prctl");
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == -1) fail("prctl");
  execvp(argv[2], argv + 2);
  fail("execvp");
}
