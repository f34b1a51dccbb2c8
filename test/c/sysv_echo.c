// Answers each message of one System V queue with the same body and type on another, which may be
// the same queue where types tell the directions apart. Says "open", at the end "echoed COUNT".
//   sysv_echo [-t TYPE] [-a TYPE] FROM TO [COUNT]    KEY or id:ID each; without a COUNT for ever
// -t receives only that type (msgrcv's, 0 by default), -a answers with that one.
#include "sysv_peer.h"

static const char* const kUsage = "sysv_echo [-t TYPE] [-a TYPE] FROM TO [COUNT]";

int main(int argc, char** argv) {
  long type = 0, answer_type = 0;
  for (int option; (option = getopt(argc, argv, "t:a:")) != -1;) {
    switch (option) {
      case 't':
        type = strtol(optarg, NULL, 10);
        break;
      case 'a':
        answer_type = strtol(optarg, NULL, 10);
        break;
      default:
        usage(kUsage);
    }
  }
  if (argc - optind < 2) usage(kUsage);
  const long count = argc - optind > 2 ? strtol(argv[optind + 2], NULL, 10) : 0;
  const int from = open_queue(argv[optind]);
  const int to = open_queue(argv[optind + 1]);
  const size_t room = largest_body();
  struct typed_message* message = allocate(sizeof *message + room);
  say("open");

  long echoed = 0;
  for (; count == 0 || echoed < count; echoed++) {
    ssize_t length;
    do {
      length = msgrcv(from, message, room, type, 0);
    } while (length == -1 && errno == EINTR);
    if (length == -1) fail("msgrcv");
    if (answer_type != 0) message->type = answer_type;
    int result;
    do {
      result = msgsnd(to, message, (size_t)length, 0);
    } while (result == -1 && errno == EINTR);
    if (result == -1) fail("msgsnd");
  }
  printf("echoed %ld\n", echoed);
  return 0;
}
