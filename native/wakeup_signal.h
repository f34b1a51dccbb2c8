#ifndef HOSTMQ_WAKEUP_SIGNAL_H_
#define HOSTMQ_WAKEUP_SIGNAL_H_

namespace hostmq {

// The real-time signal that calls a thread back from a blocking system call. One for the whole process: a signal's
// disposition belongs to all its threads. 0 when every real-time signal is in use by the program.
int WakeupSignal();

}  // namespace hostmq

#endif  // HOSTMQ_WAKEUP_SIGNAL_H_
