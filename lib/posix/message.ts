import type { Message, Received } from "../message-queue.js";

/** A message from a POSIX queue. */
export interface PosixMessage<T> extends Message<T> {
  /** 0 to 32767 on Linux; higher ones come first. */
  priority: number;
}

/** How to send to a POSIX queue. */
export interface PosixSendOptions {
  /** 0 to `sysconf(_SC_MQ_PRIO_MAX) - 1` (32767 on Linux; default 0); higher ones are received first. */
  priority?: number | undefined;
}

/** A POSIX queue has nothing to select by: the oldest message of the highest priority comes first. */
export interface PosixReceiveOptions {
  /** No such option: an empty type would let the compiler take any. */
  readonly [noOption]?: never;
}

/** Nothing exists under it at run time. */
declare const noOption: unique symbol;

/** What `receiveInto` found. */
export interface PosixReceived extends Received {
  /** 0 to 32767 on Linux. */
  priority: number;
}
