// Sends numbered messages to a System V queue. Says "open", then "sent COUNT" at the end.
//   sysv_send [-f FIRST] [-s SIZES] [-t TYPES] [-d MICROSECONDS] [-n] [-v] KEY|id:ID COUNT
// COUNT 0 sends for ever. SIZES and TYPES are lists such as 16,0,64 that are gone through again and
// again; without SIZES a body is just its number, without TYPES every type is 1. TYPES + makes the type the
// number plus one, for bodies of length 0 that must be told apart. -d pauses after
// each. -n does not wait for room: it says "full NUMBER" and stops. -v says "sent NUMBER" after
// each.
#include "sysv_peer.h"

static const char* const kUsage =
    "sysv_send [-f FIRST] [-s SIZES] [-t TYPES] [-d MICROSECONDS] [-n] [-v] KEY|id:ID COUNT";

int main(int argc, char** argv) {
  long first = 0, pace = 0;
  const char *sizes = "-1", *types = "1";
  bool verbose = false;
  int flags = 0;
  for (int option; (option = getopt(argc, argv, "f:s:t:d:nv")) != -1;) {
    switch (option) {
      case 'f':
        first = strtol(optarg, NULL, 10);
        break;
      case 's':
        sizes = optarg;
        break;
      case 't':
        types = optarg;
        break;
      case 'd':
        pace = strtol(optarg, NULL, 10);
        break;
      case 'n':
        flags |= IPC_NOWAIT;
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

  const int queue = open_queue(argv[optind]);
  const size_t room = largest_body();
  struct typed_message* message = allocate(sizeof *message + room);
  end_on_sigterm();
  say("open");

  long sent = 0;
  for (; (count == 0 || sent < count) && !asked_to_end; sent++) {
    const size_t length = fill_body(message->body, room, first + sent, nth(sizes, sent));
    message->type = types[0] == '+' ? first + sent + 1 : nth(types, sent);
    int result;
    do {
      result = msgsnd(queue, message, length, flags);
    } while (result == -1 && errno == EINTR && !asked_to_end);
    if (result == -1 && errno == EINTR) break;
    if (result == -1 && errno == EAGAIN) {
      printf("full %ld\n", first + sent);
      break;
    }
    if (result == -1) fail("msgsnd");
    if (verbose) {
      printf("sent %ld\n", first + sent);
      fflush(stdout);
    }
    pause_for(pace);
  }
  printf("sent %ld\n", sent);
  return 0;
}
