import { checkInteger, checkSignal, checkTimeout, wrongType } from "./arguments.js";
import type { MessageDecodeError } from "./errors/queue-error.js";

/** How long a call may wait. */
export interface WaitOptions {
  /** Milliseconds on a monotonic clock; 0 tries once; absent or `Infinity` waits for ever. */
  timeout?: number | undefined;
  /** Ends the wait: the promise rejects with `signal.reason`, and nothing was taken or sent. */
  signal?: AbortSignal | undefined;
}

/** How long a blocking call may wait. */
export interface SyncWaitOptions {
  /** Milliseconds on a monotonic clock; 0 tries once; absent or `Infinity` waits for ever. */
  timeout?: number | undefined;
}

/**
 * What an iteration or stream does with a message that its codec refuses: `"throw"` rejects with the MessageDecodeError, after
 * which the next step goes on; `"skip"` drops the message; a function is handed the error, which carries the message whole, and
 * the iteration goes on when what it returns is done.
 */
export type DecodeErrorPolicy = "throw" | "skip" | ((error: MessageDecodeError) => void | PromiseLike<void>);

/** How an iteration or a stream receives. */
export interface IterationOptions {
  /** Ends the iteration by rejecting with `signal.reason`; the next message stays in the queue. */
  signal?: AbortSignal | undefined;
  /**
   * How many messages may be taken from the kernel ahead of the one asked for (default 0: none). They are in the iterator's
   * `prefetched` until they are asked for, and lost to other readers.
   */
  prefetch?: number | undefined;
  /** What to do with a message that the codec refuses (default `"throw"`). */
  onDecodeError?: DecodeErrorPolicy | undefined;
}

const promised = ["timeout", "signal"];
const blocking = ["timeout"];
const iterating = ["signal", "prefetch", "onDecodeError"];
const immediate: string[] = [];

/** The names of the options, beside those of the family, that a method takes. */
function waitOptionsOf(method: string): readonly string[] {
  switch (method) {
    case "send":
    case "receive":
      return promised;
    case "sendSync":
    case "receiveSync":
      return blocking;
    case "messages":
    case "readable":
      return iterating;
    default:
      return immediate;
  }
}

const allowedNames = new Map<string, readonly string[]>();

/** The options that a method of a family takes: the family's own ones, and those that go with the method. */
export function allowedOptions(family: string, method: string, own: readonly string[]): readonly string[] {
  const key = `${family}.${method}`;
  let allowed = allowedNames.get(key);
  if (allowed === undefined) {
    allowed = [...own, ...waitOptionsOf(method)];
    allowedNames.set(key, allowed);
  }
  return allowed;
}

/** Checks the values of the options that both families have: how to wait and how to iterate. */
export function checkWaiting(method: string, options: WaitOptions & IterationOptions): void {
  if (options.timeout !== undefined) checkTimeout(method, options.timeout);
  if (options.signal !== undefined) checkSignal(method, options.signal);
  if (options.prefetch !== undefined) checkInteger(method, "prefetch", options.prefetch, 0, 2 ** 31 - 1);
  const policy = options.onDecodeError;
  if (policy !== undefined && policy !== "throw" && policy !== "skip" && typeof policy !== "function") {
    throw wrongType(method, "onDecodeError", '"throw", "skip" or a function', policy);
  }
}
