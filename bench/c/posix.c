// C over POSIX message queues. The name is that of the queue; the second has a "b" at its end.
#include <fcntl.h>
#include <mqueue.h>

#include "work.h"

static mqd_t queues[2];
static char names[2][64];

static void open_queue(int index, const char* name, size_t size, long depth) {
  snprintf(names[index], sizeof names[index], "/%s%s", name, index == 0 ? "" : "b");
  struct mq_attr attributes = {.mq_maxmsg = depth, .mq_msgsize = (long)size};
  queues[index] = mq_open(names[index], O_RDWR | O_CREAT, 0600, &attributes);
  if (queues[index] == (mqd_t)-1) fail("mq_open");
}

static void send_message(int index, char* body, size_t length) {
  if (mq_send(queues[index], body, length, 0) != 0) fail("mq_send");
}

static size_t receive_message(int index, char* into, size_t room) {
  unsigned priority;
  const ssize_t length = mq_receive(queues[index], into, room, &priority);
  if (length < 0) fail("mq_receive");
  return (size_t)length;
}

static char bodies[2][8192];

static char* body_memory(void) { return bodies[0]; }

static char* into_memory(void) { return bodies[1]; }

static void remove_queue(int index) { mq_unlink(names[index]); }
