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

inline int64_t OrErrno(int64_t result) { return result < 0 ? -errno : result; }

}  // namespace hostmq

#endif  // HOSTMQ_RESULT_H_
