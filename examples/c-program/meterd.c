// A daemon that reads meters and knows nothing of Node: readings go into its System V queue, orders come out of it.
//
//   meterd PATH
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/msg.h>

#include "meter.h"

struct order {
  long mtype;
  char text[64];
};

static int fail(const char* what) {
  perror(what);
  return 1;
}

// Meter 7 counts, and meter 9 has a fault each third time.
static struct meter_message read_meter(unsigned round) {
  struct meter_message message;
  memset(&message, 0, sizeof message);
  clock_gettime(CLOCK_REALTIME, &message.at);
  if (round % 3 == 0) {
    message.mtype = 9;
    message.kind = METER_FAULT;
    message.u.fault.code = 17;
    strncpy(message.u.fault.text, "no current on phase 2", sizeof message.u.fault.text);
  } else {
    message.mtype = 7;
    message.kind = METER_POWER;
    message.phase = 1;
    message.estimated = round == 4;
    message.u.power.volts = 230.5F;
    message.u.power.amps = 4.25F;
    message.u.power.watt_hours = 1204000 + round;
  }
  return message;
}

int main(int argc, char** argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: meterd PATH\n");
    return 2;
  }
  const key_t key = ftok(argv[1], 'm');
  if (key == -1) return fail(argv[1]);
  const int queue = msgget(key, IPC_CREAT | 0600);
  if (queue == -1) return fail("msgget");
  printf("meterd: running\n");
  fflush(stdout);

  for (unsigned round = 1;; round += 1) {
    const struct meter_message message = read_meter(round);
    if (msgsnd(queue, &message, sizeof message - sizeof message.mtype, 0) == -1) return fail("msgsnd");

    const struct timespec tenth = {.tv_sec = 0, .tv_nsec = 100 * 1000 * 1000};
    nanosleep(&tenth, NULL);
    struct order order;
    const ssize_t length = msgrcv(queue, &order, sizeof order.text - 1, METER_ORDER, IPC_NOWAIT);
    if (length == -1 && errno == ENOMSG) continue;
    if (length == -1) return fail("msgrcv");
    order.text[length] = '\0';
    printf("meterd: order \"%s\"\n", order.text);
    if (strcmp(order.text, "stop") == 0) return msgctl(queue, IPC_RMID, NULL) == -1 ? fail("msgctl") : 0;
  }
}
