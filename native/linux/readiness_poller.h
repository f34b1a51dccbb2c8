#ifndef HOSTMQ_LINUX_READINESS_POLLER_H_
#define HOSTMQ_LINUX_READINESS_POLLER_H_

#include <pthread.h>

#include <atomic>
#include <cstdint>

#include "readiness_channel.h"

namespace hostmq {

// One thread per environment that waits in epoll for descriptors and reports which may be ready. It never touches
// a message. A watch reports once and must be set again (EPOLLONESHOT), so a slow reader costs no wake-ups.
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
  // thread when it does not run yet. 0, or what failed; also what ended the thread since, after which the next call
  // starts another.
  int Watch(int descriptor, uint32_t events, uint64_t token);
  void Forget(int descriptor);
  // Joins the thread.
  void Stop();

 private:
  static constexpr uint64_t kStopToken = 0;

  int Start();
  bool WatchStopEvent(int how);
  // Joins a thread that has ended by itself.
  void EndBroken();
  static void* Run(void* self);

  ReadinessChannel* channel_;
  int epoll_ = -1;
  int stop_event_ = -1;
  pthread_t thread_ = {};
  std::atomic<int> broken_{0};  // the errno that ended the thread
};

}  // namespace hostmq

#endif  // HOSTMQ_LINUX_READINESS_POLLER_H_
