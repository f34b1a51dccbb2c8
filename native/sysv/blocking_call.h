#ifndef HOSTMQ_SYSV_BLOCKING_CALL_H_
#define HOSTMQ_SYSV_BLOCKING_CALL_H_

#include <pthread.h>

#include <atomic>
#include <cstdint>

#include "readiness_channel.h"
#include "scratch.h"
#include "signal_target.h"
#include "state_word.h"

namespace hostmq {

// A thread that makes one blocking System V call at a time and can be called back from it. Between two calls it sleeps.
//
// The state belongs to one side at a time. JavaScript: kIdle -> kCalling (Begin), kDone -> kIdle (Take),
// kIdle -> kEnding (End). The thread: kCalling -> kDone when the call has answered, kCalling -> kIdle when it was
// called back before.
//
//   JavaScript thread  constructor, Start, Begin*, Take, CallBack, End, destructor
//   own thread         Run, Call
class BlockingCall {
 public:
  // What Take and CallBack answer when the call has not answered.
  static constexpr int kNothing = 1;

  BlockingCall(ReadinessChannel* channel, uint64_t token, int queue)
      : channel_(channel), token_(token), queue_(queue) {}
  virtual ~BlockingCall() = default;
  BlockingCall(const BlockingCall&) = delete;
  BlockingCall& operator=(const BlockingCall&) = delete;

  // 0, or how it could not be started.
  int Start();
  // The answer of the call, once: 0, a negative errno, or kNothing.
  int Take();
  // Ends the call if it still goes on, and gives what it answered if it was faster.
  int CallBack();
  // Joins the thread. A message in its hands goes back to the queue.
  void End();

  virtual long type() const { return 0; }

 protected:
  void Begin();
  // One try of the system call: 0 or a negative errno.
  virtual int Call() = 0;
  // The call answered 0 and nobody is left to be told.
  virtual void Undo() {}

  int queue() const { return queue_; }

 private:
  enum State : uint32_t { kIdle, kCalling, kDone, kEnding };

  static void* Run(void* self);
  void RunCall();

  ReadinessChannel* channel_;
  const uint64_t token_;
  const int queue_;
  StateWord state_{kIdle};
  std::atomic<bool> called_back_{false};
  SignalTarget target_;
  int answer_ = 0;  // of the thread in kCalling, of JavaScript in kDone
  pthread_t thread_ = {};
};

// Waits until a message that fits the selector is in the queue, without taking it: a receive with room for nothing
// ends with E2BIG and leaves the message where it is (msgop(2)). Only a message of length zero fits into nothing
// and is taken; Take then answers 0, and type() names it.
class ArrivalWaiter final : public BlockingCall {
 public:
  ArrivalWaiter(ReadinessChannel* channel, uint64_t token, int queue, long selector, int flags)
      : BlockingCall(channel, token, queue), selector_(selector), flags_(flags) {}

  void Arm() { Begin(); }
  long type() const override { return type_; }

 protected:
  int Call() override;
  void Undo() override;

 private:
  const long selector_;
  const int flags_;
  long type_ = 0;
};

// Sends one message as soon as there is room. The kernel tells of room in no other way than by a msgsnd that waits
// for it, so the thread's msgsnd is the send itself.
class RoomSender final : public BlockingCall {
 public:
  using BlockingCall::BlockingCall;

  // False when there is no memory for the copy of the message.
  bool Arm(const void* body, size_t length, long type);

 protected:
  int Call() override;

 private:
  Scratch message_;
  size_t length_ = 0;
};

}  // namespace hostmq

#endif  // HOSTMQ_SYSV_BLOCKING_CALL_H_
