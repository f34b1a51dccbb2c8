// Sends numbered messages to a POSIX queue. Says "open", then "sent COUNT" at the end.
//   posix_send [-f FIRST] [-s SIZES] [-p PRIORITIES] [-d MICROSECONDS] [-n] [-v] NAME COUNT
// COUNT 0 sends for ever. SIZES and PRIORITIES are lists such as 16,0,64 that are gone through
// again and again; without SIZES a body is just its number. -d pauses after each. -n does not wait
// for room: it says "full NUMBER" and stops. -v says "sent NUMBER" after each.
// SIGTERM ends it after the message at hand.
#include "posix_peer.h"

static const char* const kUsage =
    "posix_send [-f FIRST] [-s SIZES] [-p PRIORITIES] [-d MICROSECONDS] [-n] [-v] NAME COUNT";

int main(int argc, char** argv) {
  long first = 0, pace = 0;
  const char *sizes = "-1", *priorities = "0";
  bool verbose = false;
  int flags = O_WRONLY;
  for (int option; (option = getopt(argc, argv, "f:s:p:d:nv")) != -1;) {
    switch (option) {
      case 'f':
        first = strtol(optarg, NULL, 10);
        break;
      case 's':
        sizes = optarg;
        break;
      case 'p':
        priorities = optarg;
        break;
      case 'd':
        pace = strtol(optarg, NULL, 10);
        break;
      case 'n':
        flags |= O_NONBLOCK;
        break;
      case 'v':
        verbose = true;
        break;
      default:
        usage(kUsage);
    }
  }
  if (argc - optind != 2) usage(kUsage);
  const long count = strtol(argv[optind + 1], NULL, 10);

  const mqd_t queue = open_queue(argv[optind], flags);
  const size_t room = message_size(queue);
  char* body = allocate(room);
  end_on_sigterm();
  say("open");

  long sent = 0;
  for (; (count == 0 || sent < count) && !asked_to_end; sent++) {
    const size_t length = fill_body(body, room, first + sent, nth(sizes, sent));
    int result;
    do {
      result = mq_send(queue, body, length, (unsigned)nth(priorities, sent));
    } while (result == -1 && errno == EINTR && !asked_to_end);
    if (result == -1 && errno == EINTR) break;
    if (result == -1 && errno == EAGAIN) {
      printf("full %ld\n", first + sent);
      break;
    }
    if (result == -1) fail("mq_send");
    if (verbose) {
      printf("sent %ld\n", first + sent);
      fflush(stdout);
    }
    pause_for(pace);
  }
  printf("sent %ld\n", sent);
  return 0;
}
