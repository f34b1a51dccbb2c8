#ifndef HOSTMQ_LINUX_SIGNAL_TARGET_H_
#define HOSTMQ_LINUX_SIGNAL_TARGET_H_

#include <signal.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>

namespace hostmq {

// A thread that signals can be sent to.
class SignalTarget {
 public:
  void SetToThisThread() { id_.store(static_cast<pid_t>(syscall(SYS_gettid))); }
  // Nothing happens before it is set. False when the system refuses.
  bool Send(int signal) const {
    const pid_t id = id_.load();
    return id == 0 || syscall(SYS_tgkill, getpid(), id, signal) == 0;
  }

 private:
  std::atomic<pid_t> id_{0};
};

// The signals to choose a wake-up signal from, best first; 0 at the end. Nobody uses SIGSTKFLT, and it can always be
// sent: a real-time signal takes memory that counts against the user's RLIMIT_SIGPENDING, and a thread that cannot be
// called back would never end. Then from the upper end of those: programs and runtimes take theirs from the lower one.
inline int WakeupCandidate(int place) {
#ifdef SIGSTKFLT
  if (place == 0) return SIGSTKFLT;
  place--;
#endif
  const int signal = SIGRTMAX - place;
  return signal >= SIGRTMIN ? signal : 0;
}

// The handler of a signal outlives the environment that set it. Here the linker is told so (-z nodelete).
inline void StayLoaded(const void* /* handler */) {}

}  // namespace hostmq

#endif  // HOSTMQ_LINUX_SIGNAL_TARGET_H_
