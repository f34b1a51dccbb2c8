// Receives frames, as hostmq handles with `coalesce` send them. Says "open", then "frame PRIORITY-OR-TYPE BYTES" for
// each frame and "message SEQUENCE PRIORITY-OR-TYPE LENGTH" for each message in it, "received COUNT" at the end.
//   frame_receive [-x] /NAME|KEY COUNT
// Ends when it has COUNT messages. What is no frame is said to be "foreign BYTES" and not counted. -x adds the bytes.
#include "hostmq.h"
#include "peer.h"

static const char* const kUsage = "frame_receive [-x] /NAME|KEY COUNT";

int main(int argc, char** argv) {
  bool with_bytes = false;
  for (int option; (option = getopt(argc, argv, "x")) != -1;) {
    if (option != 'x') usage(kUsage);
    with_bytes = true;
  }
  if (argc - optind != 2) usage(kUsage);
  const bool is_posix = argv[optind][0] == '/';
  mqd_t posix_queue = (mqd_t)-1;
  int sysv_queue = -1;
  if (is_posix) {
    posix_queue = hostmq_posix_open(argv[optind], O_RDONLY);
    if (posix_queue == (mqd_t)-1) fail("mq_open");
  } else {
    sysv_queue = hostmq_sysv_open((key_t)strtol(argv[optind], NULL, 10));
    if (sysv_queue == -1) fail("msgget");
  }
  const long count = strtol(argv[optind + 1], NULL, 10);
  struct hostmq_buffer buffer = HOSTMQ_BUFFER_INIT;
  say("open");

  long received = 0;
  while (received < count) {
    unsigned priority = 0;
    long rank = 0;
    const ssize_t length = is_posix ? hostmq_posix_receive(posix_queue, &buffer, &priority)
                                    : hostmq_sysv_receive(sysv_queue, &buffer, 0, 0, &rank);
    if (length == -1) fail("receive");
    if (is_posix) rank = (long)priority;
    struct hostmq_frame_reader reader;
    if (hostmq_frame_open(&reader, buffer.body, buffer.length) == -1) {
      printf("foreign %zu\n", buffer.length);
      continue;
    }
    printf("frame %ld %zu\n", rank, buffer.length);
    const void* body;
    size_t size;
    for (; hostmq_frame_next(&reader, &body, &size); received++) print_message(body, size, rank, with_bytes);
    fflush(stdout);
  }
  hostmq_buffer_free(&buffer);
  printf("received %ld\n", received);
  return 0;
}
