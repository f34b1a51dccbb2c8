import { addAbortAction, removeAbortAction } from "./abort.js";
import { QueueClosedError } from "./errors/queue-error.js";
import { loopTurn } from "./loop-turn.js";
import type { IterationOptions, WaitOptions } from "./wait-options.js";

/**
 * What an iteration needs of a queue.
 *
 * @internal
 */
export interface Receiver<M, R extends object> {
  readonly closed: boolean;
  receive(options?: R & WaitOptions): Promise<M>;
  tryReceiveMany(max: number, options?: R): M[];
}

/**
 * Iterates over the messages of a queue; `messages()` of a queue makes it.
 *
 * @typeParam M - The message: body and priority, or body and type.
 * @typeParam R - The family's receive options.
 */
// Written by hand, for an async generator costs two more promises for each message.
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

  /** @internal */
  constructor(queue: Receiver<M, R>, receiveOptions: R, options: IterationOptions | undefined) {
    this.#queue = queue;
    this.#receiveOptions = receiveOptions;
    this.#prefetch = options?.prefetch ?? 0;
    this.#signal = options?.signal;
  }

  /**
   * The next message, waiting for it. `done` after `return` and when the queue handle was closed.
   *
   * @throws The signal's reason when it is aborted; otherwise as the queue's `receive`.
   */
  next(): Promise<IteratorResult<M, undefined>> {
    // A plain receive sees to the event loop itself; what was taken ahead would be given without end.
    if (this.#prefetch === 0 || loopTurn.allowsAnother()) return this.#step();
    return new Promise((resolve) => {
      loopTurn.defer({
        proceed: () => {
          resolve(this.#step());
        },
      });
    });
  }

  /** Ends the iteration: a pending `next` is `done`, and the next message stays in the kernel. */
  return(): Promise<IteratorResult<M, undefined>> {
    this.#ended = true;
    if (this.#pending > 0) this.#abort.abort(finished);
    return Promise.resolve(finished);
  }

  /** The iterator itself, for `for await`. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  #step(): Promise<IteratorResult<M, undefined>> {
    if (this.#ended) return Promise.resolve(finished);
    try {
      const ahead = this.prefetched.shift() ?? this.#takeAhead();
      if (ahead !== undefined) return Promise.resolve({ value: ahead, done: false });
    } catch (error) {
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever the queue threw stays what it is
      return Promise.reject(error);
    }
    return this.#receive();
  }

  #takeAhead(): M | undefined {
    if (this.#prefetch === 0 || this.#queue.closed || this.#signal?.aborted === true) return undefined;
    const [first, ...rest] = this.#queue.tryReceiveMany(this.#prefetch + 1, this.#receiveOptions);
    this.prefetched.push(...rest);
    return first;
  }

  async #receive(): Promise<IteratorResult<M, undefined>> {
    this.#pending++;
    const signal = this.#signal;
    const onAbort = (): void => {
      this.#abort.abort(signal?.reason);
    };
    try {
      signal?.throwIfAborted();
      if (signal !== undefined) addAbortAction(signal, onAbort);
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
      if (signal !== undefined) removeAbortAction(signal, onAbort);
    }
  }
}

const finished: IteratorReturnResult<undefined> = Object.freeze({ value: undefined, done: true });
