#ifndef HOSTMQ_THREAD_H_
#define HOSTMQ_THREAD_H_

#include <pthread.h>
#include <signal.h>

namespace hostmq {

// Starts a thread that handles no signal but `wakeup_signal` (0: none), so that the program's handlers run where they
// did before. Its stack is small, for there may be hundreds. 0 or an errno.
inline int StartThread(pthread_t* thread, void* (*run)(void*), void* argument, int wakeup_signal) {
  constexpr size_t kStackSize = size_t{128} * 1024;
  sigset_t blocked;
  sigset_t previous;
  sigfillset(&blocked);
  if (wakeup_signal != 0) sigdelset(&blocked, wakeup_signal);
  pthread_sigmask(SIG_SETMASK, &blocked, &previous);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStackSize);
  const int error = pthread_create(thread, &attributes, run, argument);
  pthread_attr_destroy(&attributes);
  pthread_sigmask(SIG_SETMASK, &previous, nullptr);
  return error;
}

}  // namespace hostmq

#endif  // HOSTMQ_THREAD_H_
