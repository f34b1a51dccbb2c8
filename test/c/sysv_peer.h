// Opening System V queues, for the peers. A queue is named by its key, or by its id as "id:NUMBER".
#ifndef HOSTMQ_TEST_SYSV_PEER_H
#define HOSTMQ_TEST_SYSV_PEER_H

#include <sys/ipc.h>
#include <sys/msg.h>

#include "peer.h"

// No body can be larger than `kernel.msgmax`, which may be raised; what cannot be read is taken for
// this.
enum { kAssumedLargestBody = 1 << 20 };

struct typed_message {
  long type;
  char body[];
};

static inline int open_queue(const char* queue) {
  if (strncmp(queue, "id:", 3) == 0) return (int)strtol(queue + 3, NULL, 10);
  const int id = msgget((key_t)strtol(queue, NULL, 0), 0);
  if (id == -1) fail("msgget");
  return id;
}

static inline size_t largest_body(void) {
  long size = kAssumedLargestBody;
  FILE* file = fopen("/proc/sys/kernel/msgmax", "r");
  if (file != NULL) {
    if (fscanf(file, "%ld", &size) != 1) size = kAssumedLargestBody;
    fclose(file);
  }
  return (size_t)size;
}

#endif
