#ifndef HOSTMQ_SIGNAL_HOLD_H_
#define HOSTMQ_SIGNAL_HOLD_H_

#include <pthread.h>
#include <signal.h>

namespace hostmq {

// While it lives, this thread does not handle the signals that runtimes and profilers send for purposes of their own,
// so that they do not end a blocking call. They are delivered afterwards. Every other signal that the program handles
// still ends the call.
class SignalHold {
 public:
  // `let_through`: a signal that must not be held back, whatever the program did; 0 for none.
  explicit SignalHold(int let_through) {
    sigset_t held;
    sigemptyset(&held);
    sigaddset(&held, SIGPROF);
    sigaddset(&held, SIGCHLD);
    sigaddset(&held, SIGWINCH);
    sigaddset(&held, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &held, &previous_);
    if (let_through == 0) return;
    sigset_t allowed;
    sigemptyset(&allowed);
    sigaddset(&allowed, let_through);
    pthread_sigmask(SIG_UNBLOCK, &allowed, nullptr);
  }
  ~SignalHold() { pthread_sigmask(SIG_SETMASK, &previous_, nullptr); }
  SignalHold(const SignalHold&) = delete;
  SignalHold& operator=(const SignalHold&) = delete;

 private:
  sigset_t previous_;
};

}  // namespace hostmq

#endif  // HOSTMQ_SIGNAL_HOLD_H_
