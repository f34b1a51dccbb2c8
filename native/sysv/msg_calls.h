#ifndef HOSTMQ_SYSV_MSG_CALLS_H_
#define HOSTMQ_SYSV_MSG_CALLS_H_

#include "addon.h"

namespace hostmq {

// The functions of sys/msg.h and ftok one to one, their batches, and their forms with a deadline.
void RegisterMsgCalls(napi_env env, napi_value exports, Addon* addon);

}  // namespace hostmq

#endif  // HOSTMQ_SYSV_MSG_CALLS_H_
