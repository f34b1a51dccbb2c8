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

#include "sysv_peer.h"

static const char* const kUsage =
    "sysv_receive [-t TYPE] [-e] [-c SIZE] [-i MILLISECONDS] [-d MICROSECONDS] [-n] [-x] KEY|id:ID "
    "COUNT";

static void interrupt(int signal) { (void)signal; }

// Interrupts the call after the time, and again and again in case that the first time fell just
// before it.
static void set_alarm(long milliseconds) {
  const struct itimerval timer = {{0, 10000}, {milliseconds / 1000, milliseconds % 1000 * 1000}};
  if (setitimer(ITIMER_REAL, &timer, NULL) == -1) fail("setitimer");
}

int main(int argc, char** argv) {
  long type = 0, idle = 0, pace = 0;
  bool with_bytes = false;
  int flags = 0;
  size_t room = largest_body();
  for (int option; (option = getopt(argc, argv, "t:ec:i:d:nx")) != -1;) {
    switch (option) {
      case 't':
        type = strtol(optarg, NULL, 10);
        break;
      case 'e':
        flags |= MSG_EXCEPT;
        break;
      case 'c':
        flags |= MSG_NOERROR;
        room = strtoul(optarg, NULL, 10);
        break;
      case 'i':
        idle = strtol(optarg, NULL, 10);
        break;
      case 'd':
        pace = strtol(optarg, NULL, 10);
        break;
      case 'n':
        flags |= IPC_NOWAIT;
        break;
      case 'x':
        with_bytes = true;
        break;
      default:
        usage(kUsage);
    }
  }
  if (argc - optind != 2) usage(kUsage);
  const long count = strtol(argv[optind + 1], NULL, 10);
  if (idle > 0) {
    const struct sigaction action = {.sa_handler = interrupt};
    if (sigaction(SIGALRM, &action, NULL) == -1) fail("sigaction");
  }

  const int queue = open_queue(argv[optind]);
  struct typed_message* message = allocate(sizeof *message + room);
  setvbuf(stdout, NULL, _IOLBF, 0);
  say("open");

  long received = 0;
  while (count == 0 || received < count) {
    if (idle > 0) set_alarm(idle);
    const ssize_t length = msgrcv(queue, message, room, type, flags);
    const int reason = errno;
    if (idle > 0) set_alarm(0);
    errno = reason;
    if (length == -1 && errno == EINTR && idle == 0) continue;
    if (length == -1 && (errno == ENOMSG || errno == EINTR)) {
      puts(errno == ENOMSG ? "empty" : "idle");
      break;
    }
    if (length == -1) fail("msgrcv");
    print_message(message->body, (size_t)length, message->type, with_bytes);
    received++;
    pause_for(pace);
  }
  printf("received %ld\n", received);
  return 0;
}
