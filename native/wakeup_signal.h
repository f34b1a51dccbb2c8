#ifndef HOSTMQ_WAKEUP_SIGNAL_H_
#define HOSTMQ_WAKEUP_SIGNAL_H_

namespace hostmq {

// The signal that calls a thread back from a blocking system call: SIGSTKFLT where the system has it, else a real-time
// signal where there are any, that the program does not use. One for the whole process: a signal's disposition belongs
// to all its threads. 0 when every candidate is in use by the program.
int WakeupSignal();

}  // namespace hostmq

#endif  // HOSTMQ_WAKEUP_SIGNAL_H_
