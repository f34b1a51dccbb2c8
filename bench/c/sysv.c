// C over System V message queues. The name is a key in decimal; the second queue has the key after it. Bytes limit a
// System V queue, not messages: it gets room for `depth` of this size.
#include <stddef.h>
#include <sys/ipc.h>
#include <sys/msg.h>

#include "work.h"

struct message {
  long type;
  char text[8192];
};

static int queues[2];
static struct message outgoing = {.type = 1};
static struct message incoming;

static void open_queue(int index, const char* name, size_t size, long depth) {
  queues[index] = msgget((key_t)atol(name) + index, IPC_CREAT | 0600);
  if (queues[index] < 0) fail("msgget");
  struct msqid_ds status;
  if (msgctl(queues[index], IPC_STAT, &status) != 0) fail("msgctl");
  const unsigned long wanted = (unsigned long)depth * size;
  if (status.msg_qbytes <= wanted) return;
  status.msg_qbytes = wanted;
  if (msgctl(queues[index], IPC_SET, &status) != 0) fail("msgctl");
}

static struct message* message_of(char* text) { return (struct message*)(text - offsetof(struct message, text)); }

static void send_message(int index, char* body, size_t length) {
  if (msgsnd(queues[index], message_of(body), length, 0) != 0) fail("msgsnd");
}

static size_t receive_message(int index, char* into, size_t room) {
  const ssize_t length = msgrcv(queues[index], message_of(into), room, 0, 0);
  if (length < 0) fail("msgrcv");
  return (size_t)length;
}

static char* body_memory(void) { return outgoing.text; }

static char* into_memory(void) { return incoming.text; }

static void remove_queue(int index) { msgctl(queues[index], IPC_RMID, NULL); }
