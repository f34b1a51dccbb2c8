// Sends signals to a process, in turn. Says "sent COUNT" at the end.
//   signal_storm [-d MICROSECONDS] PID COUNT SIGNAL...
// -d pauses after each. COUNT 0 goes on until the process is gone or SIGTERM.
#include "peer.h"

static const char* const kUsage = "signal_storm [-d MICROSECONDS] PID COUNT SIGNAL...";

int main(int argc, char** argv) {
  long pace = 0;
  for (int option; (option = getopt(argc, argv, "d:")) != -1;) {
    if (option != 'd') usage(kUsage);
    pace = strtol(optarg, NULL, 10);
  }
  if (argc - optind < 3) usage(kUsage);
  const pid_t process = (pid_t)strtol(argv[optind], NULL, 10);
  const long count = strtol(argv[optind + 1], NULL, 10);
  char** const signals = argv + optind + 2;
  const long kinds = argc - optind - 2;
  end_on_sigterm();

  long sent = 0;
  for (; (count == 0 || sent < count) && !asked_to_end; sent++) {
    if (kill(process, (int)strtol(signals[sent % kinds], NULL, 10)) == -1) {
      if (errno == ESRCH) break;
      fail("kill");
    }
    pause_for(pace);
  }
  printf("sent %ld\n", sent);
  return 0;
}
