#ifndef HOSTMQ_WAKEUP_SIGNAL_H_
#define HOSTMQ_WAKEUP_SIGNAL_H_

namespace hostmq {

// The signal that calls a thread back from a blocking system call: SIGSTKFLT, else a real-time signal, that the program
// does not use. One for the whole process: a signal's disposition belongs to all its threads. 0 when it uses all.
int WakeupSignal();

}  // namespace hostmq

#endif  // HOSTMQ_WAKEUP_SIGNAL_H_
