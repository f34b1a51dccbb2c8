#include "addon.h"

#include <sched.h>

#include "arguments.h"
#include "posix/mqueue_calls.h"
#include "result.h"
#include "sysv/msg_calls.h"
#include "sysv/waiter_calls.h"

namespace hostmq {

void Addon::StopThreads() {
  for (auto& call : blocking_calls) {
    if (call) call->End();
  }
  blocking_calls.clear();
  poller.Stop();
}

namespace {

// setKindMemory(memory: Float64Array): where calls leave priorities and types; two elements.
napi_value SetKindMemory(napi_env env, napi_callback_info info) {
  Arguments<1> arguments(env, info);
  auto* addon = arguments.Owner<Addon>();
  const Bytes memory = BytesOf(env, arguments[0]);
  napi_create_reference(env, arguments[0], 1, &addon->kind_memory);
  addon->kind_as_number = reinterpret_cast<double*>(memory.data);
  addon->kind_as_integer = reinterpret_cast<int64_t*>(memory.data) + 1;
  return nullptr;
}

// openChannel(listener: (token: number, events: number) => void): 0 or a negative errno
napi_value OpenChannel(napi_env env, napi_callback_info info) {
  Arguments<1> arguments(env, info);
  auto* addon = arguments.Owner<Addon>();
  if (addon->channel.Open(env, arguments[0]) != napi_ok) return Number(env, -ENOMEM);
  // Registered after the thread-safe function's own hook and so run before it: the threads end first.
  napi_add_env_cleanup_hook(
      env,
      [](void* data) {
        auto* owner = static_cast<Addon*>(data);
        owner->StopThreads();
        owner->channel.Close();
      },
      addon);
  return Number(env, 0);
}

napi_value RefChannel(napi_env env, napi_callback_info info) {
  Arguments<1>(env, info).Owner<Addon>()->channel.Ref(env);
  return nullptr;
}

napi_value UnrefChannel(napi_env env, napi_callback_info info) {
  Arguments<1>(env, info).Owner<Addon>()->channel.Unref(env);
  return nullptr;
}

// schedYield(): lets another program that is ready to run have the core
napi_value SchedYield(napi_env, napi_callback_info) {
  sched_yield();
  return nullptr;
}

constexpr FunctionEntry kFunctions[] = {
    {"setKindMemory", SetKindMemory}, {"openChannel", OpenChannel}, {"refChannel", RefChannel},
    {"unrefChannel", UnrefChannel},   {"schedYield", SchedYield},
};

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  auto* addon = new Addon(env);
  env.SetInstanceData(addon);
  // The instance data may outlive the environment's last turn; descriptors must not. References are not freed with it.
  env.AddCleanupHook(
      [](Addon* owner) {
        owner->queues.CloseAll();
        owner->sockets.CloseAll();
        if (owner->kind_memory != nullptr) napi_delete_reference(owner->env, owner->kind_memory);
      },
      addon);
  Register(env, exports, addon, kFunctions);
  RegisterMqueueCalls(env, exports, addon);
  RegisterMsgCalls(env, exports, addon);
  RegisterWaiterCalls(env, exports, addon);
  return exports;
}

}  // namespace

NODE_API_MODULE(hostmq, Init)

}  // namespace hostmq
