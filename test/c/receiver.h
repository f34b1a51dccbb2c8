// What the receivers have in common: their options, and the loop that receives and prints messages.
#ifndef HOSTMQ_TEST_RECEIVER_H
#define HOSTMQ_TEST_RECEIVER_H

#include "peer.h"

struct receiver {
  const char* queue;
  long count, idle, pace;
  bool waits, with_bytes;
};

// `letters` are those of all options; `own_option` takes those that only one family has, or says that there is no such.
static inline struct receiver receiver_options(int argc, char** argv, const char* letters,
                                               bool (*own_option)(int option), const char* text) {
  struct receiver receiver = {.waits = true};
  for (int option; (option = getopt(argc, argv, letters)) != -1;) {
    switch (option) {
      case 'i':
        receiver.idle = strtol(optarg, NULL, 10);
        break;
      case 'd':
        receiver.pace = strtol(optarg, NULL, 10);
        break;
      case 'n':
        receiver.waits = false;
        break;
      case 'x':
        receiver.with_bytes = true;
        break;
      default:
        if (!own_option(option)) usage(text);
    }
  }
  if (argc - optind != 2) usage(text);
  receiver.queue = argv[optind];
  receiver.count = strtol(argv[optind + 1], NULL, 10);
  return receiver;
}

// `receive_body` is `call` into `body`: the length, or -1 and errno, EAGAIN where there is no message and ETIMEDOUT
// where none came for so long as -i says.
static inline int receive_messages(const struct receiver* receiver, const char* call, const char* body,
                                   ssize_t (*receive_body)(long idle, long* rank)) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  say("open");
  long received = 0;
  while (receiver->count == 0 || received < receiver->count) {
    long rank;
    const ssize_t length = receive_body(receiver->idle, &rank);
    if (length == -1 && errno == EINTR) continue;
    if (length == -1 && (errno == EAGAIN || errno == ETIMEDOUT)) {
      puts(errno == EAGAIN ? "empty" : "idle");
      break;
    }
    if (length == -1) fail(call);
    print_message(body, (size_t)length, rank, receiver->with_bytes);
    received++;
    pause_for(receiver->pace);
  }
  printf("received %ld\n", received);
  return 0;
}

#endif
