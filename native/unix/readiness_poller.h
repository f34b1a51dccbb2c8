#ifndef HOSTMQ_UNIX_READINESS_POLLER_H_
#define HOSTMQ_UNIX_READINESS_POLLER_H_

#include <poll.h>
#include <pthread.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "lock.h"
#include "readiness_channel.h"

namespace hostmq {

// One thread per environment that waits in poll for descriptors and reports which may be ready. It never touches
// a message. A watch reports once and must be set again, so a slow reader costs no wake-ups.
//
// Not kqueue: NetBSD's queues know only poll.
//
//   JavaScript thread  all methods
//   own thread         Run
class ReadinessPoller {
 public:
  explicit ReadinessPoller(ReadinessChannel* channel) : channel_(channel) {}
  ~ReadinessPoller() { Stop(); }
  ReadinessPoller(const ReadinessPoller&) = delete;
  ReadinessPoller& operator=(const ReadinessPoller&) = delete;

  // Watches for `events` (poll's bits) once, in place of what was watched on this descriptor before. Starts the
  // thread when it does not run yet. 0 or a negative errno.
  int Watch(int descriptor, uint32_t events, uint64_t token);
  void Forget(int descriptor);
  // Joins the thread.
  void Stop();

 private:
  struct Watched {
    int descriptor;
    short events;
    uint64_t token;
  };

  int Start();
  // The thread looks anew at what it has to watch.
  void Nudge();
  static void* Run(void* self);
  // Fills `polled` with the nudge pipe and what is watched; false when it is time to end.
  bool Collect(std::vector<pollfd>* polled);
  // Reports what poll found, and watches it no longer.
  void Report(const std::vector<pollfd>& polled);

  ReadinessChannel* channel_;
  int nudge_[2] = {-1, -1};
  pthread_t thread_ = {};
  Mutex mutex_;
  std::vector<Watched> watched_;  // guarded by mutex_
  bool stopping_ = false;         // guarded by mutex_
};

}  // namespace hostmq

#endif  // HOSTMQ_UNIX_READINESS_POLLER_H_
