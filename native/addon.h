#ifndef HOSTMQ_ADDON_H_
#define HOSTMQ_ADDON_H_

#include <napi.h>

#include <memory>
#include <vector>

#include "posix/descriptor_registry.h"
#include "readiness_channel.h"
#include "readiness_poller.h"
#include "scratch.h"
#include "sysv/blocking_call.h"

namespace hostmq {

// All state of one environment: the main thread's or a worker's. Nothing here is shared between them.
//
// Teardown ends the threads that wait first, then the channel they report to, then the descriptors that they waited on.
class Addon {
 public:
  explicit Addon(napi_env environment) : env(environment) {}
  ~Addon() { StopThreads(); }
  Addon(const Addon&) = delete;
  Addon& operator=(const Addon&) = delete;

  // Joins every thread of this environment. Safe to call again.
  void StopThreads();

  const napi_env env;
  Scratch scratch;
  // Where a call leaves the priority or the type of a message: [0] as a number, [1] as an exact 64-bit integer.
  double* kind_as_number = nullptr;
  int64_t* kind_as_integer = nullptr;
  napi_ref kind_memory = nullptr;
  DescriptorRegistry queues;
  DescriptorRegistry sockets;  // of notifications
  ReadinessChannel channel;
  ReadinessPoller poller{&channel};
  std::vector<std::unique_ptr<BlockingCall>> blocking_calls;

  void SetKind(int64_t kind) {
    *kind_as_number = static_cast<double>(kind);
    *kind_as_integer = kind;
  }
};

// Registers the functions of one file of calls.
struct FunctionEntry {
  const char* name;
  napi_callback callback;
};

template <size_t kCount>
void Register(napi_env env, napi_value exports, Addon* addon, const FunctionEntry (&entries)[kCount]) {
  for (const FunctionEntry& entry : entries) {
    napi_value function;
    napi_create_function(env, entry.name, NAPI_AUTO_LENGTH, entry.callback, addon, &function);
    napi_set_named_property(env, exports, entry.name, function);
  }
}

}  // namespace hostmq

#endif  // HOSTMQ_ADDON_H_
