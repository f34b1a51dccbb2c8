// Sends numbered messages to a System V queue. Says "open", then "sent COUNT" at the end.
//   sysv_send [-f FIRST] [-s SIZES] [-t TYPES] [-d MICROSECONDS] [-n] [-v] KEY|id:ID COUNT
// COUNT 0 sends for ever. SIZES and TYPES are lists such as 16,0,64 that are gone through again and
// again; without SIZES a body is just its number, without TYPES every type is 1. TYPES + makes the type the
// number plus one, for bodies of length 0 that must be told apart. -d pauses after
// each. -n does not wait for room: it says "full NUMBER" and stops. -v says "sent NUMBER" after
// each.
#include "sender.h"
#include "sysv_peer.h"

static const char* const kUsage =
    "sysv_send [-f FIRST] [-s SIZES] [-t TYPES] [-d MICROSECONDS] [-n] [-v] KEY|id:ID COUNT";

static int queue, flags;
static struct typed_message* message;

static int send_body(size_t length, long type) {
  message->type = type;
  return msgsnd(queue, message, length, flags);
}

int main(int argc, char** argv) {
  const struct sender sender = sender_options(argc, argv, 't', "1", kUsage);
  queue = open_queue(sender.queue);
  flags = sender.waits ? 0 : IPC_NOWAIT;
  const size_t room = largest_body();
  message = allocate(sizeof *message + room);
  return send_messages(&sender, "msgsnd", message->body, room, send_body);
}
