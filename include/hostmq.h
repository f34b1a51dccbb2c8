/*
 * hostmq.h: small conveniences for C programs that share message queues with hostmq. Header only, C99 and C++, no
 * dependency. A C program never needs it: a queue is the kernel's, and the plain calls work on it.
 *
 * What is here is what is easy to get wrong: opening with the same defaults as hostmq (owner only, close on exec),
 * receiving with a buffer that is always large enough, the frames of handles with `coalesce`, and words for errno that
 * say what to do.
 *
 * Every function returns what the system call returns, with errno set: -1 for failure. Nothing retries after a signal
 * (EINTR), prints, or exits. Link with -lrt where glibc is older than 2.34. In strict modes (-std=c99) include this
 * header first, or compile with -D_XOPEN_SOURCE=700.
 */
#ifndef HOSTMQ_H
#define HOSTMQ_H

#if defined(__STRICT_ANSI__) && !defined(_GNU_SOURCE) && !defined(_DEFAULT_SOURCE) && !defined(_XOPEN_SOURCE)
#define _XOPEN_SOURCE 700
#endif

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/stat.h>
#include <sys/types.h>

#ifndef O_CLOEXEC
#error "hostmq.h: include it before other headers, or compile with -D_XOPEN_SOURCE=700"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Room for one message, kept from receive to receive. Start with HOSTMQ_BUFFER_INIT, end with hostmq_buffer_free. The
 * body of the last message is `length` bytes at `body`, aligned for any type; it is good until the next receive.
 */
struct hostmq_buffer {
  void* body;
  size_t length;
  /* Private: */
  char* memory;
  size_t size;
};

#define HOSTMQ_BUFFER_INIT {NULL, 0, NULL, 0}

/* The bytes in front of the body that System V uses for the type, widened so that the body is aligned. */
#define HOSTMQ_FRONT 16

static inline void hostmq_buffer_free(struct hostmq_buffer* buffer) {
  free(buffer->memory);
  buffer->memory = NULL;
  buffer->body = NULL;
  buffer->length = buffer->size = 0;
}

/* Room for a body of `size` bytes; what was in the buffer is lost. -1 with ENOMEM when there is no memory. */
static inline int hostmq_buffer_reserve(struct hostmq_buffer* buffer, size_t size) {
  char* memory;
  if (buffer->memory != NULL && buffer->size >= size) return 0;
  memory = (char*)malloc(HOSTMQ_FRONT + size);
  if (memory == NULL) return -1;
  free(buffer->memory);
  buffer->memory = memory;
  buffer->body = memory + HOSTMQ_FRONT;
  buffer->length = 0;
  buffer->size = size;
  return 0;
}

/* ---- POSIX queues ---- */

/*
 * Opens a queue that exists. `access` is O_RDONLY, O_WRONLY or O_RDWR, with O_NONBLOCK if wanted; `name` is "/jobs".
 * ENOENT: there is none; EACCES: its mode does not let you.
 */
static inline mqd_t hostmq_posix_open(const char* name, int access) { return mq_open(name, access | O_CLOEXEC); }

/*
 * Makes a queue for its owner alone (0600); EEXIST when there is one. `max_messages` and `max_size` both 0 mean the
 * system's defaults, one of them 0 means 10 messages or 8192 bytes. EINVAL: more than fs.mqueue.msg_max or msgsize_max
 * allow.
 */
static inline mqd_t hostmq_posix_create(const char* name, int access, long max_messages, long max_size) {
  struct mq_attr limits;
  if (max_messages == 0 && max_size == 0) return mq_open(name, access | O_CREAT | O_EXCL | O_CLOEXEC, 0600, NULL);
  memset(&limits, 0, sizeof limits);
  limits.mq_maxmsg = max_messages == 0 ? 10 : max_messages;
  limits.mq_msgsize = max_size == 0 ? 8192 : max_size;
  return mq_open(name, access | O_CREAT | O_EXCL | O_CLOEXEC, 0600, &limits);
}

/* Opens the queue, making it first if there is none. An existing queue keeps its own limits. */
static inline mqd_t hostmq_posix_open_or_create(const char* name, int access, long max_messages, long max_size) {
  for (;;) {
    mqd_t queue = hostmq_posix_open(name, access);
    if (queue != (mqd_t)-1 || errno != ENOENT) return queue;
    queue = hostmq_posix_create(name, access, max_messages, max_size);
    if (queue != (mqd_t)-1 || errno != EEXIST) return queue;
    /* Somebody made it between the two: open theirs. */
  }
}

/*
 * Receives the oldest message of the highest priority, whatever its size: the buffer is as large as the queue allows
 * messages to be. `priority` may be NULL. Returns the length. Waits, unless the queue was opened with O_NONBLOCK
 * (EAGAIN).
 */
static inline ssize_t hostmq_posix_receive(mqd_t queue, struct hostmq_buffer* buffer, unsigned* priority) {
  struct mq_attr limits;
  ssize_t length;
  if (buffer->memory == NULL || buffer->size == 0) {
    if (mq_getattr(queue, &limits) == -1) return -1;
    if (hostmq_buffer_reserve(buffer, (size_t)limits.mq_msgsize) == -1) return -1;
  }
  length = mq_receive(queue, (char*)buffer->body, buffer->size, priority);
  if (length == -1 && errno == EMSGSIZE) { /* the buffer served a queue of smaller messages before */
    if (mq_getattr(queue, &limits) == -1) return -1;
    if (hostmq_buffer_reserve(buffer, (size_t)limits.mq_msgsize) == -1) return -1;
    length = mq_receive(queue, (char*)buffer->body, buffer->size, priority);
  }
  if (length >= 0) buffer->length = (size_t)length;
  return length;
}

/* ---- System V queues ---- */

/* Opens the queue of a key that exists: its id, or -1. ENOENT: there is none; EACCES: its mode does not let you. */
static inline int hostmq_sysv_open(key_t key) { return msgget(key, 0); }

/* Makes a queue for its owner alone (0600); EEXIST when there is one. With IPC_PRIVATE always a new one. */
static inline int hostmq_sysv_create(key_t key) { return msgget(key, IPC_CREAT | IPC_EXCL | 0600); }

/* Opens the queue, making it first if there is none. */
static inline int hostmq_sysv_open_or_create(key_t key) { return msgget(key, IPC_CREAT | 0600); }

/*
 * Sends `length` bytes under a type of at least 1; the body need not have a `long` in front. `flags` is 0, or
 * IPC_NOWAIT for EAGAIN when the queue is full. EINVAL: the type is below 1, or the body longer than kernel.msgmax.
 */
static inline int hostmq_sysv_send(int queue, long type, const void* body, size_t length, int flags) {
  long small[64];
  char* memory = (char*)small;
  int result, error;
  if (length > sizeof small - sizeof(long)) {
    if (length > (size_t)-1 - sizeof(long)) {
      errno = EINVAL;
      return -1;
    }
    memory = (char*)malloc(sizeof(long) + length);
    if (memory == NULL) return -1;
  }
  memcpy(memory, &type, sizeof type);
  if (length > 0) memcpy(memory + sizeof type, body, length);
  result = msgsnd(queue, memory, length, flags);
  error = errno;
  if (memory != (char*)small) free(memory);
  errno = error;
  return result;
}

/*
 * Receives a message whole, whatever its size: too small a buffer grows, and the message stays in the queue meanwhile.
 * `wanted` is as for msgrcv: 0 the oldest, n > 0 that type, n < 0 the lowest type up to -n. `type` may be NULL. `flags`
 * may have IPC_NOWAIT (ENOMSG when there is none) and MSG_EXCEPT. Returns the length.
 */
static inline ssize_t hostmq_sysv_receive(int queue, struct hostmq_buffer* buffer, long wanted, int flags, long* type) {
  size_t size = buffer->memory == NULL || buffer->size == 0 ? 1024 : buffer->size;
  for (;;) {
    ssize_t length;
    char* front;
    if (hostmq_buffer_reserve(buffer, size) == -1) return -1;
    front = (char*)buffer->body - sizeof(long);
    length = msgrcv(queue, front, buffer->size, wanted, flags);
    if (length >= 0) {
      buffer->length = (size_t)length;
      if (type != NULL) memcpy(type, front, sizeof *type);
      return length;
    }
    if (errno != E2BIG || size > (size_t)-1 / 4) return -1;
    size *= 2;
  }
}

/* ---- Frames: many messages in one message of the queue, for hostmq handles with `coalesce: true` ---- */

/*
 * docs/coalescing.md says what a frame is. Numbers in it are little-endian; bodies have no alignment, so copy structs
 * out with memcpy.
 *
 * To write: hostmq_frame_begin, hostmq_frame_add for each message, hostmq_frame_end, and send `memory` as one message.
 * To read: hostmq_frame_open on what was received, then hostmq_frame_next until it gives 0.
 */
#define HOSTMQ_FRAME_HEADER 16        /* bytes of a frame before its messages */
#define HOSTMQ_FRAME_EACH 4           /* bytes of a frame before each body */
#define HOSTMQ_FRAME_MESSAGES 0xffffu /* the most messages of a frame */

/* CRC-32 as of zlib. A program that links zlib may say: #define HOSTMQ_CRC32(data, length) crc32(0, data, length) */
#ifndef HOSTMQ_CRC32
#define HOSTMQ_CRC32(data, length) hostmq_crc32(data, length)
#endif

static inline uint32_t hostmq_crc32(const unsigned char* data, size_t length) {
  static const uint32_t table[16] = {0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
                                     0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
                                     0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
  uint32_t crc = 0xffffffffu;
  size_t i;
  for (i = 0; i < length; i++) {
    crc ^= data[i];
    crc = (crc >> 4) ^ table[crc & 15];
    crc = (crc >> 4) ^ table[crc & 15];
  }
  return crc ^ 0xffffffffu;
}

static inline void hostmq_put32(unsigned char* at, uint32_t value) {
  at[0] = (unsigned char)value;
  at[1] = (unsigned char)(value >> 8);
  at[2] = (unsigned char)(value >> 16);
  at[3] = (unsigned char)(value >> 24);
}

static inline uint32_t hostmq_get32(const unsigned char* at) {
  return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* A frame that is being written. After hostmq_frame_end, `length` bytes of `memory` are the message to send. */
struct hostmq_frame {
  unsigned char* memory;
  size_t length;
  /* Private: */
  size_t size;
  unsigned count;
};

/* Begins a frame in memory of the caller: `size` is the most that the queue takes for one message (mq_msgsize, msgmax).
 */
static inline void hostmq_frame_begin(struct hostmq_frame* frame, void* memory, size_t size) {
  frame->memory = (unsigned char*)memory;
  frame->size = size;
  frame->length = HOSTMQ_FRAME_HEADER;
  frame->count = 0;
}

/* Adds a message; -1 with EMSGSIZE when there is no room for it: end the frame, send it, begin another. */
static inline int hostmq_frame_add(struct hostmq_frame* frame, const void* body, size_t length) {
  unsigned char* at;
  if (frame->count == HOSTMQ_FRAME_MESSAGES || frame->size < frame->length ||
      frame->size - frame->length < HOSTMQ_FRAME_EACH || frame->size - frame->length - HOSTMQ_FRAME_EACH < length ||
      length > 0xffffffffu - frame->length) {
    errno = EMSGSIZE;
    return -1;
  }
  at = frame->memory + frame->length;
  hostmq_put32(at, (uint32_t)length);
  if (length > 0) memcpy(at + HOSTMQ_FRAME_EACH, body, length);
  frame->length += HOSTMQ_FRAME_EACH + length;
  frame->count++;
  return 0;
}

/* Completes the frame: the bytes to send, 0 when no message was added (then send nothing). */
static inline size_t hostmq_frame_end(struct hostmq_frame* frame) {
  unsigned char* at = frame->memory;
  if (frame->count == 0) return 0;
  hostmq_put32(at, 0x514d4893u);
  hostmq_put32(at + 8, (uint32_t)frame->count << 16 | 1u);
  hostmq_put32(at + 12, (uint32_t)frame->length);
  hostmq_put32(at + 4, (uint32_t)HOSTMQ_CRC32(at + 8, frame->length - 8));
  return frame->length;
}

/* A frame that is being read. */
struct hostmq_frame_reader {
  /* Private: */
  const unsigned char* next;
  const unsigned char* end;
};

/* Begins to read what was received; -1 with EBADMSG when it is not a frame: none of its bytes is a message then. */
static inline int hostmq_frame_open(struct hostmq_frame_reader* reader, const void* received, size_t length) {
  const unsigned char* at = (const unsigned char*)received;
  size_t position = HOSTMQ_FRAME_HEADER;
  uint32_t count;
  reader->next = reader->end = NULL;
  errno = EBADMSG;
  if (length < HOSTMQ_FRAME_HEADER || hostmq_get32(at) != 0x514d4893u || at[8] != 1 || at[9] != 0) return -1;
  if (hostmq_get32(at + 12) != length) return -1;
  if (hostmq_get32(at + 4) != (uint32_t)HOSTMQ_CRC32(at + 8, length - 8)) return -1;
  count = (uint32_t)at[10] | (uint32_t)at[11] << 8;
  if (count == 0) return -1;
  for (; count > 0; count--) {
    size_t each;
    if (length - position < HOSTMQ_FRAME_EACH) return -1;
    each = hostmq_get32(at + position);
    position += HOSTMQ_FRAME_EACH;
    if (length - position < each) return -1;
    position += each;
  }
  if (position != length) return -1;
  reader->next = at + HOSTMQ_FRAME_HEADER;
  reader->end = at + length;
  return 0;
}

/* The next message of the frame: 1, with its body inside of what was received; 0 behind the last. */
static inline int hostmq_frame_next(struct hostmq_frame_reader* reader, const void** body, size_t* length) {
  if (reader->next == reader->end) return 0;
  *length = hostmq_get32(reader->next);
  *body = reader->next + HOSTMQ_FRAME_EACH;
  reader->next += HOSTMQ_FRAME_EACH + *length;
  return 1;
}

/* ---- Words ---- */

/*
 * What an errno of a queue call means and what to do about it, in one sentence. `call` is the C function that failed
 * ("mq_open", "msgsnd" …), since the same errno means different things. Never NULL; the text is constant.
 */
static inline const char* hostmq_error_text(const char* call, int error) {
  int open = strcmp(call, "mq_open") == 0;
  int get = strcmp(call, "msgget") == 0;
  int send = strcmp(call, "mq_send") == 0 || strcmp(call, "mq_timedsend") == 0 || strcmp(call, "msgsnd") == 0;
  switch (error) {
    case ENOENT:
      return "There is no such queue; create it, or look for it in another IPC namespace (container).";
    case EEXIST:
      return "The queue exists already; open it instead, or take another name or key.";
    case EACCES:
      return open ? "The queue's mode does not let you, or the name has a second slash; ask its owner."
                  : "The queue's mode does not let you; ask its owner.";
    case EPERM:
      return "Only the queue's owner or creator, or root, may do that.";
    case EINVAL:
      if (open)
        return "The name lacks its leading slash, or a limit exceeds fs.mqueue.msg_max or fs.mqueue.msgsize_max.";
      if (strcmp(call, "msgsnd") == 0)
        return "The queue is gone, the type is below 1, or the body exceeds kernel.msgmax.";
      return "The queue is gone, or an argument is out of range.";
    case EMFILE:
      return "Too many descriptors, or RLIMIT_MSGQUEUE is used up (ulimit -q); unlink queues or make smaller ones.";
    case ENFILE:
      return "The system has no file descriptors left.";
    case ENOSPC:
      return get ? "No disk is full: the system has kernel.msgmni queues already; remove some (ipcs -q, ipcrm -q)."
                 : "No disk is full: the system has fs.mqueue.queues_max queues already; unlink some.";
    case ENOMEM:
      return "The system has no memory for it.";
    case EAGAIN:
      return send ? "The queue is full; receive from it, wait, or try again."
                  : "There is no message; wait, or try again.";
    case EBADMSG:
      return "What was received is no frame; the other side does not coalesce.";
    case EMSGSIZE:
      return send ? "The message is longer than the queue allows (mq_msgsize)."
                  : "The buffer is smaller than the queue's mq_msgsize; use hostmq_posix_receive.";
    case ENOMSG:
      return "There is no such message; wait, or try again.";
    case E2BIG:
      return "The message is longer than the buffer and still in the queue; use hostmq_sysv_receive.";
#ifdef EIDRM
    case EIDRM:
      return "Somebody removed the queue; open or create it again.";
#endif
    case EINTR:
      return "A signal arrived before a message did; call again if you did not mean to stop.";
    case ETIMEDOUT:
      return "The time was up; the other side may be gone.";
    case EBADF:
      return "The descriptor is closed, or was not opened for this direction.";
    case ENAMETOOLONG:
      return "The name is longer than 255 bytes.";
    case ENOSYS:
      return "This system has no such queues (macOS and WSL 1 lack POSIX ones; FreeBSD wants the module mqueuefs).";
    default:
      return strerror(error);
  }
}

#ifdef __cplusplus
}
#endif

#endif
