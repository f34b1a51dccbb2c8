// A kitchen in C. It takes orders from one queue and puts its answers into another, over either
// family:
//
//   peer posix /orders /answers
//       the most important order first, and the answer is as important as the order
//   peer sysv ORDERS ANSWERS
//       ids, as `ipcs -q` shows them: the lowest type first, and the answer's type is the process
//       that asked
//
// A message is the text of a JSON object, with nothing around it. Orders, the second of which makes
// the kitchen let the others wait for a while, and the third of which it answers and ends:
//
//   {"id":1,"item":"espresso","cups":2,"replyTo":4711}
//   {"id":2,"item":"break","milliseconds":800,"replyTo":4711}
//   {"id":3,"item":"closing time","replyTo":4711}
//
// An answer:
//
//   {"id":1,"answer":"2 x espresso, ready"}
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <time.h>

enum { kRoom = 1024, kLeastUrgentType = 9 };

// A message of either family; `rank` is its priority or its type.
struct message {
  long rank;
  char text[kRoom];
};

struct kitchen {
  bool posix;
  mqd_t posix_orders, posix_answers;
  int sysv_orders, sysv_answers;
};

static void fail(const char* call) {
  fprintf(stderr, "C     %s: %s\n", call, strerror(errno));
  exit(1);
}

static void take_order(const struct kitchen* kitchen, struct message* order) {
  ssize_t length;
  if (kitchen->posix) {
    unsigned priority = 0;
    // The room must be at least the queue's message size, whatever the size of the message.
    length = mq_receive(kitchen->posix_orders, order->text, kRoom - 1, &priority);
    order->rank = (long)priority;
  } else {
    // A negative type asks for the lowest type up to it.
    length = msgrcv(kitchen->sysv_orders, order, kRoom - 1, -kLeastUrgentType, 0);
  }
  if (length == -1) fail(kitchen->posix ? "mq_receive" : "msgrcv");
  order->text[length] = '\0';
}

static void give_answer(const struct kitchen* kitchen, const struct message* answer) {
  const size_t length = strlen(answer->text);
  const int result = kitchen->posix ? mq_send(kitchen->posix_answers, answer->text, length, (unsigned)answer->rank)
                                    : msgsnd(kitchen->sysv_answers, answer, length, 0);
  if (result == -1) fail(kitchen->posix ? "mq_send" : "msgsnd");
}

// These two read the flat objects of this example. A program in earnest uses a JSON library.
static const char* field(const char* json, const char* name) {
  char start[64];
  snprintf(start, sizeof start, "\"%s\":", name);
  const char* found = strstr(json, start);
  return found == NULL ? NULL : found + strlen(start);
}

static long number_field(const char* json, const char* name) {
  const char* value = field(json, name);
  return value == NULL ? 0 : strtol(value, NULL, 10);
}

static void text_field(const char* json, const char* name, char* text, size_t room) {
  const char* value = field(json, name);
  const size_t length = value == NULL || *value != '"' ? 0 : strcspn(value + 1, "\"");
  snprintf(text, room, "%.*s", (int)length, length > 0 ? value + 1 : "");
}

static void be_away(long milliseconds) {
  const struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  nanosleep(&time, NULL);
}

static bool serve(const struct kitchen* kitchen) {
  struct message order, answer;
  char item[64];
  take_order(kitchen, &order);
  text_field(order.text, "item", item, sizeof item);
  const long id = number_field(order.text, "id");
  const long pause = number_field(order.text, "milliseconds");
  const bool closing = strcmp(item, "closing time") == 0;
  printf("C     took order %ld (%s %ld): %s\n", id, kitchen->posix ? "priority" : "type", order.rank, item);

  answer.rank = kitchen->posix ? order.rank : number_field(order.text, "replyTo");
  if (closing || strcmp(item, "break") == 0) {
    snprintf(answer.text, sizeof answer.text, "{\"id\":%ld,\"answer\":\"%s\"}", id,
             closing ? "good night" : "back soon");
  } else {
    snprintf(answer.text, sizeof answer.text, "{\"id\":%ld,\"answer\":\"%ld x %s, ready\"}", id,
             number_field(order.text, "cups"), item);
  }
  give_answer(kitchen, &answer);
  if (pause > 0) be_away(pause);
  return !closing;
}

int main(int argc, char** argv) {
  if (argc != 4 || (strcmp(argv[1], "posix") != 0 && strcmp(argv[1], "sysv") != 0)) {
    fprintf(stderr, "usage: peer posix /ORDERS /ANSWERS | peer sysv ORDERS ANSWERS\n");
    return 2;
  }
  struct kitchen kitchen = {.posix = strcmp(argv[1], "posix") == 0};
  if (kitchen.posix) {
    kitchen.posix_orders = mq_open(argv[2], O_RDONLY);
    if (kitchen.posix_orders == (mqd_t)-1) fail(argv[2]);
    kitchen.posix_answers = mq_open(argv[3], O_WRONLY);
    if (kitchen.posix_answers == (mqd_t)-1) fail(argv[3]);
  } else {
    kitchen.sysv_orders = atoi(argv[2]);
    kitchen.sysv_answers = atoi(argv[3]);
  }
  setvbuf(stdout, NULL, _IOLBF, 0);
  while (serve(&kitchen)) continue;
  return 0;
}
