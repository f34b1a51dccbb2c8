// A sensor that knows nothing of Node: it sends its readings into one POSIX queue and takes commands from another.
//
//   sensor /READINGS /COMMANDS
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct reading {
  uint32_t sensor;
  uint32_t sequence;
  double celsius;
};

enum { kCommandRoom = 64 };

static int fail(const char* what) {
  perror(what);
  return 1;
}

int main(int argc, char** argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: sensor /READINGS /COMMANDS\n");
    return 2;
  }
  const mqd_t readings = mq_open(argv[1], O_WRONLY);
  if (readings == (mqd_t)-1) return fail(argv[1]);
  const mqd_t commands = mq_open(argv[2], O_RDONLY);
  if (commands == (mqd_t)-1) return fail(argv[2]);

  for (uint32_t sequence = 1;; sequence += 1) {
    const struct reading reading = {.sensor = 7, .sequence = sequence, .celsius = 20 + 0.5 * sequence};
    if (mq_send(readings, (const char*)&reading, sizeof reading, 0) == -1) return fail("mq_send");

    // A tenth of a second for a command, then the next reading.
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 100 * 1000 * 1000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    char command[kCommandRoom + 1];
    const ssize_t length = mq_timedreceive(commands, command, kCommandRoom, NULL, &until);
    if (length == -1 && errno == ETIMEDOUT) continue;
    if (length == -1) return fail("mq_timedreceive");
    command[length] = '\0';
    printf("sensor: command \"%s\"\n", command);
    if (strcmp(command, "stop") == 0) return 0;
  }
}
