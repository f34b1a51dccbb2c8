import { createLimits } from "./explain/create-limits.js";
import { descriptorsOrBytes } from "./explain/descriptors-or-bytes.js";
import { tooManyNames } from "./explain/host-full.js";
import { missingName } from "./explain/missing.js";
import { mayNotGive, noPermission } from "./explain/permission.js";
import { bufferUnderMessageSize, overMessageSize } from "./explain/too-large.js";
import { unsupported } from "./explain/unsupported.js";
import type { Call, ErrorRow } from "./row.js";
import { freeMemory, interrupted, noMemory } from "./shared-rows.js";
import { action, inSentence } from "./words.js";

const nameRule = 'A name is a slash and 1 to 255 bytes without another slash, and neither "/." nor "/..".';
const mountForWriting = "Mount it for writing.";
const openAgain = "Open the queue again; each descriptor is good until its close and in its own process.";

const badName = ({ name }: { readonly name?: string | undefined }): boolean =>
  name !== undefined && (name.indexOf("/", 1) > 0 || name === "/." || name === "/..");

/** What mq_open and mq_unlink share: both resolve a name. */
function nameRows(call: "mq_open" | "mq_unlink"): ErrorRow[] {
  return [
    {
      call,
      errno: "EACCES",
      situation: 'the name has a second slash, or is "/." or "/.."',
      remedy: nameRule,
      errorClass: "QueueError",
      applies: badName,
    },
    {
      call,
      errno: "EACCES",
      ...(call === "mq_open"
        ? {
            situation: "no permission on the queue",
            remedy:
              "Run as its owner, or have the creator give a wider mode; the umask takes bits away unless exactMode is set.",
          }
        : {
            situation: "only the owner of the queue or root may unlink it",
            remedy: "Run as the owner of the queue or as root.",
          }),
      errorClass: "QueueError",
      explain: (details) => noPermission(call, details, call === "mq_open" ? "access" : "ownership"),
    },
    {
      call,
      errno: "ENAMETOOLONG",
      situation: "the name is longer than 255 bytes",
      remedy: nameRule,
      errorClass: "QueueError",
    },
    {
      call,
      errno: "ENOENT",
      situation: "the name is a lone slash",
      remedy: nameRule,
      errorClass: "QueueError",
      applies: ({ name }) => name === "/",
    },
    {
      call,
      errno: "ENOENT",
      situation: "no queue of this name exists in this IPC namespace",
      remedy:
        "Start the side that creates it, mind the spelling (the nearest name is told), or share the IPC namespace of the other container.",
      errorClass: "QueueError",
      explain: (details, host) => missingName(call, details, host),
    },
    noQueues(call),
    noMemory(call),
    {
      call,
      errno: "EROFS",
      situation: "the mqueue filesystem is mounted read-only",
      remedy: "Mount it for writing: mount -o remount,rw /dev/mqueue.",
      remedyElsewhere: mountForWriting,
      errorClass: "QueueError",
    },
  ];
}

const openRows: ErrorRow[] = [
  ...nameRows("mq_open"),
  {
    call: "mq_open",
    errno: "EEXIST",
    situation: "a queue of this name exists already",
    remedy: "Use PosixQueue.open or openOrCreate, or unlink the old one first (PosixQueue.unlink).",
    errorClass: "QueueError",
  },
  {
    call: "mq_open",
    errno: "EINVAL",
    situation: "the name does not begin with a slash",
    remedy: nameRule,
    errorClass: "QueueError",
    applies: ({ name }) => name !== undefined && !name.startsWith("/"),
    explain: ({ name = "" }) => ({
      what: `cannot open ${inSentence(name)}: the name ${name === "" ? "is empty" : "does not begin with a slash"}`,
      hint: nameRule,
    }),
  },
  {
    call: "mq_open",
    errno: "EINVAL",
    situation:
      "maxMessages or maxMessageSize is over fs.mqueue.msg_max or msgsize_max, and the process has no CAP_SYS_RESOURCE",
    remedy: "Ask for less, or raise the limit: sysctl fs.mqueue.msg_max=N (docker run --sysctl fs.mqueue.msg_max=N).",
    errorClass: "QueueError",
    explain: createLimits,
  },
  {
    call: "mq_open",
    errno: "EOVERFLOW",
    situation: "maxMessages times maxMessageSize is more than the kernel can count",
    remedy: "Ask for fewer or smaller messages.",
    errorClass: "QueueError",
  },
  {
    call: "mq_open",
    errno: "EMFILE",
    situation: "the process has no descriptor left, or its user has used up RLIMIT_MSGQUEUE; the message tells which",
    remedy:
      "Close or unlink queues, make this one smaller, or raise ulimit -n (descriptors) or ulimit -q (bytes of all queues of the user).",
    errorClass: "QueueError",
    explain: descriptorsOrBytes,
  },
  {
    call: "mq_open",
    errno: "ENFILE",
    situation: "the whole system has as many open files as it allows",
    remedy: "Find who holds them (cat /proc/sys/fs/file-nr), or raise it: sysctl fs.file-max.",
    remedyElsewhere: "Find who holds them, or raise it: sysctl kern.maxfiles.",
    errorClass: "QueueError",
  },
  {
    call: "mq_open",
    errno: "ENOSPC",
    situation: "the IPC namespace holds fs.mqueue.queues_max queues; no disk is full",
    remedy: "Unlink queues that nobody needs, or raise it: sysctl fs.mqueue.queues_max.",
    errorClass: "QueueError",
    explain: tooManyNames,
  },
  {
    call: "mq_open",
    errno: "EPERM",
    situation: "the system forbids the call",
    remedy: "Look for a seccomp filter, AppArmor or SELinux rule around this process.",
    remedyElsewhere: "Look for a jail or sandbox around this process.",
    errorClass: "QueueError",
  },
];

const unlinkRows: ErrorRow[] = [
  ...nameRows("mq_unlink"),
  {
    call: "mq_unlink",
    errno: "EINVAL",
    situation: "the name does not begin with a slash",
    remedy: nameRule,
    errorClass: "QueueError",
  },
];

/** A call on a descriptor of another kind, or on none. */
function noQueues(call: Call): ErrorRow {
  return {
    call,
    errno: "ENOSYS",
    situation: "the system has no POSIX message queues",
    remedy: "macOS, WSL 1, gVisor: use SysVQueue or run on Linux. FreeBSD: kldload mqueuefs.",
    errorClass: "QueueError",
    explain: (details, host) => unsupported(call, details, host),
  };
}

function descriptorRow(call: Call, wrongDirection?: string): ErrorRow {
  return {
    call,
    errno: "EBADF",
    situation: `the descriptor is not an open message queue${wrongDirection === undefined ? "" : `, or not open for ${wrongDirection}`}`,
    remedy: wrongDirection === undefined ? openAgain : `Open the queue with access for ${wrongDirection}.`,
    errorClass: "QueueError",
  };
}

function sendRows(call: "mq_send" | "mq_timedsend"): ErrorRow[] {
  return [
    {
      call,
      errno: "EAGAIN",
      situation: "the queue is full and the call was told not to wait",
      remedy: "Wait for room (send), or look at the result of trySend.",
      errorClass: "QueueError",
    },
    descriptorRow(call, "writing"),
    interrupted(call),
    {
      call,
      errno: "EINVAL",
      situation: "the priority is over the system's highest, or the time is not a valid one",
      remedy:
        "Priorities go from 0 to MQ_PRIO_MAX - 1 (32767 on Linux, 31 at least everywhere); tv_nsec from 0 to 999999999.",
      errorClass: "QueueError",
      explain: (details) => ({
        what: `cannot ${action(call, details)}: the priority${details.priority === undefined ? "" : ` ${details.priority}`} is over the system's highest, or the time is not a valid one`,
        hint: "Priorities go from 0 to MQ_PRIO_MAX - 1 (32767 on Linux, 31 at least everywhere); tv_nsec from 0 to 999999999.",
      }),
    },
    {
      call,
      errno: "EMSGSIZE",
      situation: "the message is longer than the queue's mq_msgsize",
      remedy: "Send less, or create the queue anew with a larger maxMessageSize.",
      errorClass: "MessageTooLargeError",
      explain: (details) => overMessageSize(call, details),
    },
    {
      call,
      errno: "ENOMEM",
      situation: "the kernel is out of memory for the message",
      remedy: freeMemory,
      errorClass: "QueueError",
    },
    {
      call,
      errno: "ETIMEDOUT",
      situation: "the queue stayed full until the time was over; nothing was sent",
      remedy: "Give more time, or find out why nobody receives.",
      errorClass: "QueueTimeoutError",
    },
  ];
}

function receiveRows(call: "mq_receive" | "mq_timedreceive"): ErrorRow[] {
  return [
    {
      call,
      errno: "EAGAIN",
      situation: "the queue is empty and the call was told not to wait",
      remedy: "Wait for a message (receive), or look at the result of tryReceive.",
      errorClass: "QueueError",
    },
    descriptorRow(call, "reading"),
    interrupted(call),
    {
      call,
      errno: "EINVAL",
      situation: "the time is not a valid one",
      remedy: "Give a tv_sec of at least 0 and a tv_nsec from 0 to 999999999.",
      errorClass: "QueueError",
    },
    {
      call,
      errno: "EMSGSIZE",
      situation: "the buffer is smaller than the queue's mq_msgsize; the message stays in the queue",
      remedy: "Give a buffer of at least mq_msgsize bytes.",
      errorClass: "MessageTooLargeError",
      explain: (details) => bufferUnderMessageSize(call, details),
    },
    {
      call,
      errno: "EBADMSG",
      situation: "the system found the message damaged",
      remedy: "Receive the next one; Linux does not report this.",
      errorClass: "QueueError",
    },
    {
      call,
      errno: "ETIMEDOUT",
      situation: "the queue stayed empty until the time was over; nothing was taken",
      remedy: "Give more time, or find out why nobody sends.",
      errorClass: "QueueTimeoutError",
    },
  ];
}

const notifyRows: ErrorRow[] = [
  descriptorRow("mq_notify"),
  {
    call: "mq_notify",
    errno: "EBUSY",
    situation: "another process has registered already, and the kernel keeps one registration per queue",
    remedy: "Look who it is (NOTIFY_PID in /dev/mqueue), or use receive, which needs no registration.",
    remedyElsewhere: "Use receive, which needs no registration.",
    errorClass: "QueueError",
  },
  {
    call: "mq_notify",
    errno: "EINVAL",
    situation: "the kind of notification or the signal's number is not a valid one",
    remedy: "Use SIGEV_NONE, SIGEV_SIGNAL with a valid signal, or a callback.",
    errorClass: "QueueError",
  },
  noMemory("mq_notify"),
  {
    call: "mq_notify",
    errno: "ENOSYS",
    situation: "the system cannot notify",
    remedy: "Use receive, which needs no notification; emulators such as qemu lack this call alone.",
    remedyElsewhere: "Use receive or onNotEmpty, which need no notification; functions are called on Linux alone.",
    errorClass: "QueueError",
  },
];

const attributeRows: ErrorRow[] = [
  { ...descriptorRow("mq_close"), remedy: "Close a descriptor once; a second close could hit somebody else's." },
  interrupted("mq_close"),
  descriptorRow("mq_getattr"),
  noQueues("mq_getattr"),
  {
    call: "mq_getattr",
    errno: "EBUSY",
    situation: "a handle of this thread has the descriptor already",
    remedy: "Use that handle, or hand over a duplicate of the descriptor: two handles would close it twice.",
    errorClass: "QueueError",
  },
  descriptorRow("mq_setattr"),
  {
    call: "mq_setattr",
    errno: "EINVAL",
    situation: "a flag other than O_NONBLOCK is set",
    remedy: "Only O_NONBLOCK can change; sizes are fixed when the queue is created.",
    errorClass: "QueueError",
  },
];

/** What fchmod and fchown share: both change the queue through its descriptor. */
function permissionRows(call: "fchmod" | "fchown"): ErrorRow[] {
  return [
    descriptorRow(call),
    {
      call,
      errno: "EROFS",
      situation: "the mqueue filesystem is mounted read-only",
      remedy: "Mount it for writing: mount -o remount,rw /dev/mqueue.",
      remedyElsewhere: mountForWriting,
      errorClass: "QueueError",
    },
    {
      call,
      errno: "EIO",
      situation: "the system reports an input/output error",
      remedy: "Try again; Linux does not report this for queues.",
      errorClass: "QueueError",
    },
  ];
}

const modeRows: ErrorRow[] = [
  {
    call: "fchmod",
    errno: "EPERM",
    situation: "only the owner of the queue or root (CAP_FOWNER) may change its mode",
    remedy: "Run as the owner of the queue or as root; or leave exactMode out.",
    errorClass: "QueueError",
    explain: (details, host) => noPermission("fchmod", details, "ownership", host),
  },
  {
    call: "fchmod",
    errno: "EINVAL",
    situation: "the system cannot change the mode of a queue through its descriptor",
    remedy: "Leave exactMode out and set the umask before creating.",
    errorClass: "QueueError",
  },
  ...permissionRows("fchmod"),
];

const ownerRows: ErrorRow[] = [
  {
    call: "fchown",
    errno: "EPERM",
    situation:
      "only root (CAP_CHOWN) may give a queue to another user, and besides root only its owner to another group, one of the owner's own",
    remedy: "Run as root; for a group of the owner's own, as the owner.",
    errorClass: "QueueError",
    explain: mayNotGive,
  },
  ...permissionRows("fchown"),
];

/** POSIX queues: mq_overview(7) and the manual page of each call. */
export const posixRows: readonly ErrorRow[] = [
  ...openRows,
  ...unlinkRows,
  ...sendRows("mq_send"),
  ...sendRows("mq_timedsend"),
  ...receiveRows("mq_receive"),
  ...receiveRows("mq_timedreceive"),
  ...attributeRows,
  ...notifyRows,
  ...modeRows,
  ...ownerRows,
];
