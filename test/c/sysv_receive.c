// Receives from a System V queue. Says "open", then "message SEQUENCE TYPE LENGTH" for each,
// "received COUNT" at the end.
//   sysv_receive [-t TYPE] [-e] [-c SIZE] [-i MILLISECONDS] [-d MICROSECONDS] [-n] [-x] KEY|id:ID
//   COUNT
// COUNT 0 receives for ever. -t is msgrcv's: 0 any, 7 that type, -7 the lowest up to 7; with -e all
// but it. -c cuts at SIZE (MSG_NOERROR). -i ends with "idle" after so long without a message. -d
// pauses after each. -n does not wait: it ends with "empty". -x adds the bytes of the body in
// hexadecimal.
#include <signal.h>
#include <sys/time.h>

#include "receiver.h"
#include "sysv_peer.h"

static const char* const kUsage =
    "sysv_receive [-t TYPE] [-e] [-c SIZE] [-i MILLISECONDS] [-d MICROSECONDS] [-n] [-x] KEY|id:ID "
    "COUNT";

static int queue, flags;
static long type;
static size_t room;
static struct typed_message* message;

static void interrupt(int signal) { (void)signal; }

// Interrupts the call after the time, and again and again in case that the first time fell just
// before it.
static void set_alarm(long milliseconds) {
  const struct itimerval timer = {{0, 10000}, {milliseconds / 1000, milliseconds % 1000 * 1000}};
  if (setitimer(ITIMER_REAL, &timer, NULL) == -1) fail("setitimer");
}

static ssize_t receive_body(long idle, long* rank) {
  if (idle > 0) set_alarm(idle);
  const ssize_t length = msgrcv(queue, message, room, type, flags);
  const int reason = errno;
  if (idle > 0) set_alarm(0);
  errno = reason;
  if (length == -1 && errno == ENOMSG) errno = EAGAIN;
  if (length == -1 && errno == EINTR && idle > 0) errno = ETIMEDOUT;
  *rank = message->type;
  return length;
}

static bool selecting_option(int option) {
  switch (option) {
    case 't':
      type = strtol(optarg, NULL, 10);
      return true;
    case 'e':
      flags |= MSG_EXCEPT;
      return true;
    case 'c':
      flags |= MSG_NOERROR;
      room = strtoul(optarg, NULL, 10);
      return true;
    default:
      return false;
  }
}

int main(int argc, char** argv) {
  room = largest_body();
  const struct receiver receiver = receiver_options(argc, argv, "t:ec:i:d:nx", selecting_option, kUsage);
  if (!receiver.waits) flags |= IPC_NOWAIT;
  if (receiver.idle > 0) {
    const struct sigaction action = {.sa_handler = interrupt};
    if (sigaction(SIGALRM, &action, NULL) == -1) fail("sigaction");
  }
  queue = open_queue(receiver.queue);
  message = allocate(sizeof *message + room);
  return receive_messages(&receiver, "msgrcv", message->body, receive_body);
}
