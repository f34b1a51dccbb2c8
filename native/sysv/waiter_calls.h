#ifndef HOSTMQ_SYSV_WAITER_CALLS_H_
#define HOSTMQ_SYSV_WAITER_CALLS_H_

#include "addon.h"

namespace hostmq {

// What JavaScript does with the threads of blocking_call.h.
void RegisterWaiterCalls(napi_env env, napi_value exports, Addon* addon);

}  // namespace hostmq

#endif  // HOSTMQ_SYSV_WAITER_CALLS_H_
