// What the C peers of the tests have in common. A peer does one thing, says so in lines that a
// program can read, and ends with status 0, or with 1 after a line "error CALL ERRNO TEXT".
#ifndef HOSTMQ_TEST_PEER_H
#define HOSTMQ_TEST_PEER_H

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static inline void fail(const char* call) {
  const int number = errno;  // strerror may change it
  printf("error %s %d %s\n", call, number, strerror(number));
  fflush(stdout);
  exit(1);
}

static inline void usage(const char* text) {
  fprintf(stderr, "usage: %s\n", text);
  exit(2);
}

// Says a line that the other side waits for. Lines of which there may be many are left to the
// buffer.
static inline void say(const char* line) {
  puts(line);
  fflush(stdout);
}

static inline void* allocate(size_t size) {
  void* memory = calloc(1, size > 0 ? size : 1);
  if (memory == NULL) fail("calloc");
  return memory;
}

static inline void pause_for(long microseconds) {
  if (microseconds <= 0) return;
  struct timespec left = {microseconds / 1000000, microseconds % 1000000 * 1000};
  while (nanosleep(&left, &left) == -1 && errno == EINTR) continue;
}

// SIGTERM asks a peer to end after the message at hand and to say how far it came.
static volatile sig_atomic_t asked_to_end = 0;
static inline void note_the_end(int signal) {
  (void)signal;
  asked_to_end = 1;
}
static inline void end_on_sigterm(void) {
  const struct sigaction action = {.sa_handler = note_the_end};
  if (sigaction(SIGTERM, &action, NULL) == -1) fail("sigaction");
}

// The n-th of a list such as "16,0,64", which starts again after its end.
static inline long nth(const char* list, long n) {
  long length = 1;
  for (const char* c = list; *c != '\0'; c++) length += *c == ',';
  for (n %= length; n > 0; n--) list = strchr(list, ',') + 1;
  return strtol(list, NULL, 10);
}

// A body that carries its sequence number: decimal digits, cut or filled with dots to the size.
// Size -1: the digits.
static inline size_t fill_body(char* body, size_t room, long sequence, long size) {
  char digits[24];
  const size_t count = (size_t)snprintf(digits, sizeof digits, "%ld", sequence);
  size_t length = size < 0 ? count : (size_t)size;
  if (length > room) length = room;
  memset(body, '.', length);
  memcpy(body, digits, count < length ? count : length);
  return length;
}

// "message SEQUENCE RANK LENGTH", where the rank is the priority or type; and the bytes in
// hexadecimal if asked for. The sequence number is "-" where the body does not begin with one.
static inline void print_message(const char* body, size_t length, long rank, bool with_bytes) {
  size_t digits = 0;
  while (digits < length && body[digits] >= '0' && body[digits] <= '9') digits++;
  if (digits > 0) {
    printf("message %.*s %ld %zu", (int)digits, body, rank, length);
  } else {
    printf("message - %ld %zu", rank, length);
  }
  if (with_bytes) {
    putchar(' ');
    for (size_t i = 0; i < length; i++) printf("%02x", (unsigned char)body[i]);
  }
  putchar('\n');
}

#endif
