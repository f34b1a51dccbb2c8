#include "wakeup_signal.h"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lock.h"

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
  if (syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), signal) == 0) return true;
  // Or there is no memory to send it for the moment: it is to be found as it was.
  sigaction(signal, &current, nullptr);
  return false;
}

pthread_mutex_t claim_mutex = PTHREAD_MUTEX_INITIALIZER;
int claimed_signal = 0;  // guarded by claim_mutex

}  // namespace

int WakeupSignal() {
  pthread_mutex_lock(&claim_mutex);
#ifdef SIGSTKFLT
  // Nobody uses this one, and it can always be sent: a real-time signal takes memory that counts against the user's
  // RLIMIT_SIGPENDING, and a thread that cannot be called back would never end.
  if (claimed_signal == 0 && Claim(SIGSTKFLT)) claimed_signal = SIGSTKFLT;
#endif
  // From the upper end: programs and runtimes take theirs from the lower one.
  for (int signal = SIGRTMAX; claimed_signal == 0 && signal >= SIGRTMIN; signal--) {
    if (Claim(signal)) claimed_signal = signal;
  }
  const int signal = claimed_signal;
  pthread_mutex_unlock(&claim_mutex);
  return signal;
}

}  // namespace hostmq
