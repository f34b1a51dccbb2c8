#include "sysv/waiter_calls.h"

#include <cerrno>

#include "arguments.h"
#include "result.h"
#include "sysv/outgoing_message.h"

namespace hostmq {

namespace {

// A started thread is known to JavaScript by its place in the list; a negative errno when it does not start.
int64_t Enlist(Addon* addon, std::unique_ptr<BlockingCall> call) {
  const int error = call->Start();
  if (error != 0) return error;
  auto& calls = addon->blocking_calls;
  for (size_t place = 0; place < calls.size(); place++) {
    if (!calls[place]) {
      calls[place] = std::move(call);
      return static_cast<int64_t>(place);
    }
  }
  calls.push_back(std::move(call));
  return static_cast<int64_t>(calls.size() - 1);
}

template <typename Call>
Call* At(const Arguments<3>& arguments) {
  auto& calls = arguments.Owner<Addon>()->blocking_calls;
  const uint32_t place = arguments.Uint32(0);
  return place < calls.size() ? static_cast<Call*>(calls[place].get()) : nullptr;
}

// openArrivalWaiter(queue, type, flags, token): a place or a negative errno
napi_value OpenArrivalWaiter(napi_env env, napi_callback_info info) {
  Arguments<4> arguments(env, info);
  auto* addon = arguments.Owner<Addon>();
  return Number(env, Enlist(addon, std::make_unique<ArrivalWaiter>(
                                       &addon->channel, static_cast<uint64_t>(arguments.Int64(3)), arguments.Int32(0),
                                       static_cast<long>(arguments.Int64(1)), arguments.Int32(2))));
}

napi_value ArmArrivalWaiter(napi_env env, napi_callback_info info) {
  Arguments<3> arguments(env, info);
  auto* waiter = At<ArrivalWaiter>(arguments);
  if (waiter != nullptr) waiter->Arm();
  return nullptr;
}

// openRoomSender(queue, token): a place or a negative errno
napi_value OpenRoomSender(napi_env env, napi_callback_info info) {
  Arguments<2> arguments(env, info);
  auto* addon = arguments.Owner<Addon>();
  return Number(env,
                Enlist(addon, std::make_unique<RoomSender>(&addon->channel, static_cast<uint64_t>(arguments.Int64(1)),
                                                           arguments.Int32(0))));
}

// armRoomSender(place, body, type): 0 or a negative errno
napi_value ArmRoomSender(napi_env env, napi_callback_info info) {
  Arguments<3> arguments(env, info);
  auto* sender = At<RoomSender>(arguments);
  const long type = static_cast<long>(arguments.Int64(2));
  const OutgoingMessage message = ComposeMessage(env, arguments[1], type, &arguments.Owner<Addon>()->scratch);
  const bool armed = sender != nullptr && message.start != nullptr && sender->Arm(message.body(), message.length, type);
  return Number(env, armed ? 0 : -ENOMEM);
}

// The answer of the call with a taken message's type in the kind memory.
napi_value Answer(napi_env env, Addon* addon, BlockingCall* call, int answer) {
  if (answer == 0) addon->SetKind(call->type());
  return Number(env, answer);
}

// takeAnswer(place): 0, a negative errno, or 1 when there is none
napi_value TakeAnswer(napi_env env, napi_callback_info info) {
  Arguments<3> arguments(env, info);
  auto* call = At<BlockingCall>(arguments);
  if (call == nullptr) return Number(env, BlockingCall::kNothing);
  return Answer(env, arguments.Owner<Addon>(), call, call->Take());
}

// callBack(place): the same, after the call has ended one way or the other
napi_value CallBack(napi_env env, napi_callback_info info) {
  Arguments<3> arguments(env, info);
  auto* call = At<BlockingCall>(arguments);
  if (call == nullptr) return Number(env, BlockingCall::kNothing);
  return Answer(env, arguments.Owner<Addon>(), call, call->CallBack());
}

// closeWaiter(place): ends the thread
napi_value CloseWaiter(napi_env env, napi_callback_info info) {
  Arguments<3> arguments(env, info);
  auto* call = At<BlockingCall>(arguments);
  if (call == nullptr) return nullptr;
  call->End();
  arguments.Owner<Addon>()->blocking_calls[arguments.Uint32(0)].reset();
  return nullptr;
}

constexpr FunctionEntry kFunctions[] = {
    {"openArrivalWaiter", OpenArrivalWaiter},
    {"armArrivalWaiter", ArmArrivalWaiter},
    {"openRoomSender", OpenRoomSender},
    {"armRoomSender", ArmRoomSender},
    {"takeAnswer", TakeAnswer},
    {"callBack", CallBack},
    {"closeWaiter", CloseWaiter},
};

}  // namespace

void RegisterWaiterCalls(napi_env env, napi_value exports, Addon* addon) { Register(env, exports, addon, kFunctions); }

}  // namespace hostmq
