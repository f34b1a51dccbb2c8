#include "sysv/blocking_call.h"

#include <sys/msg.h>

#include <cerrno>
#include <cstring>

#include "result.h"
#include "thread.h"
#include "wakeup_signal.h"

namespace hostmq {

int BlockingCall::Start() {
  const int signal = WakeupSignal();
  if (signal == 0) return Failed(HelperCall::kSigaction, EAGAIN);
  const int error = StartThread(&thread_, Run, this, signal);
  return error == 0 ? 0 : Failed(HelperCall::kPthreadCreate, error);
}

void BlockingCall::Begin() { state_.SetAndWake(kCalling); }

int BlockingCall::Take() {
  if (state_.Load() != kDone) return kNothing;
  state_.Set(kIdle);
  return answer_;
}

int BlockingCall::CallBack() {
  // The signal may fall just before the system call and be lost, so it is repeated until the thread has left.
  constexpr int64_t kPatience = 100000;
  called_back_.store(true);
  while (state_.Load() == kCalling) {
    target_.Send(WakeupSignal());
    state_.SleepWhile(kCalling, kPatience);
  }
  called_back_.store(false);
  return Take();
}

void BlockingCall::End() {
  if (CallBack() == 0) Undo();
  state_.SetAndWake(kEnding);
  pthread_join(thread_, nullptr);
}

void* BlockingCall::Run(void* self) {
  auto* call = static_cast<BlockingCall*>(self);
  call->target_.SetToThisThread();
  for (;;) {
    const uint32_t state = call->state_.Load();
    if (state == kEnding) return nullptr;
    if (state == kCalling) {
      call->RunCall();
    } else {
      call->state_.SleepWhile(state);
    }
  }
}

void BlockingCall::RunCall() {
  int answer;
  do {
    answer = called_back_.load() ? -EINTR : Call();
  } while (answer == -EINTR && !called_back_.load());
  answer_ = answer;
  state_.SetAndWake(answer == -EINTR ? kIdle : kDone);
  if (!called_back_.load()) channel_->Report(token_, 0);
}

namespace {

// msgop(2)'s struct msgbuf with room for nothing.
struct EmptyMessage {
  long type;
  char text[1];
};

}  // namespace

int ArrivalWaiter::Call() {
  EmptyMessage message;
  if (msgrcv(queue(), &message, 0, selector_, flags_) < 0) return -errno;
  type_ = message.type;
  return 0;
}

void ArrivalWaiter::Undo() {
  const EmptyMessage message = {type_, {0}};
  // Where it was, there was room; the place may have been taken since, or memory be short for a moment.
  constexpr int64_t kPause = 1000000;  // nanoseconds
  constexpr int kMostTries = 100;
  for (int tries = 0; tries < kMostTries; tries++) {
    if (msgsnd(queue(), &message, 0, IPC_NOWAIT) == 0) return;
    if (errno != EAGAIN && errno != ENOMEM && errno != EINTR) return;
    StateWord nobody(0);
    nobody.SleepWhile(0, kPause);
  }
}

bool RoomSender::Arm(const void* body, size_t length, long type) {
  if (!message_.Reserve(sizeof type + length)) return false;
  memcpy(message_.data(), &type, sizeof type);
  if (length > 0) memcpy(message_.data() + sizeof type, body, length);
  length_ = length;
  Begin();
  return true;
}

int RoomSender::Call() { return msgsnd(queue(), message_.data(), length_, 0) < 0 ? -errno : 0; }

}  // namespace hostmq
