#include "wakeup_signal.h"

#include <pthread.h>
#include <signal.h>

#include "signal_target.h"

namespace hostmq {

namespace {

void DoNothing(int) {}

// Not SA_RESTART: the call is to end with EINTR.
bool Claim(int signal) {
  struct sigaction current;
  if (sigaction(signal, nullptr, &current) != 0) return false;
  if ((current.sa_flags & SA_SIGINFO) != 0 || current.sa_handler != SIG_DFL) return false;
  struct sigaction wakeup = {};
  wakeup.sa_handler = DoNothing;
  sigemptyset(&wakeup.sa_mask);
  if (sigaction(signal, &wakeup, nullptr) != 0) return false;
  // qemu's user mode accepts a handler for the highest signals, which it cannot deliver, and refuses only to send them.
  SignalTarget self;
  self.SetToThisThread();
  if (self.Send(signal)) return true;
  // Or there is no memory to send it for the moment: it is to be found as it was.
  sigaction(signal, &current, nullptr);
  return false;
}

pthread_mutex_t claim_mutex = PTHREAD_MUTEX_INITIALIZER;
int claimed_signal = 0;  // guarded by claim_mutex

}  // namespace

int WakeupSignal() {
  pthread_mutex_lock(&claim_mutex);
  for (int place = 0; claimed_signal == 0; place++) {
    const int candidate = WakeupCandidate(place);
    if (candidate == 0) break;
    if (!Claim(candidate)) continue;
    claimed_signal = candidate;
    StayLoaded(reinterpret_cast<const void*>(DoNothing));
  }
  const int signal = claimed_signal;
  pthread_mutex_unlock(&claim_mutex);
  return signal;
}

}  // namespace hostmq
