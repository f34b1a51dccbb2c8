// Prints what C's msgctl answers, a line "FIELD VALUE" each, the call's own result first as "result".
//   sysv_control COMMAND ID    COMMAND: IPC_STAT, MSG_STAT, MSG_STAT_ANY, IPC_INFO, MSG_INFO
//   sysv_control ftok PATH PROJECT
#include "sysv_peer.h"

#ifndef MSG_STAT_ANY
#define MSG_STAT_ANY 13
#endif

static const struct {
  const char* name;
  int command;
} kCommands[] = {
    {"IPC_STAT", IPC_STAT}, {"MSG_STAT", MSG_STAT}, {"MSG_STAT_ANY", MSG_STAT_ANY},
    {"IPC_INFO", IPC_INFO}, {"MSG_INFO", MSG_INFO},
};

static int command_of(const char* name) {
  for (size_t i = 0; i < sizeof kCommands / sizeof *kCommands; i++) {
    if (strcmp(kCommands[i].name, name) == 0) return kCommands[i].command;
  }
  usage("sysv_control COMMAND ID | ftok PATH PROJECT");
  return -1;
}

static void print_status(const struct msqid_ds* status) {
  printf("__key %d\nuid %u\ngid %u\n", status->msg_perm.__key, status->msg_perm.uid, status->msg_perm.gid);
  printf("cuid %u\ncgid %u\nmode %u\n", status->msg_perm.cuid, status->msg_perm.cgid, status->msg_perm.mode & 0777u);
  printf("msg_stime %ld\nmsg_rtime %ld\nmsg_ctime %ld\n", (long)status->msg_stime, (long)status->msg_rtime,
         (long)status->msg_ctime);
  printf("msg_cbytes %lu\nmsg_qnum %lu\nmsg_qbytes %lu\n", (unsigned long)status->__msg_cbytes,
         (unsigned long)status->msg_qnum, (unsigned long)status->msg_qbytes);
  printf("msg_lspid %d\nmsg_lrpid %d\n", status->msg_lspid, status->msg_lrpid);
}

static void print_info(const struct msginfo* info) {
  printf("msgpool %d\nmsgmap %d\nmsgmax %d\nmsgmnb %d\n", info->msgpool, info->msgmap, info->msgmax, info->msgmnb);
  printf("msgmni %d\nmsgssz %d\nmsgtql %d\nmsgseg %u\n", info->msgmni, info->msgssz, info->msgtql, info->msgseg);
}

int main(int argc, char** argv) {
  if (argc == 4 && strcmp(argv[1], "ftok") == 0) {
    printf("result %d\n", ftok(argv[2], atoi(argv[3])));
    return 0;
  }
  if (argc != 3) usage("sysv_control COMMAND ID | ftok PATH PROJECT");
  const int command = command_of(argv[1]);
  const int id = atoi(argv[2]);
  if (command == IPC_INFO || command == MSG_INFO) {
    struct msginfo info;
    const int result = msgctl(id, command, (struct msqid_ds*)&info);
    if (result == -1) fail("msgctl");
    printf("result %d\n", result);
    print_info(&info);
  } else {
    struct msqid_ds status;
    const int result = msgctl(id, command, &status);
    if (result == -1) fail("msgctl");
    printf("result %d\n", result);
    print_status(&status);
  }
  return 0;
}
