// Receives from a POSIX queue. Says "open", then "message SEQUENCE PRIORITY LENGTH" for each,
// "received COUNT" at the end.
//   posix_receive [-i MILLISECONDS] [-d MICROSECONDS] [-n] [-x] NAME COUNT
// COUNT 0 receives for ever. -i ends with "idle" after so long without a message. -d pauses after
// each. -n does not wait: it ends with "empty". -x adds the bytes of the body in hexadecimal.
#include "posix_peer.h"
#include "receiver.h"

static const char* const kUsage = "posix_receive [-i MILLISECONDS] [-d MICROSECONDS] [-n] [-x] NAME COUNT";

static mqd_t queue;
static char* body;
static size_t room;

static struct timespec after(long milliseconds) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  time.tv_sec += milliseconds / 1000;
  time.tv_nsec += milliseconds % 1000 * 1000000;
  if (time.tv_nsec >= 1000000000) {
    time.tv_sec++;
    time.tv_nsec -= 1000000000;
  }
  return time;
}

static ssize_t receive_body(long idle, long* rank) {
  unsigned priority = 0;
  const struct timespec deadline = after(idle);
  const ssize_t length =
      idle > 0 ? mq_timedreceive(queue, body, room, &priority, &deadline) : mq_receive(queue, body, room, &priority);
  *rank = (long)priority;
  return length;
}

static bool no_other_option(int option) {
  (void)option;
  return false;
}

int main(int argc, char** argv) {
  const struct receiver receiver = receiver_options(argc, argv, "i:d:nx", no_other_option, kUsage);
  queue = open_queue(receiver.queue, O_RDONLY | (receiver.waits ? 0 : O_NONBLOCK));
  room = message_size(queue);
  body = allocate(room);
  return receive_messages(&receiver, "mq_receive", body, receive_body);
}
