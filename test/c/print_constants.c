// Prints "NAME VALUE" for each constant of the two headers, as this system's C has it.
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <sys/ipc.h>
#include <sys/msg.h>

#include "peer.h"

#define PRINT(name) printf("%s %ld\n", #name, (long)(name))

#ifndef MSG_COPY
#define MSG_COPY 040000
#endif
#ifndef MSG_STAT_ANY
#define MSG_STAT_ANY 13
#endif

int main(void) {
  PRINT(O_RDONLY);
  PRINT(O_WRONLY);
  PRINT(O_RDWR);
  PRINT(O_CREAT);
  PRINT(O_EXCL);
  PRINT(O_NONBLOCK);
  PRINT(O_CLOEXEC);
  printf("MQ_PRIO_MAX %ld\n", sysconf(_SC_MQ_PRIO_MAX));
  PRINT(SIGEV_SIGNAL);
  PRINT(SIGEV_NONE);
  PRINT(SIGEV_THREAD);
  PRINT(IPC_PRIVATE);
  PRINT(IPC_CREAT);
  PRINT(IPC_EXCL);
  PRINT(IPC_NOWAIT);
  PRINT(IPC_RMID);
  PRINT(IPC_SET);
  PRINT(IPC_STAT);
  PRINT(IPC_INFO);
  PRINT(MSG_NOERROR);
  PRINT(MSG_EXCEPT);
  PRINT(MSG_COPY);
  PRINT(MSG_STAT);
  PRINT(MSG_INFO);
  PRINT(MSG_STAT_ANY);
  return 0;
}
