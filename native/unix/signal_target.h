#ifndef HOSTMQ_UNIX_SIGNAL_TARGET_H_
#define HOSTMQ_UNIX_SIGNAL_TARGET_H_

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>

#include <atomic>

namespace hostmq {

// A thread that signals can be sent to.
class SignalTarget {
 public:
  void SetToThisThread() {
    thread_ = pthread_self();
    is_set_.store(true, std::memory_order_release);
  }
  // Nothing happens before it is set. False when the system refuses. The thread must not have been joined.
  bool Send(int signal) const { return !is_set_.load(std::memory_order_acquire) || pthread_kill(thread_, signal) == 0; }

 private:
  pthread_t thread_ = {};
  std::atomic<bool> is_set_{false};
};

// The signals to choose a wake-up signal from, best first; 0 at the end.
inline int WakeupCandidate(int place) {
#ifdef SIGRTMAX
  // From the upper end: programs and runtimes take theirs from the lower one.
  const int signal = SIGRTMAX - place;
  return signal >= SIGRTMIN ? signal : 0;
#else
  // macOS and OpenBSD have no real-time signals. These are ignored unless a program asks for them, and few do; SIGURG
  // is what Go's runtime chose for the same purpose.
  constexpr int kRarelyHandled[] = {SIGURG, SIGIO};
  return place < 2 ? kRarelyHandled[place] : 0;
#endif
}

// The handler of a signal outlives the environment that set it, so the addon must not be unloaded: it holds a
// reference to itself, which every loader understands.
inline void StayLoaded(const void* handler) {
  Dl_info self;
  if (dladdr(handler, &self) != 0) dlopen(self.dli_fname, RTLD_LAZY);
}

}  // namespace hostmq

#endif  // HOSTMQ_UNIX_SIGNAL_TARGET_H_
