#include "sysv/msg_info.h"

#include <cerrno>

#include "result.h"

namespace hostmq {

// Each system has a private way for its own ipcs, and none that programs may use.
napi_value MsgInfo(napi_env env, napi_callback_info) { return Number(env, -ENOSYS); }

}  // namespace hostmq
