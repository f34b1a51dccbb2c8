/*
 * hostmq.h: small conveniences for C programs that share message queues with hostmq. Header only, C99 and C++, no
 * dependency. A C program never needs it: a queue is the kernel's, and the plain calls work on it.
 *
 * What is here is what is easy to get wrong: opening with the same defaults as hostmq (owner only, close on exec),
 * receiving with a buffer that is always large enough, and words for errno that say what to do.
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
