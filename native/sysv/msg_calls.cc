#include "sysv/msg_calls.h"

#include <sys/ipc.h>
#include <sys/msg.h>

#include <cerrno>
#include <climits>
#include <cstring>

#include "arguments.h"
#include "batch_table.h"
#include "deadline_timer.h"
#include "msg_extensions.h"
#include "msg_fields.h"
#include "result.h"
#include "signal_hold.h"
#include "sysv/msg_info.h"
#include "sysv/outgoing_message.h"
#include "wakeup_signal.h"

namespace hostmq {

namespace {

// Receives in place: the type goes in front of the body, so the memory must have room for both.
int64_t ReceiveInPlace(Addon* addon, int queue, uint8_t* start, size_t room, long type, int flags) {
  if (!HasReceiveFlags(flags)) return -ENOSYS;
  const int64_t length = OrErrno(msgrcv(queue, start, room, type, flags));
  if (length >= 0) {
    long kind;
    memcpy(&kind, start, kTypeSize);
    addon->SetKind(kind);
  }
  return length;
}

// msgGet(key, flags)
napi_value MsgGet(napi_env env, napi_callback_info info) {
  Arguments<2> arguments(env, info);
  return Number(env, OrErrno(msgget(arguments.Int32(0), arguments.Int32(1))));
}

// msgSend(queue, body, type, flags)
napi_value MsgSend(napi_env env, napi_callback_info info) {
  Arguments<4> arguments(env, info);
  const OutgoingMessage message =
      ComposeMessage(env, arguments[1], static_cast<long>(arguments.Int64(2)), &arguments.Owner<Addon>()->scratch);
  if (message.start == nullptr) return Number(env, -ENOMEM);
  return Number(env, OrErrno(msgsnd(arguments.Int32(0), message.start, message.length, arguments.Int32(3))));
}

// msgSendSync(queue, body, type, timeout): ETIMEDOUT after the timeout (milliseconds, negative: none); EINTR when a
// signal that the program handles arrived
napi_value MsgSendSync(napi_env env, napi_callback_info info) {
  Arguments<4> arguments(env, info);
  const OutgoingMessage message =
      ComposeMessage(env, arguments[1], static_cast<long>(arguments.Int64(2)), &arguments.Owner<Addon>()->scratch);
  if (message.start == nullptr) return Number(env, -ENOMEM);
  const int signal = WakeupSignal();
  if (signal == 0) return Number(env, Failed(HelperCall::kSigaction, EAGAIN));
  const SignalHold hold(signal);
  const DeadlineTimer deadline(arguments.Double(3), signal);
  if (deadline.error() != 0) return Number(env, deadline.error());
  int64_t result = OrErrno(msgsnd(arguments.Int32(0), message.start, message.length, 0));
  if (result == -EINTR && deadline.Passed()) result = -ETIMEDOUT;
  return Number(env, result);
}

// msgReceive(queue, slab, offset, room, type, flags): receives in place: the slab holds the type at `offset` and the
// body behind it. The length of the body.
napi_value MsgReceive(napi_env env, napi_callback_info info) {
  Arguments<6> arguments(env, info);
  const Bytes slab = BytesOf(env, arguments[1]).From(arguments.Uint32(2));
  const size_t room = arguments.Uint32(3);
  if (slab.length < kTypeSize + room) return Number(env, -EFAULT);
  return Number(env, ReceiveInPlace(arguments.Owner<Addon>(), arguments.Int32(0), slab.data, room,
                                    static_cast<long>(arguments.Int64(4)), arguments.Int32(5)));
}

// msgReceiveSync(queue, slab, offset, room, type, flags, timeout)
napi_value MsgReceiveSync(napi_env env, napi_callback_info info) {
  Arguments<7> arguments(env, info);
  const Bytes slab = BytesOf(env, arguments[1]).From(arguments.Uint32(2));
  const size_t room = arguments.Uint32(3);
  if (slab.length < kTypeSize + room) return Number(env, -EFAULT);
  const int signal = WakeupSignal();
  if (signal == 0) return Number(env, Failed(HelperCall::kSigaction, EAGAIN));
  const SignalHold hold(signal);
  const DeadlineTimer deadline(arguments.Double(6), signal);
  if (deadline.error() != 0) return Number(env, deadline.error());
  int64_t result = ReceiveInPlace(arguments.Owner<Addon>(), arguments.Int32(0), slab.data, room,
                                  static_cast<long>(arguments.Int64(4)), arguments.Int32(5));
  if (result == -EINTR && deadline.Passed()) result = -ETIMEDOUT;
  return Number(env, result);
}

// msgReceiveInto(queue, buffer, type, flags): fills memory of the caller with the body alone
napi_value MsgReceiveInto(napi_env env, napi_callback_info info) {
  Arguments<4> arguments(env, info);
  auto* addon = arguments.Owner<Addon>();
  const Bytes into = BytesOf(env, arguments[1]);
  if (!addon->scratch.Reserve(kTypeSize + into.length)) return Number(env, -ENOMEM);
  const int64_t length = ReceiveInPlace(addon, arguments.Int32(0), addon->scratch.data(), into.length,
                                        static_cast<long>(arguments.Int64(2)), arguments.Int32(3));
  if (length > 0) memcpy(into.data, addon->scratch.data() + kTypeSize, static_cast<size_t>(length));
  return Number(env, length);
}

// msgSendMany(queue, bodies, type): how many entered the queue; the errno only when the first did not
napi_value MsgSendMany(napi_env env, napi_callback_info info) {
  Arguments<3> arguments(env, info);
  auto* addon = arguments.Owner<Addon>();
  const int queue = arguments.Int32(0);
  const long type = static_cast<long>(arguments.Int64(2));
  uint32_t count = 0;
  napi_get_array_length(env, arguments[1], &count);
  for (uint32_t i = 0; i < count; i++) {
    napi_value value = nullptr;
    napi_get_element(env, arguments[1], i, &value);
    const OutgoingMessage message = ComposeMessage(env, value, type, &addon->scratch);
    const int64_t result =
        message.start == nullptr ? -ENOMEM : OrErrno(msgsnd(queue, message.start, message.length, IPC_NOWAIT));
    if (result < 0) return Number(env, i > 0 ? i : result);
  }
  return Number(env, count);
}

// msgReceiveMany(queue, slab, offset, room, type, flags, max, table): how many were taken; the errno only when there
// was none. Row i of the table: where the body starts in the slab, its length, its type.
napi_value MsgReceiveMany(napi_env env, napi_callback_info info) {
  Arguments<8> arguments(env, info);
  auto* addon = arguments.Owner<Addon>();
  const int queue = arguments.Int32(0);
  const Bytes slab = BytesOf(env, arguments[1]);
  size_t offset = arguments.Uint32(2);
  const size_t room = arguments.Uint32(3);
  const long type = static_cast<long>(arguments.Int64(4));
  const int flags = arguments.Int32(5);
  const uint32_t max = arguments.Uint32(6);
  const Bytes table_memory = BytesOf(env, arguments[7]);
  BatchTable table(table_memory.data, table_memory.length);
  uint32_t count = 0;
  while (count < max && count < table.rows() && offset + kTypeSize + room <= slab.length) {
    const int64_t length = ReceiveInPlace(addon, queue, slab.data + offset, room, type, flags);
    if (length < 0) return Number(env, count > 0 ? count : length);
    table.Set(count++, offset + kTypeSize, length, *addon->kind_as_integer);
    const size_t end = offset + kTypeSize + static_cast<size_t>(length);
    offset = (end + kTypeSize - 1) / kTypeSize * kTypeSize;
  }
  return Number(env, count);
}

// struct ipc_perm, ipc(5); mode without the flags that some kernels add
napi_value PermissionsObject(napi_env env, const ipc_perm& permissions) {
  napi_value object;
  napi_create_object(env, &object);
  SetNumber(env, object, "__key", KeyOf(permissions));
  SetNumber(env, object, "uid", permissions.uid);
  SetNumber(env, object, "gid", permissions.gid);
  SetNumber(env, object, "cuid", permissions.cuid);
  SetNumber(env, object, "cgid", permissions.cgid);
  SetNumber(env, object, "mode", permissions.mode & 0777);
  return object;
}

// struct msqid_ds, msgctl(2)
napi_value StatusObject(napi_env env, const msqid_ds& status) {
  napi_value object;
  napi_create_object(env, &object);
  napi_set_named_property(env, object, "msg_perm", PermissionsObject(env, status.msg_perm));
  SetNumber(env, object, "msg_stime", static_cast<double>(status.msg_stime));
  SetNumber(env, object, "msg_rtime", static_cast<double>(status.msg_rtime));
  SetNumber(env, object, "msg_ctime", static_cast<double>(status.msg_ctime));
  SetNumber(env, object, "msg_cbytes", QueuedBytesOf(status));
  SetNumber(env, object, "msg_qnum", static_cast<double>(status.msg_qnum));
  SetNumber(env, object, "msg_qbytes", static_cast<double>(status.msg_qbytes));
  SetNumber(env, object, "msg_lspid", status.msg_lspid);
  SetNumber(env, object, "msg_lrpid", status.msg_lrpid);
  return object;
}

// msgStatus(queue, command): IPC_STAT, MSG_STAT or MSG_STAT_ANY; the msqid_ds with the call's own answer as `id`, or a
// negative errno
napi_value MsgStatus(napi_env env, napi_callback_info info) {
  Arguments<2> arguments(env, info);
  if (!HasStatusCommand(arguments.Int32(1))) return Number(env, -ENOSYS);
  msqid_ds status = {};
  const int64_t id = OrErrno(msgctl(arguments.Int32(0), arguments.Int32(1), &status));
  if (id < 0) return Number(env, id);
  napi_value object = StatusObject(env, status);
  SetNumber(env, object, "id", static_cast<double>(id));
  return object;
}

// msgConfigure(queue, uid, gid, mode, qbytes): IPC_SET; a negative value keeps what is there
napi_value MsgConfigure(napi_env env, napi_callback_info info) {
  Arguments<5> arguments(env, info);
  const int queue = arguments.Int32(0);
  msqid_ds status = {};
  bool keeps = false;
  for (size_t i = 1; i < 5; i++) keeps = keeps || arguments.Double(i) < 0;
  // Reading needs a permission that changing does not, so it is read only where something is kept.
  if (keeps && msgctl(queue, IPC_STAT, &status) < 0) return Number(env, -errno);
  if (arguments.Double(1) >= 0) status.msg_perm.uid = arguments.Uint32(1);
  if (arguments.Double(2) >= 0) status.msg_perm.gid = arguments.Uint32(2);
  if (arguments.Double(3) >= 0) status.msg_perm.mode = static_cast<unsigned short>(arguments.Uint32(3));
  if (arguments.Double(4) >= 0) status.msg_qbytes = static_cast<decltype(status.msg_qbytes)>(arguments.Int64(4));
  return Number(env, OrErrno(msgctl(queue, IPC_SET, &status)));
}

napi_value MsgRemove(napi_env env, napi_callback_info info) {
  Arguments<1> arguments(env, info);
  return Number(env, OrErrno(msgctl(arguments.Int32(0), IPC_RMID, nullptr)));
}

// ftok(path, projectId): libc's own, so that the value is the one a C program gets. 0 or a negative errno; the key,
// which may itself be negative, is left in the kind memory.
napi_value Ftok(napi_env env, napi_callback_info info) {
  Arguments<2> arguments(env, info);
  auto* addon = arguments.Owner<Addon>();
  const Bytes path = Utf8InScratch(env, arguments[0], &addon->scratch, 0);
  if (path.missing()) return Number(env, -ENOMEM);
  errno = 0;
  const key_t key = ftok(reinterpret_cast<const char*>(path.data), arguments.Int32(1));
  addon->SetKind(key);
  return Number(env, key == -1 && errno != 0 ? -errno : 0);
}

constexpr FunctionEntry kFunctions[] = {
    {"msgGet", MsgGet},
    {"msgSend", MsgSend},
    {"msgSendSync", MsgSendSync},
    {"msgReceive", MsgReceive},
    {"msgReceiveSync", MsgReceiveSync},
    {"msgReceiveInto", MsgReceiveInto},
    {"msgSendMany", MsgSendMany},
    {"msgReceiveMany", MsgReceiveMany},
    {"msgStatus", MsgStatus},
    {"msgInfo", MsgInfo},
    {"msgConfigure", MsgConfigure},
    {"msgRemove", MsgRemove},
    {"ftok", Ftok},
};

}  // namespace

void RegisterMsgCalls(napi_env env, napi_value exports, Addon* addon) {
  Register(env, exports, addon, kFunctions);
  SetNumber(env, exports, "typeSize", kTypeSize);
}

}  // namespace hostmq
