#include "sysv/msg_info.h"

#include <sys/ipc.h>
#include <sys/msg.h>

#include "arguments.h"
#include "result.h"

namespace hostmq {

napi_value MsgInfo(napi_env env, napi_callback_info info) {
  Arguments<1> arguments(env, info);
  msginfo limits = {};
  const int64_t index = OrErrno(msgctl(0, arguments.Int32(0), reinterpret_cast<msqid_ds*>(&limits)));
  if (index < 0) return Number(env, index);
  napi_value object;
  napi_create_object(env, &object);
  SetNumber(env, object, "msgpool", limits.msgpool);
  SetNumber(env, object, "msgmap", limits.msgmap);
  SetNumber(env, object, "msgmax", limits.msgmax);
  SetNumber(env, object, "msgmnb", limits.msgmnb);
  SetNumber(env, object, "msgmni", limits.msgmni);
  SetNumber(env, object, "msgssz", limits.msgssz);
  SetNumber(env, object, "msgtql", limits.msgtql);
  SetNumber(env, object, "msgseg", limits.msgseg);
  SetNumber(env, object, "index", static_cast<double>(index));
  return object;
}

}  // namespace hostmq
