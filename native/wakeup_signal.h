#ifndef HOSTMQ_WAKEUP_SIGNAL_H_
#define HOSTMQ_WAKEUP_SIGNAL_H_

namespace hostmq {

// The signal that calls a thread back from a blocking system call: a real-time signal where the system has them. One
// for the whole process: a signal's disposition belongs to all its threads. 0 when every candidate is in use by the
// program.
int WakeupSignal();

}  // namespace hostmq

#endif  // HOSTMQ_WAKEUP_SIGNAL_H_
