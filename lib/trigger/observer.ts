import type { PosixQueue } from "../posix/queue.js";
import type { SysVQueue } from "../sysv/queue.js";

/** A queue of either family, with any codec: looking decodes nothing. */
export type ObservableQueue =
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what its bodies are does not matter
  PosixQueue<any, any> | SysVQueue<any, any>;

/** What one look at a queue tells, and what can be concluded from it and the looks before. */
export interface Observation {
  /** Milliseconds on a monotonic clock. */
  readonly at: number;
  /** Messages in the queue. */
  readonly messages: number;
  /** Bytes in all bodies together; undefined for POSIX queues, whose attributes do not tell. */
  readonly bytes: number | undefined;
  /** Messages that came since the look before, as far as the number shows. */
  readonly arrived: number;
  /** Messages that were taken since the look before, as far as the number shows. */
  readonly taken: number;
  /** The most messages that any look found. */
  readonly highWater: number;
  /** Milliseconds for which the oldest message has been seen to wait, first in, first out; 0 for an empty queue. */
  readonly oldest: number;
  /** Milliseconds for which there were messages and none was seen to be taken; 0 for an empty queue. */
  readonly unread: number;
}

interface Batch {
  readonly at: number;
  messages: number;
}

/**
 * Watches a queue from outside. The kernel keeps no history and stamps no message: ages count from the look that first saw a
 * message, and what came and went between two looks is not seen.
 */
export class QueueObserver {
  readonly #queue: ObservableQueue;
  /** Messages by the look that first saw them, the oldest first. */
  #waiting: Batch[] = [];
  #messages = 0;
  #highWater = 0;
  #lastTaken = 0;
  #lastReceivedAt: number | undefined;

  /** @param queue - Is only looked at; it may be used for sending and receiving as well. */
  constructor(queue: ObservableQueue) {
    this.#queue = queue;
  }

  /**
   * Looks once: one system call.
   *
   * @throws As `attributes` and `status` of the queue.
   */
  look(): Observation {
    const at = performance.now();
    const { messages, bytes, lastReceivedAt } = this.#look();
    const change = messages - this.#messages;
    const arrived = Math.max(0, change);
    const taken = Math.max(0, -change);
    // The kernel's own time tells of a receive that a send has made up for.
    const seenTaken = taken > 0 || lastReceivedAt !== this.#lastReceivedAt;
    if (seenTaken || this.#messages === 0) this.#lastTaken = at;
    this.#lastReceivedAt = lastReceivedAt;
    this.#messages = messages;
    this.#highWater = Math.max(this.#highWater, messages);
    if (arrived > 0) this.#waiting.push({ at, messages: arrived });
    this.#forget(taken);
    const oldest = at - (this.#waiting[0]?.at ?? at);
    const unread = messages === 0 ? 0 : at - this.#lastTaken;
    return { at, messages, bytes, arrived, taken, highWater: this.#highWater, oldest, unread };
  }

  #look(): { messages: number; bytes?: number | undefined; lastReceivedAt?: number | undefined } {
    if (!("status" in this.#queue)) return { messages: this.#queue.attributes().currentMessages };
    const { messages, bytes, lastReceivedAt } = this.#queue.status();
    return { messages, bytes, lastReceivedAt: lastReceivedAt?.getTime() };
  }

  #forget(taken: number): void {
    for (let left = taken; left > 0;) {
      const [oldest] = this.#waiting;
      if (oldest === undefined) return;
      const gone = Math.min(left, oldest.messages);
      oldest.messages -= gone;
      left -= gone;
      if (oldest.messages === 0) this.#waiting.shift();
    }
  }
}
