// The rules of faults.c as they lie in its file. test/faults/faults.ts writes the same layout.
#ifndef HOSTMQ_TEST_FAULTS_H
#define HOSTMQ_TEST_FAULTS_H

#include <stdatomic.h>
#include <stdint.h>

enum { kRules = 8, kNameSize = 24 };

enum {
  kAfterwards = 1,  // the call is carried out first, and its delay and failure come afterwards
};

struct rule {
  char call[kNameSize];
  atomic_int enabled;
  int32_t error;  // errno; 0 leaves it at the delay
  int32_t flags;
  int32_t delay;  // microseconds; of pthread_create: of the new thread's start
  int32_t after;  // so many calls pass before the first that is hit
  int32_t every;  // of those that follow, each so many-th is hit
  int32_t times;  // so many are hit; below 0: no end
  atomic_int seen;
  atomic_int hits;
  int32_t unused;
};

_Static_assert(sizeof(struct rule) == 64, "the layout of test/faults/faults.ts");

#endif
