// What the senders have in common: their options, and the loop that sends numbered messages.
#ifndef HOSTMQ_TEST_SENDER_H
#define HOSTMQ_TEST_SENDER_H

#include "peer.h"

struct sender {
  const char* queue;
  long count, first, pace;
  const char *sizes, *ranks;
  bool waits, verbose;
};

// `rank` is the letter of the option for priorities or types, `ranks` what they are without it.
static inline struct sender sender_options(int argc, char** argv, char rank, const char* ranks, const char* text) {
  struct sender sender = {.sizes = "-1", .ranks = ranks, .waits = true};
  const char letters[] = {'f', ':', 's', ':', 'd', ':', 'n', 'v', rank, ':', '\0'};
  for (int option; (option = getopt(argc, argv, letters)) != -1;) {
    if (option == rank) {
      sender.ranks = optarg;
      continue;
    }
    switch (option) {
      case 'f':
        sender.first = strtol(optarg, NULL, 10);
        break;
      case 's':
        sender.sizes = optarg;
        break;
      case 'd':
        sender.pace = strtol(optarg, NULL, 10);
        break;
      case 'n':
        sender.waits = false;
        break;
      case 'v':
        sender.verbose = true;
        break;
      default:
        usage(text);
    }
  }
  if (argc - optind != 2) usage(text);
  sender.queue = argv[optind];
  sender.count = strtol(argv[optind + 1], NULL, 10);
  return sender;
}

static inline long rank_of(const struct sender* sender, long sent) {
  return sender->ranks[0] == '+' ? sender->first + sent + 1 : nth(sender->ranks, sent);
}

// `send_body` is `call` with what lies in `body`: 0, or -1 and errno.
static inline int send_messages(const struct sender* sender, const char* call, char* body, size_t room,
                                int (*send_body)(size_t length, long rank)) {
  end_on_sigterm();
  say("open");
  long sent = 0;
  for (; (sender->count == 0 || sent < sender->count) && !asked_to_end; sent++) {
    const long number = sender->first + sent;
    const size_t length = fill_body(body, room, number, nth(sender->sizes, sent));
    int result;
    do {
      result = send_body(length, rank_of(sender, sent));
    } while (result == -1 && errno == EINTR && !asked_to_end);
    if (result == -1 && errno == EINTR) break;
    if (result == -1 && errno == EAGAIN) {
      printf("full %ld\n", number);
      break;
    }
    if (result == -1) fail(call);
    if (sender->verbose) {
      printf("sent %ld\n", number);
      fflush(stdout);
    }
    pause_for(sender->pace);
  }
  printf("sent %ld\n", sent);
  return 0;
}

#endif
