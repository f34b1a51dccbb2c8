// Creates a POSIX queue, which must not exist, and says its attributes: "queue MAXMSG MSGSIZE
// CURMSGS".
//   posix_create NAME MAXMSG MSGSIZE [MODE]    MODE in octal, 600 by default; the umask does not
//   count
#include <sys/stat.h>

#include "posix_peer.h"

int main(int argc, char** argv) {
  if (argc < 4) usage("posix_create NAME MAXMSG MSGSIZE [MODE]");
  struct mq_attr attributes = {0};
  attributes.mq_maxmsg = strtol(argv[2], NULL, 10);
  attributes.mq_msgsize = strtol(argv[3], NULL, 10);
  umask(0);
  const mode_t mode = argc > 4 ? (mode_t)strtol(argv[4], NULL, 8) : 0600;
  const mqd_t queue = mq_open(argv[1], O_RDWR | O_CREAT | O_EXCL, mode, &attributes);
  if (queue == (mqd_t)-1) fail("mq_open");
  if (mq_getattr(queue, &attributes) == -1) fail("mq_getattr");
  printf("queue %ld %ld %ld\n", attributes.mq_maxmsg, attributes.mq_msgsize, attributes.mq_curmsgs);
  return 0;
}
