import { QueueClosedError } from "./errors/queue-error.js";
import type { IterationOptions, WaitOptions } from "./wait-options.js";

/** What an iteration needs of a queue. */
export interface Receiver<M, R extends object> {
  readonly closed: boolean;
  receive(options?: R & WaitOptions): Promise<M>;
  tryReceiveMany(max: number, options?: R): M[];
}

/**
 * Iterates over the messages of a queue. Written by hand, for an async generator costs two more promises for each message.
 */
export class MessageIterator<M, R extends object> implements AsyncIterableIterator<M> {
  /** Messages that were taken ahead because `prefetch` asked for it, and not given out yet; the oldest first. */
  readonly prefetched: M[] = [];
  readonly #queue: Receiver<M, R>;
  readonly #receiveOptions: R;
  readonly #prefetch: number;
  readonly #signal: AbortSignal | undefined;
  readonly #abort = new AbortController();
  #pending = 0;
  #ended = false;

  constructor(queue: Receiver<M, R>, receiveOptions: R, options: IterationOptions | undefined) {
    this.#queue = queue;
    this.#receiveOptions = receiveOptions;
    this.#prefetch = options?.prefetch ?? 0;
    this.#signal = options?.signal;
  }

  /** The next message, waiting for it. `done` after `return` and when the queue handle was closed. */
  next(): Promise<IteratorResult<M, undefined>> {
    if (this.#ended) return Promise.resolve(finished);
    const ahead = this.prefetched.shift() ?? this.#takeAhead();
    if (ahead !== undefined) return Promise.resolve({ value: ahead, done: false });
    return this.#receive();
  }

  /** Ends the iteration: a pending `next` is `done`, and the next message stays in the kernel. */
  return(): Promise<IteratorResult<M, undefined>> {
    this.#ended = true;
    if (this.#pending > 0) this.#abort.abort(finished);
    return Promise.resolve(finished);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #takeAhead(): M | undefined {
    if (this.#prefetch === 0 || this.#queue.closed || this.#signal?.aborted === true) return undefined;
    const [first, ...rest] = this.#queue.tryReceiveMany(this.#prefetch + 1, this.#receiveOptions);
    this.prefetched.push(...rest);
    return first;
  }

  async #receive(): Promise<IteratorResult<M, undefined>> {
    this.#pending++;
    const onAbort = (): void => {
      this.#abort.abort(this.#signal?.reason);
    };
    try {
      this.#signal?.throwIfAborted();
      this.#signal?.addEventListener("abort", onAbort, { once: true });
      const value = await this.#queue.receive({ ...this.#receiveOptions, signal: this.#abort.signal });
      return { value, done: false };
    } catch (error) {
      if (error === finished || error instanceof QueueClosedError) {
        this.#ended = true;
        return finished;
      }
      throw error;
    } finally {
      this.#pending--;
      this.#signal?.removeEventListener("abort", onAbort);
    }
  }
}

const finished: IteratorReturnResult<undefined> = Object.freeze({ value: undefined, done: true });
