// Sends numbered messages in frames, as hostmq handles with `coalesce` do. Says "sent COUNT" at the end.
//   frame_send [-e EACH] [-s SIZES] /NAME|KEY COUNT
// EACH is how many messages a frame gets at most, by default as many as fit. SIZES as for posix_send.
#include "hostmq.h"
#include "peer.h"

static const char* const kUsage = "frame_send [-e EACH] [-s SIZES] /NAME|KEY COUNT";

static bool is_posix;
static mqd_t posix_queue;
static int sysv_queue;

static size_t largest_message(void) {
  if (is_posix) {
    struct mq_attr limits;
    if (mq_getattr(posix_queue, &limits) == -1) fail("mq_getattr");
    return (size_t)limits.mq_msgsize;
  }
  struct msqid_ds status;
  if (msgctl(sysv_queue, IPC_STAT, &status) == -1) fail("msgctl");
  return status.msg_qbytes < 8192 ? status.msg_qbytes : 8192;
}

static void send_frame(struct hostmq_frame* frame) {
  const size_t length = hostmq_frame_end(frame);
  if (length == 0) return;
  const int result = is_posix ? mq_send(posix_queue, (const char*)frame->memory, length, 3)
                              : hostmq_sysv_send(sysv_queue, 3, frame->memory, length, 0);
  if (result == -1) fail("send");
}

int main(int argc, char** argv) {
  long each = 0;
  const char* sizes = "-1";
  for (int option; (option = getopt(argc, argv, "e:s:")) != -1;) {
    switch (option) {
      case 'e':
        each = strtol(optarg, NULL, 10);
        break;
      case 's':
        sizes = optarg;
        break;
      default:
        usage(kUsage);
    }
  }
  if (argc - optind != 2) usage(kUsage);
  is_posix = argv[optind][0] == '/';
  if (is_posix) {
    posix_queue = hostmq_posix_open(argv[optind], O_WRONLY);
    if (posix_queue == (mqd_t)-1) fail("mq_open");
  } else {
    sysv_queue = hostmq_sysv_open((key_t)strtol(argv[optind], NULL, 10));
    if (sysv_queue == -1) fail("msgget");
  }
  const long count = strtol(argv[optind + 1], NULL, 10);
  const size_t size = largest_message();
  char* memory = allocate(size);
  char body[8192];
  struct hostmq_frame frame;
  hostmq_frame_begin(&frame, memory, size);
  for (long i = 0, in_frame = 0; i < count; i++, in_frame++) {
    const size_t length = fill_body(body, sizeof body, i, nth(sizes, i));
    if ((each == 0 || in_frame < each) && hostmq_frame_add(&frame, body, length) == 0) continue;
    send_frame(&frame);
    hostmq_frame_begin(&frame, memory, size);
    in_frame = 0;
    if (hostmq_frame_add(&frame, body, length) == -1) fail("hostmq_frame_add");
  }
  send_frame(&frame);
  printf("sent %ld\n", count);
  return 0;
}
