#ifndef HOSTMQ_LINUX_MSG_EXTENSIONS_H_
#define HOSTMQ_LINUX_MSG_EXTENSIONS_H_

namespace hostmq {

// Linux is where MSG_EXCEPT, MSG_COPY, MSG_STAT and their like come from.
constexpr bool HasReceiveFlags(int /* flags */) { return true; }
constexpr bool HasStatusCommand(int /* command */) { return true; }

}  // namespace hostmq

#endif  // HOSTMQ_LINUX_MSG_EXTENSIONS_H_
