import type { ErrorRow } from "./row.js";
import { freeMemory } from "./shared-rows.js";

const pathHint = "Give an existing file or folder that both sides can reach.";

/** ftok(3), which fails as stat(2) does. */
const ftokRows: ErrorRow[] = [
  ["EACCES", "a folder on the path may not be searched", "Choose a path that this user can reach."],
  ["EBADF", "the system refuses the path", pathHint],
  ["EFAULT", "the system refuses the path", pathHint],
  ["ELOOP", "the path has too many symbolic links", "Give the file's real path."],
  ["ENAMETOOLONG", "the path is too long", "Choose a shorter path."],
  ["ENOENT", "no file or folder is there", pathHint],
  ["ENOMEM", "the kernel is out of memory", freeMemory],
  ["ENOTDIR", "a part of the path is not a folder", pathHint],
  ["EOVERFLOW", "the file's number or size does not fit the system's types", "Choose another file."],
].map(([errno = "", situation = "", remedy = ""]) => ({
  call: "ftok",
  errno,
  situation,
  remedy,
  errorClass: "QueueError",
}));

/** Waiting for a System V queue takes a thread. */
const threadRows: ErrorRow[] = [
  {
    call: "pthread_create",
    errno: "EAGAIN",
    situation: "the system gives no more threads",
    remedy:
      "Wait on fewer System V queues and selectors at once (each takes a thread), or raise the limit: ulimit -u, the container's pids limit, or sysctl kernel.threads-max.",
    errorClass: "QueueError",
  },
  {
    call: "pthread_create",
    errno: "ENOMEM",
    situation: "there is no memory for the thread's stack",
    remedy: freeMemory,
    errorClass: "QueueError",
  },
  {
    call: "pthread_create",
    errno: "EINVAL",
    situation: "the system refuses the thread's settings",
    remedy: "This is a fault of the package; please report it.",
    errorClass: "QueueError",
  },
  {
    call: "pthread_create",
    errno: "EPERM",
    situation: "the system forbids the thread's settings",
    remedy: "Look for a seccomp filter around this process.",
    errorClass: "QueueError",
  },
];

/** Failures that no system call reports; lib/errors/failure.ts builds each in a function of its own. */
const ownRows: ErrorRow[] = [
  {
    call: "hostmq",
    errno: "ETIMEDOUT",
    situation: "the timeout of a call passed; nothing was sent, and no message was taken",
    remedy:
      "Give more time, or find out why the other side does not receive or send: the message tells how full the queue is.",
    errorClass: "QueueTimeoutError",
  },
  {
    call: "hostmq",
    errno: "ERR_HOSTMQ_CLOSED",
    situation: "this handle was closed before or during the call; the queue lives on",
    remedy: "Open the queue again, or close it after the last call.",
    errorClass: "QueueClosedError",
  },
  {
    call: "hostmq",
    errno: "ERR_HOSTMQ_DECODE",
    situation:
      "the codec refused the body of a message, or with `coalesce` a message came in no frame; it is in the error's bytes: a receive has taken it, `peek` and `browse` have not",
    remedy: "Compare the codecs of both sides; give `coalesce` on both or on neither.",
    errorClass: "MessageDecodeError",
  },
  {
    call: "hostmq",
    errno: "EMSGSIZE",
    situation: "with `coalesce`, the message does not fit a frame: the queue's largest message less 20 bytes",
    remedy: "Send less, let the queue take larger messages, or give `coalesce` on neither side.",
    errorClass: "MessageTooLargeError",
  },
  {
    call: "hostmq",
    errno: "ERR_HOSTMQ_IN_HAND",
    situation:
      "with `coalesce`, the handle was closed with messages in hand, and the queue had no room for them or may not be sent to; they are in the error's `messages`",
    remedy: "Receive what is in hand before closing: `tryReceiveMany(queue.inHand)`.",
    errorClass: "MessagesInHandError",
  },
  {
    call: "hostmq",
    errno: "ERR_HOSTMQ_LOAD",
    situation: "the compiled addon could not be loaded",
    remedy:
      "Install the package for this platform, or compile it; the message tells what was tried and why each failed.",
    errorClass: "QueueError",
  },
];

/** What is neither of the two families. */
export const otherRows: readonly ErrorRow[] = [...ftokRows, ...threadRows, ...ownRows];
