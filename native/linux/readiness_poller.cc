#include "readiness_poller.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>

#include "result.h"
#include "thread.h"

namespace hostmq {

int ReadinessPoller::Start() {
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  if (epoll_ < 0) return Failed(HelperCall::kEpollCreate, errno);
  stop_event_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  int error = stop_event_ < 0 ? Failed(HelperCall::kEventfd, errno) : 0;
  if (error == 0 && !WatchStopEvent(EPOLL_CTL_ADD)) error = Failed(HelperCall::kEpollCtl, errno);
  if (error == 0) {
    const int thread_error = StartThread(&thread_, Run, this, 0);
    if (thread_error != 0) error = Failed(HelperCall::kPthreadCreate, thread_error);
  }
  if (error != 0) {
    if (stop_event_ >= 0) close(stop_event_);
    close(epoll_);
    epoll_ = stop_event_ = -1;
  }
  return error;
}

bool ReadinessPoller::WatchStopEvent(int how) {
  epoll_event event = {};
  event.events = EPOLLIN;
  event.data.u64 = kStopToken;
  return epoll_ctl(epoll_, how, stop_event_, &event) == 0;
}

int ReadinessPoller::Watch(int descriptor, uint32_t events, uint64_t token) {
  const int broken = broken_.load();
  if (broken != 0) {
    EndBroken();
    return Failed(HelperCall::kEpollWait, broken);
  }
  if (epoll_ < 0) {
    const int error = Start();
    if (error != 0) return error;
  }
  epoll_event event = {};
  event.events = events | EPOLLONESHOT;
  event.data.u64 = token;
  if (epoll_ctl(epoll_, EPOLL_CTL_MOD, descriptor, &event) == 0) return 0;
  if (errno == ENOENT && epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) == 0) return 0;
  return Failed(HelperCall::kEpollCtl, errno);
}

void ReadinessPoller::Forget(int descriptor) {
  if (epoll_ >= 0) epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
}

void ReadinessPoller::Stop() {
  if (epoll_ < 0) return;
  if (broken_.load() != 0) {
    EndBroken();
    return;
  }
  const uint64_t one = 1;
  while (write(stop_event_, &one, sizeof one) < 0 && errno == EINTR) {
  }
  pthread_join(thread_, nullptr);
  close(stop_event_);
  close(epoll_);
  epoll_ = stop_event_ = -1;
}

void ReadinessPoller::EndBroken() {
  pthread_join(thread_, nullptr);
  // Somebody may have closed our descriptors, and their numbers be a stranger's by now, who must not lose them.
  if (WatchStopEvent(EPOLL_CTL_MOD)) {
    close(stop_event_);
    close(epoll_);
  }
  epoll_ = stop_event_ = -1;
  broken_.store(0);
}

void* ReadinessPoller::Run(void* self) {
  auto* poller = static_cast<ReadinessPoller*>(self);
  constexpr int kBatch = 64;
  epoll_event events[kBatch];
  for (;;) {
    const int count = epoll_wait(poller->epoll_, events, kBatch, -1);
    if (count < 0 && errno != EINTR) {
      // Nobody would ever be told of anything again: all who wait look for themselves, and meet the error.
      poller->broken_.store(errno);
      poller->channel_->Report(kEveryToken, 0);
      return nullptr;
    }
    for (int i = 0; i < count; i++) {
      if (events[i].data.u64 == kStopToken) return nullptr;
      poller->channel_->Report(events[i].data.u64, events[i].events);
    }
  }
}

}  // namespace hostmq
