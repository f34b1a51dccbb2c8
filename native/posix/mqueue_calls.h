#ifndef HOSTMQ_POSIX_MQUEUE_CALLS_H_
#define HOSTMQ_POSIX_MQUEUE_CALLS_H_

#include "addon.h"

namespace hostmq {

// The functions of mqueue.h one to one, their batches, and the watching of descriptors.
void RegisterMqueueCalls(napi_env env, napi_value exports, Addon* addon);

}  // namespace hostmq

#endif  // HOSTMQ_POSIX_MQUEUE_CALLS_H_
