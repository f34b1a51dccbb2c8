import { tooManyKeys } from "./explain/host-full.js";
import { missingKey } from "./explain/missing.js";
import { noPermission } from "./explain/permission.js";
import { isGone, isUnknownId, removed, unknownId } from "./explain/removed.js";
import { isOverMsgmax, isOverQueueBytes, overMsgmax, overQueueBytes, overRoom } from "./explain/too-large.js";
import { noCopies, unsupported } from "./explain/unsupported.js";
import type { CallDetails } from "./call-details.js";
import type { Call, ErrorRow, Explanation } from "./row.js";
import { interrupted, noMemory } from "./shared-rows.js";
import { isLinux, sysvLimits } from "../limits.js";
import type { HostKind } from "../limits.js";
import { MSG_COPY, MSG_EXCEPT } from "../msg-constants.js";
import { sysvLimitWords } from "./system-limits.js";
import { action } from "./words.js";

const openAgain = "Open or create the queue again; systemd-logind removes queues on logout (RemoveIPC in logind.conf).";

const badAddress = (call: Call): ErrorRow => ({
  call,
  errno: "EFAULT",
  situation: "the memory given to the call cannot be used",
  remedy: "This is a fault of the package; please report it.",
  errorClass: "QueueError",
});

const noAccess = (call: Call, right: string): ErrorRow => ({
  call,
  errno: "EACCES",
  situation: `no permission ${right}`,
  remedy: "Run as its owner, or have the owner widen the mode (configure).",
  errorClass: "QueueError",
  explain: (details) => noPermission(call, details, "access"),
});

const noSupport = (call: Call): ErrorRow => ({
  call,
  errno: "ENOSYS",
  situation: "the system has no System V message queues",
  remedy: "WSL 1: move to WSL 2. FreeBSD: kldload sysvmsg. Elsewhere PosixQueue may be there.",
  errorClass: "QueueError",
  explain: (details, host) => unsupported(call, details, host),
});

/** A queue that is gone: EIDRM during a call, EINVAL when the call began after the removal. */
function removalRows(call: Call): ErrorRow[] {
  return [
    {
      call,
      errno: "EIDRM",
      situation: "the queue was removed, and its messages with it",
      remedy: openAgain,
      errorClass: "QueueRemovedError",
      explain: (details, host) => removed(call, details, host),
    },
    {
      call,
      errno: "EINVAL",
      code: "EIDRM",
      situation: "the queue of an open handle was removed before the call began",
      remedy: openAgain,
      errorClass: "QueueRemovedError",
      applies: isGone,
      explain: (details, host) => removed(call, details, host),
    },
    {
      call,
      errno: "EINVAL",
      situation: "no queue with this id exists in this IPC namespace",
      remedy: "Ask for the id again by key: ids change when a queue is removed and made anew.",
      errorClass: "QueueError",
      applies: isUnknownId,
      explain: (details, host) => unknownId(call, details, host),
    },
  ];
}

const getRows: ErrorRow[] = [
  noAccess("msgget", "for the mode that was asked for"),
  {
    call: "msgget",
    errno: "EEXIST",
    situation: "a queue with this key exists already",
    remedy: "Use SysVQueue.open or openOrCreate, or remove the old one first (remove, ipcrm -Q KEY).",
    errorClass: "QueueError",
  },
  {
    call: "msgget",
    errno: "ENOENT",
    situation: "no queue with this key exists in this IPC namespace",
    remedy:
      "Start the side that creates it, compare the keys (ipcs -q), or share the IPC namespace of the other container.",
    errorClass: "QueueError",
    explain: missingKey,
  },
  noMemory("msgget"),
  {
    call: "msgget",
    errno: "ENOSPC",
    situation: "the IPC namespace holds kernel.msgmni queues; no disk is full",
    remedy: "Remove queues that nobody needs (ipcs -q, ipcrm -q ID), or raise it: sysctl kernel.msgmni.",
    errorClass: "QueueError",
    explain: tooManyKeys,
  },
  noSupport("msgget"),
];

const sendRows: ErrorRow[] = [
  noAccess("msgsnd", "to write"),
  {
    call: "msgsnd",
    errno: "EAGAIN",
    situation: "the message is larger than the whole queue (msg_qbytes), so no waiting helps",
    remedy: "Send less, or let the queue hold more (configure({ maxBytes })).",
    errorClass: "MessageTooLargeError",
    applies: isOverQueueBytes,
    explain: overQueueBytes,
  },
  {
    call: "msgsnd",
    errno: "EAGAIN",
    situation: "the queue is full and the call was told not to wait",
    remedy: "Wait for room (send), or look at the result of trySend.",
    errorClass: "QueueError",
  },
  badAddress("msgsnd"),
  interrupted("msgsnd"),
  {
    call: "msgsnd",
    errno: "EINVAL",
    situation: "the message is longer than kernel.msgmax",
    remedy: "Send less, or raise it: sysctl kernel.msgmax.",
    errorClass: "MessageTooLargeError",
    applies: isOverMsgmax,
    explain: overMsgmax,
  },
  ...removalRows("msgsnd"),
  {
    call: "msgsnd",
    errno: "EINVAL",
    situation: "the message is larger than the whole queue (BSD and macOS; Linux says EAGAIN)",
    remedy: "Send less, or let the queue hold more (configure({ maxBytes })).",
    errorClass: "MessageTooLargeError",
    applies: isOverQueueBytes,
    explain: overQueueBytes,
  },
  {
    call: "msgsnd",
    errno: "EINVAL",
    situation: "the id, the type or the length is not a valid one",
    remedy: "A type is at least 1, and a message at most kernel.msgmax bytes long.",
    errorClass: "QueueError",
    explain: invalidSend,
  },
  noMemory("msgsnd"),
  noSupport("msgsnd"),
];

function invalidSend(details: CallDetails, host: HostKind): Explanation {
  const { name } = sysvLimitWords("msgmax", host);
  const hint = `A type is at least 1, and a message at most ${name} bytes long.`;
  const what = `cannot ${action("msgsnd", details)}`;
  const { type } = details;
  if (type !== undefined && type < 1) return { what: `${what}: the type ${type} is under 1`, hint };
  const limit = sysvLimits().maxMessageSize;
  const sizes = [
    ...(details.length === undefined ? [] : [`the message has ${details.length} bytes`]),
    ...(limit === undefined ? [] : [`${name} is ${limit}`]),
  ];
  return {
    what: `${what}: the id, the type or the length is not a valid one${sizes.length === 0 ? "" : ` (${sizes.join(", ")})`}`,
    hint,
  };
}

const receiveRows: ErrorRow[] = [
  {
    call: "msgrcv",
    errno: "E2BIG",
    situation: "the message is longer than the room given to it; it stays in the queue",
    remedy: "Give more room, or cut the message: { truncate: n } (MSG_NOERROR).",
    errorClass: "MessageTooLargeError",
    explain: overRoom,
  },
  noAccess("msgrcv", "to read"),
  badAddress("msgrcv"),
  interrupted("msgrcv"),
  ...removalRows("msgrcv"),
  {
    call: "msgrcv",
    errno: "EINVAL",
    situation: "the id or the room is not a valid one, or MSG_COPY stands without IPC_NOWAIT or with MSG_EXCEPT",
    remedy: "Room is at least 0; MSG_COPY needs IPC_NOWAIT and excludes MSG_EXCEPT.",
    errorClass: "QueueError",
  },
  {
    call: "msgrcv",
    errno: "ENOMSG",
    situation: "no message fits the selector and the call was told not to wait",
    remedy: "Wait for one (receive), or look at the result of tryReceive.",
    errorClass: "QueueError",
  },
  {
    call: "msgrcv",
    errno: "ENOSYS",
    situation: "the kernel cannot copy messages without taking them (MSG_COPY)",
    remedy: "Use receive, or a kernel with CONFIG_CHECKPOINT_RESTORE, which browse and peek need.",
    errorClass: "QueueError",
    applies: ({ flags }) => ((flags ?? 0) & MSG_COPY) !== 0,
    explain: noCopies,
  },
  {
    call: "msgrcv",
    errno: "ENOSYS",
    situation: "only Linux can receive whatever is not of a type (MSG_EXCEPT)",
    remedy: "Receive by { type } or { upTo }.",
    errorClass: "QueueError",
    applies: ({ flags }) => ((flags ?? 0) & MSG_EXCEPT) !== 0,
  },
  noSupport("msgrcv"),
  noMemory("msgrcv"),
];

const tableCommands = ["MSG_STAT", "MSG_STAT_ANY", "MSG_INFO", "IPC_INFO"];

const controlRows: ErrorRow[] = [
  noAccess("msgctl", "to read the status"),
  badAddress("msgctl"),
  ...removalRows("msgctl"),
  {
    call: "msgctl",
    errno: "EINVAL",
    situation: "the id or the command is not a valid one, or an owner or mode is not",
    remedy: "Commands are IPC_STAT, IPC_SET, IPC_RMID and, on Linux, IPC_INFO, MSG_INFO, MSG_STAT and MSG_STAT_ANY.",
    errorClass: "QueueError",
  },
  {
    call: "msgctl",
    errno: "EPERM",
    situation: "maxBytes is over kernel.msgmnb and the process has no CAP_SYS_RESOURCE",
    remedy: "Ask for less, or raise it: sysctl kernel.msgmnb.",
    errorClass: "QueueError",
    applies: ({ maxBytes }) => (maxBytes ?? 0) > (sysvLimits().maxQueueBytes ?? Infinity),
    explain: overQueueLimit,
  },
  {
    call: "msgctl",
    errno: "EPERM",
    situation: "only the owner of the queue, its creator or root may do this",
    remedy: "Run as the owner of the queue or as root.",
    errorClass: "QueueError",
    explain: (details) => noPermission("msgctl", details, "ownership"),
  },
  noMemory("msgctl"),
  {
    call: "msgctl",
    errno: "ENOSYS",
    situation: "only Linux tells a program which System V queues exist and what the limits are",
    remedy: "Look with ipcs -q, or open the queue by its key.",
    errorClass: "QueueError",
    // On Linux it means that there are no such queues at all.
    applies: ({ command = "" }, host) => tableCommands.includes(command) && !isLinux(host),
  },
  noSupport("msgctl"),
];

function overQueueLimit(details: CallDetails, host: HostKind): Explanation {
  const { name, raise } = sysvLimitWords("msgmnb", host);
  const privilege = isLinux(host) ? "CAP_SYS_RESOURCE" : "root";
  const limit = sysvLimits().maxQueueBytes;
  const { maxBytes } = details;
  return {
    what: `cannot ${action("msgctl", details)}: maxBytes ${maxBytes} is over ${name} = ${limit}, which only ${privilege} may pass`,
    hint: `Ask for ${limit} or less, or ${raise(maxBytes ?? "N")}`,
  };
}

/** System V queues: sysvipc(7) and the manual page of each call. */
export const sysvRows: readonly ErrorRow[] = [...getRows, ...sendRows, ...receiveRows, ...controlRows];
