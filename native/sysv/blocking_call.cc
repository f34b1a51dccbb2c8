#include "sysv/blocking_call.h"

#include <signal.h>
#include <sys/msg.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "futex.h"
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

void BlockingCall::Begin() {
  state_.store(kCalling, std::memory_order_release);
  FutexWake(&state_);
}

int BlockingCall::Take() {
  if (state_.load(std::memory_order_acquire) != kDone) return kNothing;
  state_.store(kIdle, std::memory_order_relaxed);
  return answer_;
}

int BlockingCall::CallBack() {
  // The signal may fall just before the system call and be lost, so it is repeated until the thread has left.
  constexpr KernelTimespec kPatience = {0, 100000};
  called_back_.store(true);
  while (state_.load(std::memory_order_acquire) == kCalling) {
    const pid_t thread_id = thread_id_.load();
    if (thread_id != 0) syscall(SYS_tgkill, getpid(), thread_id, WakeupSignal());
    FutexWait(&state_, kCalling, &kPatience);
  }
  called_back_.store(false);
  return Take();
}

void BlockingCall::End() {
  if (CallBack() == 0) Undo();
  state_.store(kEnding, std::memory_order_release);
  FutexWake(&state_);
  pthread_join(thread_, nullptr);
}

void* BlockingCall::Run(void* self) {
  auto* call = static_cast<BlockingCall*>(self);
  call->thread_id_.store(static_cast<pid_t>(syscall(SYS_gettid)));
  for (;;) {
    const uint32_t state = call->state_.load(std::memory_order_acquire);
    if (state == kEnding) return nullptr;
    if (state == kCalling) {
      call->RunCall();
    } else {
      FutexWait(&call->state_, state, nullptr);
    }
  }
}

void BlockingCall::RunCall() {
  int answer;
  do {
    answer = called_back_.load() ? -EINTR : Call();
  } while (answer == -EINTR && !called_back_.load());
  answer_ = answer;
  state_.store(answer == -EINTR ? kIdle : kDone, std::memory_order_release);
  FutexWake(&state_);
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
  constexpr KernelTimespec kPause = {0, 1000000};
  constexpr int kMostTries = 100;
  for (int tries = 0; tries < kMostTries; tries++) {
    if (msgsnd(queue(), &message, 0, IPC_NOWAIT) == 0) return;
    if (errno != EAGAIN && errno != ENOMEM && errno != EINTR) return;
    std::atomic<uint32_t> nobody{0};
    FutexWait(&nobody, 0, &kPause);
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
