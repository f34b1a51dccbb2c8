#include "posix/mqueue_calls.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>

#include "arguments.h"
#include "batch_table.h"
#include "kernel_time.h"
#include "mqueue_system.h"
#include "mqueue_waiting.h"
#include "result.h"
#include "signal_hold.h"

namespace hostmq {

namespace {

// Some kernels leave the checks of a name to libc, which is why they stand here.
struct QueueName {
  // The slash, the longest name, a character of up to four bytes that is too many, and the end.
  char text[1 + NAME_MAX + 4 + 1];
  size_t length = 0;

  QueueName(napi_env env, napi_value value) { napi_get_value_string_utf8(env, value, text, sizeof text, &length); }
  int Error() const {
    if (text[0] != '/') return -EINVAL;
    return length > 1 + NAME_MAX ? -ENAMETOOLONG : 0;
  }
};

// 0 or a negative errno: EBADF where it is no queue's.
int64_t CheckQueue(int descriptor) {
  mq_attr attributes;
  return OrErrno(MqueueAttributes(descriptor, nullptr, &attributes));
}

// mqOpen(name, oflag, mode, maxmsg, msgsize): maxmsg < 0 stands for the system's defaults
napi_value MqOpen(napi_env env, napi_callback_info info) {
  Arguments<5> arguments(env, info);
  const QueueName name(env, arguments[0]);
  if (name.Error() != 0) return Number(env, name.Error());
  mq_attr attributes = {};
  attributes.mq_maxmsg = static_cast<long>(arguments.Int64(3));
  attributes.mq_msgsize = static_cast<long>(arguments.Int64(4));
  const bool defaults = arguments.Double(3) < 0;
  const int64_t descriptor = OrErrno(MqueueOpen(name.text, arguments.Int32(1), static_cast<mode_t>(arguments.Uint32(2)),
                                                defaults ? nullptr : &attributes));
  if (descriptor >= 0) arguments.Owner<Addon>()->queues.Add(static_cast<int>(descriptor));
  return Number(env, descriptor);
}

// mqAdopt(descriptor): takes over a queue's descriptor that came from elsewhere and makes it close-on-exec and
// non-blocking; EBUSY when it is ours already
napi_value MqAdopt(napi_env env, napi_callback_info info) {
  Arguments<1> arguments(env, info);
  DescriptorRegistry& queues = arguments.Owner<Addon>()->queues;
  const int descriptor = arguments.Int32(0);
  const int64_t error = CheckQueue(descriptor);
  if (error != 0) return Number(env, error);
  if (queues.Has(descriptor)) return Number(env, -EBUSY);
  if (CloseOnExec(descriptor) < 0) return Number(env, Failed(HelperCall::kFcntl, errno));
  mq_attr wanted = {};
  wanted.mq_flags = O_NONBLOCK;
  mq_attr previous;
  if (MqueueAttributes(descriptor, &wanted, &previous) < 0) {
    return Number(env, Failed(HelperCall::kMqSetattr, errno));
  }
  queues.Add(descriptor);
  return Number(env, 0);
}

// mqClose(descriptor): EBADF for a descriptor that is no queue, where C would close whatever it is
napi_value MqClose(napi_env env, napi_callback_info info) {
  Arguments<1> arguments(env, info);
  auto* addon = arguments.Owner<Addon>();
  const int descriptor = arguments.Int32(0);
  // Also where somebody else closed it: the number may be a stranger's by now, who must not lose it at our end.
  addon->queues.Remove(descriptor);
  if (CheckQueue(descriptor) == -EBADF) return Number(env, -EBADF);
  addon->poller.Forget(descriptor);
  return Number(env, OrErrno(MqueueClose(descriptor)));
}

napi_value MqUnlink(napi_env env, napi_callback_info info) {
  Arguments<1> arguments(env, info);
  const QueueName name(env, arguments[0]);
  if (name.Error() != 0) return Number(env, name.Error());
  const int64_t result = OrErrno(MqueueUnlink(name.text));
  // As libc has it: POSIX knows one error for who may not.
  return Number(env, result == -EPERM ? -EACCES : result);
}

int64_t Send(int descriptor, const Bytes& body, uint32_t priority, const KernelTimespec* limit) {
  if (body.missing()) return -ENOMEM;
  return OrErrno(MqueueSend(descriptor, body.data, body.length, priority, limit));
}

int64_t Receive(Addon* addon, int descriptor, const Bytes& into, const KernelTimespec* limit) {
  unsigned priority = 0;
  const int64_t length = OrErrno(MqueueReceive(descriptor, into.data, into.length, &priority, limit));
  if (length >= 0) addon->SetKind(priority);
  return length;
}

// mqSend(descriptor, body, priority)
napi_value MqSend(napi_env env, napi_callback_info info) {
  Arguments<3> arguments(env, info);
  auto* addon = arguments.Owner<Addon>();
  const Bytes body = BodyOf(env, arguments[1], &addon->scratch);
  return Number(env, Send(arguments.Int32(0), body, arguments.Uint32(2), nullptr));
}

// mqReceive(descriptor, into, offset): the length; the priority in the kind memory
napi_value MqReceive(napi_env env, napi_callback_info info) {
  Arguments<3> arguments(env, info);
  const Bytes into = BytesOf(env, arguments[1]).From(arguments.Uint32(2));
  return Number(env, Receive(arguments.Owner<Addon>(), arguments.Int32(0), into, nullptr));
}

// mqTimedSend(descriptor, body, priority, seconds, nanoseconds): absolute, on the wall clock, as in C
napi_value MqTimedSend(napi_env env, napi_callback_info info) {
  Arguments<5> arguments(env, info);
  const Bytes body = BodyOf(env, arguments[1], &arguments.Owner<Addon>()->scratch);
  const KernelTimespec limit = {arguments.Int64(3), arguments.Int64(4)};
  return Number(env, Send(arguments.Int32(0), body, arguments.Uint32(2), &limit));
}

// mqTimedReceive(descriptor, into, offset, seconds, nanoseconds)
napi_value MqTimedReceive(napi_env env, napi_callback_info info) {
  Arguments<5> arguments(env, info);
  const Bytes into = BytesOf(env, arguments[1]).From(arguments.Uint32(2));
  const KernelTimespec limit = {arguments.Int64(3), arguments.Int64(4)};
  return Number(env, Receive(arguments.Owner<Addon>(), arguments.Int32(0), into, &limit));
}

// mqSendMany(descriptor, bodies, priority): how many entered the queue; the errno only when the first did not
napi_value MqSendMany(napi_env env, napi_callback_info info) {
  Arguments<3> arguments(env, info);
  auto* addon = arguments.Owner<Addon>();
  const int descriptor = arguments.Int32(0);
  const uint32_t priority = arguments.Uint32(2);
  uint32_t count = 0;
  napi_get_array_length(env, arguments[1], &count);
  for (uint32_t i = 0; i < count; i++) {
    napi_value value = nullptr;
    napi_get_element(env, arguments[1], i, &value);
    const int64_t result = Send(descriptor, BodyOf(env, value, &addon->scratch), priority, nullptr);
    if (result < 0) return Number(env, i > 0 ? i : result);
  }
  return Number(env, count);
}

// mqReceiveMany(descriptor, slab, offset, room, max, table): how many were taken; the errno only when there was none.
// Row i of the table: where the body starts in the slab, its length, its priority.
napi_value MqReceiveMany(napi_env env, napi_callback_info info) {
  Arguments<6> arguments(env, info);
  auto* addon = arguments.Owner<Addon>();
  const int descriptor = arguments.Int32(0);
  const Bytes slab = BytesOf(env, arguments[1]);
  size_t offset = arguments.Uint32(2);
  const size_t room = arguments.Uint32(3);
  const uint32_t max = arguments.Uint32(4);
  const Bytes table_memory = BytesOf(env, arguments[5]);
  BatchTable table(table_memory.data, table_memory.length);
  uint32_t count = 0;
  while (count < max && count < table.rows() && offset + room <= slab.length) {
    const int64_t length = Receive(addon, descriptor, {slab.data + offset, room}, nullptr);
    if (length < 0) return Number(env, count > 0 ? count : length);
    table.Set(count++, offset, length, *addon->kind_as_integer);
    offset += static_cast<size_t>(length);
  }
  return Number(env, count);
}

// mqWait(descriptor, events, timeout): blocks this thread until the descriptor may be ready: 1, or 0 after the timeout
// (milliseconds, negative: none). EINTR when a signal that the program handles arrived.
napi_value MqWait(napi_env env, napi_callback_info info) {
  Arguments<3> arguments(env, info);
  const short events = static_cast<short>(arguments.Int32(1));
  const double timeout = arguments.Double(2);
  const KernelTimespec limit = FromNanoseconds(NanosecondsFromMilliseconds(timeout));
  const SignalHold hold(0);
  const int64_t ready = OrErrno(WaitForEvents(arguments.Int32(0), events, timeout < 0 ? nullptr : &limit));
  if (ready < 0 && ready != -EINTR) return Number(env, Failed(HelperCall::kPpoll, static_cast<int>(-ready)));
  return Number(env, ready);
}

// mqGetSetAttr(descriptor, flags, result: Float64Array(4)): flags < 0 changes nothing
napi_value MqGetSetAttr(napi_env env, napi_callback_info info) {
  Arguments<3> arguments(env, info);
  const int32_t flags = arguments.Int32(1);
  mq_attr wanted = {};
  wanted.mq_flags = flags;
  mq_attr attributes = {};
  const int64_t result = OrErrno(MqueueAttributes(arguments.Int32(0), flags < 0 ? nullptr : &wanted, &attributes));
  const Bytes fields = BytesOf(env, arguments[2]);
  if (result == 0 && fields.length >= 4 * sizeof(double)) {
    double* field = reinterpret_cast<double*>(fields.data);
    field[0] = static_cast<double>(attributes.mq_flags);
    field[1] = static_cast<double>(attributes.mq_maxmsg);
    field[2] = static_cast<double>(attributes.mq_msgsize);
    field[3] = static_cast<double>(attributes.mq_curmsgs);
  }
  return Number(env, result);
}

// mqNotify(descriptor, notify, signo, value): notify < 0 removes the registration
napi_value MqNotify(napi_env env, napi_callback_info info) {
  Arguments<4> arguments(env, info);
  return Number(env,
                OrErrno(MqueueNotify(arguments.Int32(0), arguments.Int32(1), arguments.Int32(2), arguments.Int32(3))));
}

// openNotificationSocket(): what mqNotify takes as the signo of SIGEV_THREAD
napi_value OpenNotification(napi_env env, napi_callback_info info) {
  Arguments<1> arguments(env, info);
  const int64_t descriptor = OpenNotificationSocket();
  if (descriptor < 0) return Number(env, Failed(HelperCall::kSocket, errno));
  arguments.Owner<Addon>()->sockets.Add(static_cast<int>(descriptor));
  return Number(env, descriptor);
}

// readNotification(socket): 1 a message arrived, 2 the registration was removed
napi_value ReadNotificationOf(napi_env env, napi_callback_info info) {
  Arguments<1> arguments(env, info);
  return Number(env, OrErrno(ReadNotification(arguments.Int32(0))));
}

napi_value CloseNotificationSocket(napi_env env, napi_callback_info info) {
  Arguments<1> arguments(env, info);
  auto* addon = arguments.Owner<Addon>();
  const int descriptor = arguments.Int32(0);
  if (!addon->sockets.Has(descriptor)) return Number(env, -EBADF);
  addon->poller.Forget(descriptor);
  addon->sockets.Remove(descriptor);
  return Number(env, OrErrno(close(descriptor)));
}

// mqChmod(descriptor, mode): sets the bits that the umask took away
napi_value MqChmod(napi_env env, napi_callback_info info) {
  Arguments<2> arguments(env, info);
  return Number(env, OrErrno(fchmod(arguments.Int32(0), static_cast<mode_t>(arguments.Uint32(1)))));
}

napi_value MqPriorityMax(napi_env env, napi_callback_info) { return Number(env, sysconf(_SC_MQ_PRIO_MAX)); }

// watch(descriptor, events, token): one report on the channel when the descriptor may be ready
napi_value Watch(napi_env env, napi_callback_info info) {
  Arguments<3> arguments(env, info);
  ReadinessPoller& poller = arguments.Owner<Addon>()->poller;
  return Number(env, poller.Watch(arguments.Int32(0), arguments.Uint32(1), static_cast<uint64_t>(arguments.Int64(2))));
}

constexpr FunctionEntry kFunctions[] = {
    {"mqOpen", MqOpen},
    {"mqAdopt", MqAdopt},
    {"mqClose", MqClose},
    {"mqUnlink", MqUnlink},
    {"mqSend", MqSend},
    {"mqReceive", MqReceive},
    {"mqTimedSend", MqTimedSend},
    {"mqTimedReceive", MqTimedReceive},
    {"mqSendMany", MqSendMany},
    {"mqReceiveMany", MqReceiveMany},
    {"mqWait", MqWait},
    {"mqGetSetAttr", MqGetSetAttr},
    {"mqNotify", MqNotify},
    {"openNotificationSocket", OpenNotification},
    {"readNotification", ReadNotificationOf},
    {"closeNotificationSocket", CloseNotificationSocket},
    {"mqChmod", MqChmod},
    {"mqPriorityMax", MqPriorityMax},
    {"watch", Watch},
};

}  // namespace

void RegisterMqueueCalls(napi_env env, napi_value exports, Addon* addon) {
  Register(env, exports, addon, kFunctions);
  SetNumber(env, exports, "oCloexec", O_CLOEXEC);
  SetNumber(env, exports, "sigevSignal", kSigevSignal);
  SetNumber(env, exports, "sigevNone", kSigevNone);
  SetNumber(env, exports, "sigevThread", kSigevThread);
}

}  // namespace hostmq
