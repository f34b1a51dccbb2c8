#ifndef HOSTMQ_RESULT_H_
#define HOSTMQ_RESULT_H_

#include <node_api.h>

#include <cerrno>
#include <cstdint>

namespace hostmq {

// Every call answers with a number: what the system call gave, or the negative errno, as the kernel itself does it.
// TypeScript builds the error. A thrown exception would cost twenty times as much as the call.
inline napi_value Number(napi_env env, int64_t value) {
  napi_value result;
  // Almost every answer is small, and a small integer needs no memory.
  if (value == static_cast<int32_t>(value)) {
    napi_create_int32(env, static_cast<int32_t>(value), &result);
  } else {
    napi_create_int64(env, value, &result);
  }
  return result;
}

inline void SetNumber(napi_env env, napi_value object, const char* name, double value) {
  napi_value number;
  napi_create_double(env, value, &number);
  napi_set_named_property(env, object, name, number);
}

// A call that is made on the way to the one that was asked for. Its number goes along with its errno, so that the error
// names it; lib/errors/helper-calls.ts has the names in this order.
enum class HelperCall : int {
  kEpollCreate = 1,
  kEventfd,
  kEpollCtl,
  kEpollWait,
  kPthreadCreate,
  kSigaction,
  kTimerCreate,
  kTimerSettime,
  kPpoll,
  kSocket,
  kFcntl,
  kMqSetattr,
};

// Larger than any errno.
constexpr int kHelperCallUnit = 4096;

// What a function answers whose helper failed: negative, as any failure.
inline int Failed(HelperCall call, int error) { return -(static_cast<int>(call) * kHelperCallUnit + error); }

inline int64_t OrErrno(int64_t result) { return result < 0 ? -errno : result; }

}  // namespace hostmq

#endif  // HOSTMQ_RESULT_H_
