// Creates a System V queue, which must not exist, and says "queue ID KEY QBYTES MODE".
//   sysv_create KEY [MODE [QBYTES]]    MODE in octal, 600 by default; KEY 0 makes a private queue
#include "sysv_peer.h"

int main(int argc, char** argv) {
  if (argc < 2) usage("sysv_create KEY [MODE [QBYTES]]");
  const key_t key = (key_t)strtol(argv[1], NULL, 0);
  const int mode = argc > 2 ? (int)strtol(argv[2], NULL, 8) : 0600;
  const int id = msgget(key, mode | IPC_CREAT | IPC_EXCL);
  if (id == -1) fail("msgget");
  struct msqid_ds status;
  if (msgctl(id, IPC_STAT, &status) == -1) fail("msgctl");
  if (argc > 3) {
    status.msg_qbytes = strtoul(argv[3], NULL, 10);
    if (msgctl(id, IPC_SET, &status) == -1) fail("msgctl");
  }
  printf("queue %d %ld %lu %o\n", id, (long)key, (unsigned long)status.msg_qbytes, (unsigned)status.msg_perm.mode);
  return 0;
}
