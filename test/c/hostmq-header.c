/* Uses all of hostmq.h on queues of its own, and says what went wrong. Exit status 77: this system lets nobody make
 * queues. */
/* clang-format off: in strict modes it must come first */
#include "hostmq.h"
/* clang-format on */

#include <stdio.h>
#include <unistd.h>

static int failures = 0;

#define CHECK(condition)                                                        \
  do {                                                                          \
    if (!(condition)) {                                                         \
      fprintf(stderr, "line %d: %s (errno %d)\n", __LINE__, #condition, errno); \
      failures++;                                                               \
    }                                                                           \
  } while (0)

static void system_v(void) {
  static char large[5000];
  struct hostmq_buffer buffer = HOSTMQ_BUFFER_INIT;
  long type = 0;
  int queue = hostmq_sysv_create(IPC_PRIVATE);
  struct msqid_ds status;
  CHECK(queue != -1);
  CHECK(msgctl(queue, IPC_STAT, &status) == 0 && (status.msg_perm.mode & 0777) == 0600);
  memset(large, 'x', sizeof large);
  CHECK(hostmq_sysv_send(queue, 7, "hello", 5, 0) == 0);
  CHECK(hostmq_sysv_send(queue, 9, large, sizeof large, 0) == 0);
  CHECK(hostmq_sysv_send(queue, 3, NULL, 0, 0) == 0);
  CHECK(hostmq_sysv_send(queue, 0, "x", 1, 0) == -1 && errno == EINVAL);
  CHECK(hostmq_sysv_receive(queue, &buffer, 0, 0, &type) == 5 && type == 7 && memcmp(buffer.body, "hello", 5) == 0);
  CHECK(hostmq_sysv_receive(queue, &buffer, 9, 0, &type) == 5000 && type == 9 && memcmp(buffer.body, large, 5000) == 0);
  CHECK(buffer.length == 5000 && ((size_t)buffer.body % 16) == 0);
  CHECK(hostmq_sysv_receive(queue, &buffer, 0, 0, NULL) == 0 && buffer.length == 0);
  CHECK(hostmq_sysv_receive(queue, &buffer, 0, IPC_NOWAIT, NULL) == -1 && errno == ENOMSG);
  CHECK(msgctl(queue, IPC_RMID, NULL) == 0);
  CHECK(hostmq_sysv_receive(queue, &buffer, 0, IPC_NOWAIT, NULL) == -1 && (errno == EIDRM || errno == EINVAL));
  hostmq_buffer_free(&buffer);
  CHECK(buffer.body == NULL);
}

static void posix(void) {
  struct hostmq_buffer buffer = HOSTMQ_BUFFER_INIT;
  char name[64];
  unsigned priority = 0;
  mqd_t queue, again, wider;
  struct mq_attr limits;
  snprintf(name, sizeof name, "/hostmq-header-%ld", (long)getpid());
  CHECK(hostmq_posix_open(name, O_RDWR) == (mqd_t)-1 && errno == ENOENT);
  queue = hostmq_posix_open_or_create(name, O_RDWR | O_NONBLOCK, 2, 16);
  CHECK(queue != (mqd_t)-1);
  CHECK(hostmq_posix_create(name, O_RDWR, 0, 0) == (mqd_t)-1 && errno == EEXIST);
  CHECK(hostmq_posix_create(name, O_RDWR, 2, 16) == (mqd_t)-1 && errno == EEXIST);
  again = hostmq_posix_open_or_create(name, O_RDONLY, 0, 0);
  CHECK(again != (mqd_t)-1 && mq_getattr(again, &limits) == 0 && limits.mq_msgsize == 16);
  CHECK(mq_unlink(name) == 0);
  wider = hostmq_posix_create(name, O_RDWR | O_NONBLOCK, 1, 64);
  CHECK(wider != (mqd_t)-1 && mq_unlink(name) == 0);
  CHECK(mq_send(queue, "hello", 5, 3) == 0);
  CHECK(hostmq_posix_receive(queue, &buffer, &priority) == 5 && priority == 3 && memcmp(buffer.body, "hello", 5) == 0);
  CHECK(hostmq_posix_receive(queue, &buffer, NULL) == -1 && errno == EAGAIN);
  CHECK(mq_send(wider, "a longer message than sixteen bytes", 35, 0) == 0);
  CHECK(hostmq_posix_receive(wider, &buffer, NULL) == 35 && buffer.length == 35);
  mq_close(queue);
  mq_close(again);
  mq_close(wider);
  hostmq_buffer_free(&buffer);
}

static void frames(void) {
  unsigned char memory[64], copy[64];
  struct hostmq_frame frame;
  struct hostmq_frame_reader reader;
  const void* body = NULL;
  size_t length = 0, i;
  CHECK(hostmq_crc32((const unsigned char*)"123456789", 9) == 0xcbf43926u);
  hostmq_frame_begin(&frame, memory, sizeof memory);
  CHECK(hostmq_frame_end(&frame) == 0);
  CHECK(hostmq_frame_add(&frame, "hello", 5) == 0);
  CHECK(hostmq_frame_add(&frame, NULL, 0) == 0);
  CHECK(hostmq_frame_add(&frame, "a body of thirty-two bytes, less", 32) == -1 && errno == EMSGSIZE);
  CHECK(hostmq_frame_add(&frame, "a body of thirty-one bytes, yes", 31) == 0);
  CHECK(hostmq_frame_add(&frame, "", 0) == -1 && errno == EMSGSIZE);
  CHECK(hostmq_frame_end(&frame) == 64 && frame.length == 64);
  CHECK(hostmq_frame_open(&reader, memory, 64) == 0);
  CHECK(hostmq_frame_next(&reader, &body, &length) == 1 && length == 5 && memcmp(body, "hello", 5) == 0);
  CHECK(hostmq_frame_next(&reader, &body, &length) == 1 && length == 0);
  CHECK(hostmq_frame_next(&reader, &body, &length) == 1 && length == 31);
  CHECK(hostmq_frame_next(&reader, &body, &length) == 0 && hostmq_frame_next(&reader, &body, &length) == 0);
  for (i = 0; i < 64 * 8; i++) {
    memcpy(copy, memory, 64);
    copy[i / 8] ^= (unsigned char)(1u << i % 8);
    CHECK(hostmq_frame_open(&reader, copy, 64) == -1 && errno == EBADMSG);
    CHECK(hostmq_frame_next(&reader, &body, &length) == 0);
  }
  for (i = 0; i < 64; i++) CHECK(hostmq_frame_open(&reader, memory, i) == -1 && errno == EBADMSG);
  /* A right checksum of wrong contents: the length, the count, the length of a message, the version. */
  for (i = 0; i < 5; i++) {
    static const struct {
      size_t at;
      unsigned char value;
    } changes[] = {{12, 63}, {10, 2}, {10, 4}, {16, 6}, {8, 2}};
    memcpy(copy, memory, 64);
    copy[changes[i].at] = changes[i].value;
    hostmq_put32(copy + 4, hostmq_crc32(copy + 8, 56));
    CHECK(hostmq_frame_open(&reader, copy, 64) == -1 && errno == EBADMSG);
  }
  hostmq_frame_begin(&frame, memory, 3);
  CHECK(hostmq_frame_add(&frame, "", 0) == -1 && errno == EMSGSIZE);
}

int main(void) {
  int probe = hostmq_sysv_create(IPC_PRIVATE);
  if (probe == -1) return 77;
  msgctl(probe, IPC_RMID, NULL);
  system_v();
  posix();
  frames();
  CHECK(strstr(hostmq_error_text("msgget", ENOSPC), "msgmni") != NULL);
  CHECK(strstr(hostmq_error_text("mq_open", EINVAL), "msgsize_max") != NULL);
  CHECK(strstr(hostmq_error_text("mq_send", EAGAIN), "full") != NULL);
  CHECK(strstr(hostmq_error_text("mq_receive", EAGAIN), "no message") != NULL);
  CHECK(hostmq_error_text("msgrcv", 9999) != NULL);
  return failures == 0 ? 0 : 1;
}
