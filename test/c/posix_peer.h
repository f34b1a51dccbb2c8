// Opening and measuring POSIX queues, for the peers.
#ifndef HOSTMQ_TEST_POSIX_PEER_H
#define HOSTMQ_TEST_POSIX_PEER_H

#include <fcntl.h>
#include <mqueue.h>

#include "peer.h"

static inline mqd_t open_queue(const char* name, int flags) {
  const mqd_t queue = mq_open(name, flags);
  if (queue == (mqd_t)-1) fail("mq_open");
  return queue;
}

static inline size_t message_size(mqd_t queue) {
  struct mq_attr attributes;
  if (mq_getattr(queue, &attributes) == -1) fail("mq_getattr");
  return (size_t)attributes.mq_msgsize;
}

#endif
