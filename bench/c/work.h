// The work that every competitor does, for C. posix.c and sysv.c give the queue:
//   open_queue, send_message, receive_message, remove_queue, and memory for 8192 bytes of body
//
// program pair   <name> <size> <count> <depth> <burst>   one process: `burst` sends, then as many receives
// program drain  …                                       the same; only the receives count
// program receive <name> <size> <count> <depth>          one-way: creates the queue, prints "ready", receives
// program send   …                                       one-way: sends
// program echo   …                                       creates two queues, prints "ready", sends back what comes
// program ping   …                                       sends and waits for the answer; gives the median round trip
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static void open_queue(int index, const char* name, size_t size, long depth);
static void send_message(int index, char* body, size_t length);
static size_t receive_message(int index, char* into, size_t room);
static void remove_queue(int index);
static char* body_memory(void);
static char* into_memory(void);

static void fail(const char* what) {
  perror(what);
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static double cpu(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int by_size(const void* one, const void* other) {
  const double a = *(const double*)one;
  const double b = *(const double*)other;
  return (a > b) - (a < b);
}

static double median(double* values, long count) {
  qsort(values, (size_t)count, sizeof *values, by_size);
  return values[count / 2];
}

static void report(double ns, double cpu_ns) {
  printf("{\"ns\":%.1f,\"cpu\":%.1f}\n", ns, cpu_ns);
  fflush(stdout);
}

static void ready(void) {
  puts("ready");
  fflush(stdout);
}

enum { SLICES = 400, WARM_UP = 200 };

// The median of slices shorter than a turn of the scheduler: another program that got the core meanwhile does not
// count.
static void pair(char* body, char* into, size_t size, long count, long burst, int only_receives) {
  double slices[SLICES];
  const long rounds = count / SLICES / burst + 1;
  double cpu_start = 0;
  for (long slice = -WARM_UP; slice < SLICES; slice++) {
    if (slice == 0) cpu_start = cpu();
    double spent = 0;
    double start = now();
    for (long round = 0; round < rounds; round++) {
      for (long i = 0; i < burst; i++) send_message(0, body, size);
      if (only_receives) start = now();
      for (long i = 0; i < burst; i++) receive_message(0, into, 8192);
      if (only_receives) spent += now() - start;
    }
    if (!only_receives) spent = now() - start;
    if (slice >= 0) slices[slice] = spent / (double)(rounds * burst);
  }
  const double cpu_ns = (cpu() - cpu_start) / (double)(rounds * burst * SLICES);
  report(median(slices, SLICES), cpu_ns);
  remove_queue(0);
}

static void receive_all(char* into, long count) {
  ready();
  const long warm_up = count / 4;
  for (long i = 0; i < warm_up; i++) receive_message(0, into, 8192);
  const double start = now();
  const double cpu_start = cpu();
  for (long i = warm_up; i < count; i++) receive_message(0, into, 8192);
  const double measured = (double)(count - warm_up);
  report((now() - start) / measured, (cpu() - cpu_start) / measured);
  remove_queue(0);
}

static void send_all(char* body, size_t size, long count) {
  const double start = now();
  const double cpu_start = cpu();
  for (long i = 0; i < count; i++) send_message(0, body, size);
  report((now() - start) / (double)count, (cpu() - cpu_start) / (double)count);
}

static void echo(char* into, long count) {
  ready();
  const double cpu_start = cpu();
  for (long i = 0; i < count; i++) send_message(1, into, receive_message(0, into, 8192));
  report(0, (cpu() - cpu_start) / (double)count);
}

static void ping(char* body, char* into, size_t size, long count) {
  double* trips = calloc((size_t)count, sizeof *trips);
  if (trips == NULL) fail("calloc");
  const double cpu_start = cpu();
  for (long i = 0; i < count; i++) {
    const double start = now();
    send_message(0, body, size);
    receive_message(1, into, 8192);
    trips[i] = now() - start;
  }
  const double cpu_ns = (cpu() - cpu_start) / (double)count;
  // The first half warms up.
  report(median(trips + count / 2, count - count / 2), cpu_ns);
  free(trips);
  // Only now has the last answer been received.
  remove_queue(0);
  remove_queue(1);
}

int main(int argc, char** argv) {
  if (argc < 6) return 2;
  const char* work = argv[1];
  const char* name = argv[2];
  const size_t size = (size_t)atol(argv[3]);
  const long count = atol(argv[4]);
  const long depth = atol(argv[5]);
  const long burst = argc > 6 ? atol(argv[6]) : 1;
  char* body = body_memory();
  char* into = into_memory();
  memset(body, 'x', 8192);
  open_queue(0, name, size, depth);
  if (strcmp(work, "pair") == 0)
    pair(body, into, size, count, burst, 0);
  else if (strcmp(work, "drain") == 0)
    pair(body, into, size, count, burst, 1);
  else if (strcmp(work, "receive") == 0)
    receive_all(into, count);
  else if (strcmp(work, "send") == 0)
    send_all(body, size, count);
  else {
    open_queue(1, name, size, depth);
    if (strcmp(work, "echo") == 0)
      echo(into, count);
    else
      ping(body, into, size, count);
  }
  return 0;
}
