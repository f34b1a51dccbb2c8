// Receives from a POSIX queue. Says "open", then "message SEQUENCE PRIORITY LENGTH" for each,
// "received COUNT" at the end.
//   posix_receive [-i MILLISECONDS] [-d MICROSECONDS] [-n] [-x] NAME COUNT
// COUNT 0 receives for ever. -i ends with "idle" after so long without a message. -d pauses after
// each. -n does not wait: it ends with "empty". -x adds the bytes of the body in hexadecimal.
#include "posix_peer.h"

static const char* const kUsage = "posix_receive [-i MILLISECONDS] [-d MICROSECONDS] [-n] [-x] NAME COUNT";

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

int main(int argc, char** argv) {
  long idle = 0, pace = 0;
  bool with_bytes = false;
  int flags = O_RDONLY;
  for (int option; (option = getopt(argc, argv, "i:d:nx")) != -1;) {
    switch (option) {
      case 'i':
        idle = strtol(optarg, NULL, 10);
        break;
      case 'd':
        pace = strtol(optarg, NULL, 10);
        break;
      case 'n':
        flags |= O_NONBLOCK;
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

  const mqd_t queue = open_queue(argv[optind], flags);
  const size_t room = message_size(queue);
  char* body = allocate(room);
  setvbuf(stdout, NULL, _IOLBF, 0);
  say("open");

  long received = 0;
  while (count == 0 || received < count) {
    unsigned priority;
    ssize_t length;
    if (idle > 0) {
      const struct timespec deadline = after(idle);
      length = mq_timedreceive(queue, body, room, &priority, &deadline);
    } else {
      length = mq_receive(queue, body, room, &priority);
    }
    if (length == -1 && errno == EINTR) continue;
    if (length == -1 && (errno == EAGAIN || errno == ETIMEDOUT)) {
      puts(errno == EAGAIN ? "empty" : "idle");
      break;
    }
    if (length == -1) fail("mq_receive");
    print_message(body, (size_t)length, (long)priority, with_bytes);
    received++;
    pause_for(pace);
  }
  printf("received %ld\n", received);
  return 0;
}
