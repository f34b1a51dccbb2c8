// Sends numbered messages to a POSIX queue. Says "open", then "sent COUNT" at the end.
//   posix_send [-f FIRST] [-s SIZES] [-p PRIORITIES] [-d MICROSECONDS] [-n] [-v] NAME COUNT
// COUNT 0 sends for ever. SIZES and PRIORITIES are lists such as 16,0,64 that are gone through
// again and again; without SIZES a body is just its number. -d pauses after each. -n does not wait
// for room: it says "full NUMBER" and stops. -v says "sent NUMBER" after each.
// SIGTERM ends it after the message at hand.
#include "posix_peer.h"
#include "sender.h"

static const char* const kUsage =
    "posix_send [-f FIRST] [-s SIZES] [-p PRIORITIES] [-d MICROSECONDS] [-n] [-v] NAME COUNT";

static mqd_t queue;
static char* body;

static int send_body(size_t length, long priority) { return mq_send(queue, body, length, (unsigned)priority); }

int main(int argc, char** argv) {
  const struct sender sender = sender_options(argc, argv, 'p', "0", kUsage);
  queue = open_queue(sender.queue, O_WRONLY | (sender.waits ? 0 : O_NONBLOCK));
  const size_t room = message_size(queue);
  body = allocate(room);
  return send_messages(&sender, "mq_send", body, room, send_body);
}
