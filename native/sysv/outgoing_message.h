#ifndef HOSTMQ_SYSV_OUTGOING_MESSAGE_H_
#define HOSTMQ_SYSV_OUTGOING_MESSAGE_H_

#include <cstring>

#include "arguments.h"

namespace hostmq {

// msgop(2)'s struct msgbuf, laid out in the scratch memory: the type, and the body behind it.
constexpr size_t kTypeSize = sizeof(long);

struct OutgoingMessage {
  void* start = nullptr;  // null when there was no memory
  size_t length = 0;      // of the body

  const uint8_t* body() const { return static_cast<const uint8_t*>(start) + kTypeSize; }
};

inline OutgoingMessage ComposeMessage(napi_env env, napi_value body, long type, Scratch* scratch) {
  Bytes bytes;
  if (!GetBytes(env, body, &bytes)) {
    bytes = Utf8InScratch(env, body, scratch, kTypeSize);
    if (bytes.missing()) return {};
  } else {
    if (!scratch->Reserve(kTypeSize + bytes.length)) return {};
    if (bytes.length > 0) memcpy(scratch->data() + kTypeSize, bytes.data, bytes.length);
  }
  memcpy(scratch->data(), &type, kTypeSize);
  return {scratch->data(), bytes.length};
}

}  // namespace hostmq

#endif  // HOSTMQ_SYSV_OUTGOING_MESSAGE_H_
