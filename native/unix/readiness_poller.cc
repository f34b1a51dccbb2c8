#include "readiness_poller.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "result.h"
#include "thread.h"

namespace hostmq {

int ReadinessPoller::Start() {
  if (pipe(nudge_) < 0) return -errno;
  for (const int end : nudge_) {
    fcntl(end, F_SETFD, FD_CLOEXEC);
    fcntl(end, F_SETFL, O_NONBLOCK);
  }
  stopping_ = false;
  const int error = StartThread(&thread_, Run, this, 0);
  if (error == 0) return 0;
  for (int& end : nudge_) {
    close(end);
    end = -1;
  }
  return Failed(HelperCall::kPthreadCreate, error);
}

int ReadinessPoller::Watch(int descriptor, uint32_t events, uint64_t token) {
  // epoll refuses such a descriptor at once; poll would only report it.
  if (fcntl(descriptor, F_GETFD) < 0) return -errno;
  if (nudge_[0] < 0) {
    const int error = Start();
    if (error != 0) return error;
  }
  Forget(descriptor);
  {
    LockGuard guard(&mutex_);
    watched_.push_back({descriptor, static_cast<short>(events), token});
  }
  Nudge();
  return 0;
}

void ReadinessPoller::Forget(int descriptor) {
  LockGuard guard(&mutex_);
  for (size_t i = 0; i < watched_.size(); i++) {
    if (watched_[i].descriptor != descriptor) continue;
    watched_[i] = watched_.back();
    watched_.pop_back();
    return;
  }
}

void ReadinessPoller::Stop() {
  if (nudge_[0] < 0) return;
  {
    LockGuard guard(&mutex_);
    stopping_ = true;
    watched_.clear();
  }
  Nudge();
  pthread_join(thread_, nullptr);
  for (int& end : nudge_) {
    close(end);
    end = -1;
  }
}

void ReadinessPoller::Nudge() {
  const char any = 0;
  // A full pipe is nudge enough.
  while (write(nudge_[1], &any, 1) < 0 && errno == EINTR) {
  }
}

void* ReadinessPoller::Run(void* self) {
  auto* poller = static_cast<ReadinessPoller*>(self);
  std::vector<pollfd> polled;
  while (poller->Collect(&polled)) {
    const int ready = poll(polled.data(), static_cast<nfds_t>(polled.size()), -1);
    // A descriptor that is closed in the midst of it is found by the next round.
    if (ready <= 0) continue;
    char nudges[64];
    while (read(polled[0].fd, nudges, sizeof nudges) > 0) {
    }
    poller->Report(polled);
  }
  return nullptr;
}

bool ReadinessPoller::Collect(std::vector<pollfd>* polled) {
  LockGuard guard(&mutex_);
  if (stopping_) return false;
  polled->clear();
  polled->push_back({nudge_[0], POLLIN, 0});
  for (const Watched& watched : watched_) polled->push_back({watched.descriptor, watched.events, 0});
  return true;
}

void ReadinessPoller::Report(const std::vector<pollfd>& polled) {
  LockGuard guard(&mutex_);
  for (const pollfd& found : polled) {
    if (found.revents == 0) continue;
    for (size_t i = 0; i < watched_.size(); i++) {
      // A watch that was set anew meanwhile, for something else, is left alone: the next round finds what it wants.
      if (watched_[i].descriptor != found.fd || watched_[i].events != found.events) continue;
      channel_->Report(watched_[i].token, static_cast<uint32_t>(found.revents));
      watched_[i] = watched_.back();
      watched_.pop_back();
      break;
    }
  }
}

}  // namespace hostmq
