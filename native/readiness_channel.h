#ifndef HOSTMQ_READINESS_CHANNEL_H_
#define HOSTMQ_READINESS_CHANNEL_H_

#include <node_api.h>

#include <cstdint>
#include <vector>

#include "lock.h"

namespace hostmq {

// A report under this token concerns all: lib/readiness.ts tells every listener.
constexpr uint64_t kEveryToken = 0;

// The one way from the waiting threads of an environment to its JavaScript thread. A report names what became
// ready and carries nothing else: whoever asked looks for itself, so that a report which comes too late is harmless.
//
//   any thread         Report
//   JavaScript thread  Open, Ref, Unref, Close, and the delivery of what was reported
class ReadinessChannel {
 public:
  ReadinessChannel() = default;
  ~ReadinessChannel() = default;
  ReadinessChannel(const ReadinessChannel&) = delete;
  ReadinessChannel& operator=(const ReadinessChannel&) = delete;

  // Calls `listener(token, events)` for each report from now on. Does not keep the process alive until Ref.
  napi_status Open(napi_env env, napi_value listener);
  void Report(uint64_t token, uint32_t events);
  void Ref(napi_env env);
  void Unref(napi_env env);
  // Every thread that reports must have been joined.
  void Close();

 private:
  struct Entry {
    uint64_t token;
    uint32_t events;
  };

  static void Deliver(napi_env env, napi_value listener, void* context, void* data);

  napi_threadsafe_function function_ = nullptr;
  Mutex mutex_;
  std::vector<Entry> reported_;  // guarded by mutex_
  std::vector<Entry> spare_;     // JavaScript thread only
};

}  // namespace hostmq

#endif  // HOSTMQ_READINESS_CHANNEL_H_
