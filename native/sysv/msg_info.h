#ifndef HOSTMQ_SYSV_MSG_INFO_H_
#define HOSTMQ_SYSV_MSG_INFO_H_

#include <node_api.h>

namespace hostmq {

// msgInfo(command): IPC_INFO or MSG_INFO; the msginfo with the highest index in use as `index`, or a negative errno
napi_value MsgInfo(napi_env env, napi_callback_info info);

}  // namespace hostmq

#endif  // HOSTMQ_SYSV_MSG_INFO_H_
