#ifndef HOSTMQ_UNIX_MSG_EXTENSIONS_H_
#define HOSTMQ_UNIX_MSG_EXTENSIONS_H_

#include <sys/ipc.h>

namespace hostmq {

// The flags that only Linux has, by its numbers. These systems ignore flags that they do not know: a receive of all but
// one type would take that type, and a copy would take the message.
constexpr bool HasReceiveFlags(int flags) {
  constexpr int kMsgExcept = 020000;
  constexpr int kMsgCopy = 040000;
  return (flags & (kMsgExcept | kMsgCopy)) == 0;
}

constexpr bool HasStatusCommand(int command) { return command == IPC_STAT; }

}  // namespace hostmq

#endif  // HOSTMQ_UNIX_MSG_EXTENSIONS_H_
