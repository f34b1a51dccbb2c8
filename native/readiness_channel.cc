#include "readiness_channel.h"

#include <utility>

namespace hostmq {

napi_status ReadinessChannel::Open(napi_env env, napi_value listener) {
  napi_value name;
  napi_create_string_utf8(env, "hostmq", NAPI_AUTO_LENGTH, &name);
  napi_status status =
      napi_create_threadsafe_function(env, listener, nullptr, name, 0, 1, nullptr, nullptr, this, Deliver, &function_);
  if (status == napi_ok) Unref(env);
  return status;
}

void ReadinessChannel::Report(uint64_t token, uint32_t events) {
  bool first;
  {
    LockGuard guard(&mutex_);
    first = reported_.empty();
    reported_.push_back({token, events});
  }
  if (first) napi_call_threadsafe_function(function_, nullptr, napi_tsfn_nonblocking);
}

void ReadinessChannel::Deliver(napi_env env, napi_value listener, void* context, void*) {
  if (env == nullptr) return;
  auto* channel = static_cast<ReadinessChannel*>(context);
  // The memory is used in turns. It is this delivery's own meanwhile, for a listener may run the event loop.
  std::vector<Entry> delivering = std::move(channel->spare_);
  {
    LockGuard guard(&channel->mutex_);
    delivering.swap(channel->reported_);
  }
  napi_value receiver;
  napi_get_undefined(env, &receiver);
  for (const Entry& entry : delivering) {
    napi_value arguments[2];
    napi_create_int64(env, static_cast<int64_t>(entry.token), &arguments[0]);
    napi_create_uint32(env, entry.events, &arguments[1]);
    if (napi_call_function(env, receiver, listener, 2, arguments, nullptr) == napi_pending_exception) {
      // Otherwise the exception would be swallowed here.
      napi_value exception;
      napi_get_and_clear_last_exception(env, &exception);
      napi_fatal_exception(env, exception);
    }
  }
  delivering.clear();
  channel->spare_ = std::move(delivering);
}

void ReadinessChannel::Ref(napi_env env) { napi_ref_threadsafe_function(env, function_); }

void ReadinessChannel::Unref(napi_env env) { napi_unref_threadsafe_function(env, function_); }

void ReadinessChannel::Close() {
  if (function_ == nullptr) return;
  napi_release_threadsafe_function(function_, napi_tsfn_abort);
  function_ = nullptr;
}

}  // namespace hostmq
