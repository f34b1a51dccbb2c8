import type { HostKind } from "../limits.js";
import type { CallDetails } from "./call-details.js";

/** The calls that can fail, by their C names; `addon` stands for loading the addon, `hostmq` for the package itself. */
export const calls = [
  "mq_open",
  "mq_close",
  "mq_unlink",
  "mq_send",
  "mq_timedsend",
  "mq_receive",
  "mq_timedreceive",
  "mq_getattr",
  "mq_setattr",
  "mq_notify",
  "fchmod",
  "fchown",
  "msgget",
  "msgsnd",
  "msgrcv",
  "msgctl",
  "ftok",
  "epoll_create1",
  "eventfd",
  "epoll_ctl",
  "epoll_wait",
  "ppoll",
  "pthread_create",
  "sigaction",
  "timer_create",
  "timer_settime",
  "socket",
  "fcntl",
  "hostmq",
] as const;

/** A call of the table. */
export type Call = (typeof calls)[number];

/** The classes that rows name. */
export type ErrorClassName =
  | "QueueError"
  | "QueueTimeoutError"
  | "QueueClosedError"
  | "QueueRemovedError"
  | "MessageTooLargeError"
  | "MessageDecodeError"
  | "MessagesInHandError";

/** What happened, up to its period, and what to do, a sentence or more. */
export interface Explanation {
  readonly what: string;
  readonly hint: string;
}

/** One way in which one call fails. */
export interface ErrorRow {
  readonly call: Call;
  /** What the kernel reports, or a code of our own. */
  readonly errno: string;
  /** What the program sees as `code` where this is not the errno. */
  readonly code?: string;
  /** Reads after "cannot open the queue:"; also the cell of the docs page. */
  readonly situation: string;
  /** What to do, as far as it can be said without live numbers. */
  readonly remedy: string;
  /** The same on systems other than Linux, where it is another. */
  readonly remedyElsewhere?: string;
  readonly errorClass: ErrorClassName;
  /** Whether this row is the one, where a call has several for an errno; the last of them asks nothing. */
  readonly applies?: (details: CallDetails, host: HostKind) => boolean;
  /** Says it with live numbers; where absent, situation and remedy are said as they stand. */
  readonly explain?: (details: CallDetails, host: HostKind) => Explanation;
}
