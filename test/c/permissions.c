// Tries every call on a queue as whoever runs it, and says of each "CALL 0" where it was permitted, or "CALL ERRNO". A
// queue that is empty or full was permitted as well. The last call removes the queue.
//   permissions posix NAME
//   permissions sysv KEY UID GID MODE QBYTES    what IPC_SET is asked to set
#include <fcntl.h>
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/stat.h>

#include "peer.h"

enum { kRoom = 64 };

static void tell(const char* call, long result) {
  const bool permitted = result != -1 || errno == EAGAIN || errno == ENOMSG;
  printf("%s %d\n", call, permitted ? 0 : errno);
}

static mqd_t try_open(const char* call, const char* name, int access) {
  const mqd_t queue = mq_open(name, access | O_NONBLOCK);
  tell(call, queue);
  return queue;
}

static void posix(const char* name) {
  const mqd_t reader = try_open("openRead", name, O_RDONLY);
  const mqd_t writer = try_open("openWrite", name, O_WRONLY);
  const mqd_t both = try_open("openReadWrite", name, O_RDWR);
  if (writer != -1) tell("send", mq_send(writer, "x", 1, 0));
  char room[kRoom];
  if (reader != -1) tell("receive", mq_receive(reader, room, sizeof room, NULL));
  const mqd_t any = reader != -1 ? reader : writer != -1 ? writer : both;
  if (any != -1) {
    struct mq_attr attributes;
    tell("attributes", mq_getattr(any, &attributes));
    struct stat status = {0};
    fstat(any, &status);
    tell("chmod", fchmod(any, status.st_mode & 0777));
  }
  tell("remove", mq_unlink(name));
}

static void sysv(key_t key, char** wanted) {
  const int id = msgget(key, 0);
  tell("open", id);
  struct {
    long type;
    char body[kRoom];
  } message = {.type = 1};
  tell("send", msgsnd(id, &message, 1, IPC_NOWAIT));
  tell("receive", msgrcv(id, &message, sizeof message.body, 0, IPC_NOWAIT));
  tell("peek", msgrcv(id, &message, sizeof message.body, 0, IPC_NOWAIT | MSG_COPY | MSG_NOERROR));
  struct msqid_ds status;
  tell("status", msgctl(id, IPC_STAT, &status));
  memset(&status, 0, sizeof status);
  status.msg_perm.uid = (uid_t)strtoul(wanted[0], NULL, 10);
  status.msg_perm.gid = (gid_t)strtoul(wanted[1], NULL, 10);
  status.msg_perm.mode = (unsigned short)strtoul(wanted[2], NULL, 8);
  status.msg_qbytes = strtoul(wanted[3], NULL, 10);
  tell("configure", msgctl(id, IPC_SET, &status));
  tell("remove", msgctl(id, IPC_RMID, NULL));
}

int main(int argc, char** argv) {
  if (argc == 3 && strcmp(argv[1], "posix") == 0) {
    posix(argv[2]);
  } else if (argc == 7 && strcmp(argv[1], "sysv") == 0) {
    sysv((key_t)strtoul(argv[2], NULL, 0), argv + 3);
  } else {
    usage("permissions posix NAME | sysv KEY UID GID MODE QBYTES");
  }
  return 0;
}
