// Answers each message of one POSIX queue with the same body and priority on another. Says "open",
// at the end "echoed COUNT".
//   posix_echo FROM TO [COUNT]    without a COUNT for ever
#include "posix_peer.h"

int main(int argc, char** argv) {
  if (argc < 3) usage("posix_echo FROM TO [COUNT]");
  const long count = argc > 3 ? strtol(argv[3], NULL, 10) : 0;
  const mqd_t from = open_queue(argv[1], O_RDONLY);
  const mqd_t to = open_queue(argv[2], O_WRONLY);
  const size_t room = message_size(from);
  char* body = allocate(room);
  say("open");

  long echoed = 0;
  for (; count == 0 || echoed < count; echoed++) {
    unsigned priority;
    ssize_t length;
    do {
      length = mq_receive(from, body, room, &priority);
    } while (length == -1 && errno == EINTR);
    if (length == -1) fail("mq_receive");
    int result;
    do {
      result = mq_send(to, body, (size_t)length, priority);
    } while (result == -1 && errno == EINTR);
    if (result == -1) fail("mq_send");
  }
  printf("echoed %ld\n", echoed);
  return 0;
}
