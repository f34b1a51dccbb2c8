// Says the key of ftok(3) as C's signed number for each project id: "key KEY".
//   sysv_ftok PATH PROJECT...
#include <sys/ipc.h>

#include "peer.h"

int main(int argc, char** argv) {
  if (argc < 3) usage("sysv_ftok PATH PROJECT...");
  for (int i = 2; i < argc; i++) {
    errno = 0;
    const key_t key = ftok(argv[1], (int)strtol(argv[i], NULL, 10));
    if (key == -1 && errno != 0) fail("ftok");
    printf("key %ld\n", (long)key);
  }
  return 0;
}
