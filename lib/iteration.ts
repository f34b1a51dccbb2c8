import { MessageDecodeError, QueueClosedError } from "./errors/queue-error.js";
import { loopTurn } from "./loop-turn.js";
import type { DecodeErrorPolicy, IterationOptions } from "./wait-options.js";
import type { Waiting } from "./waiting.js";

/**
 * What one crossing took: messages, and behind them one that the codec refused, if it came to one.
 *
 * @internal
 */
export interface Batch<M> {
  messages: M[];
  refused: MessageDecodeError | undefined;
}

/**
 * What an iteration needs of a queue.
 *
 * @internal
 */
export interface Receiver<M> {
  isClosed(): boolean;
  /** One try, where no other receive of the handle waits and the event loop has had its turn. */
  take(): M | undefined;
  /** Waits for a message, when `take` has just given none. */
  wait(signal: AbortSignal | undefined): Waiting<M>;
  takeMany(max: number): Batch<M>;
}

/**
 * Iterates over the messages of a queue; `messages()` of a queue makes it.
 *
 * @typeParam M - The message: body and priority, or body and type.
 */
// Written by hand, for an async generator costs two more promises for each message. What is there is given at once, without
// more than the promise that `next` must return.
export class MessageIterator<M> implements AsyncIterableIterator<M> {
  /** Messages that were taken ahead because `prefetch` asked for it, and not given out yet; the oldest first. */
  readonly prefetched: M[] = [];
  /** The message that was taken ahead behind those of `prefetched` and that the codec refused; no step has told of it yet. */
  refused: MessageDecodeError | undefined;
  readonly #queue: Receiver<M>;
  readonly #prefetch: number;
  readonly #onDecodeError: DecodeErrorPolicy;
  readonly #signal: AbortSignal | undefined;
  readonly #waiting = new Set<Waiting<M>>();
  #ended = false;

  /** @internal */
  constructor(queue: Receiver<M>, options: IterationOptions) {
    this.#queue = queue;
    this.#prefetch = options.prefetch ?? 0;
    this.#onDecodeError = options.onDecodeError ?? "throw";
    this.#signal = options.signal;
  }

  /**
   * The next message, waiting for it. `done` after `return` and when the queue handle was closed.
   *
   * @throws The signal's reason when it is aborted; what an `onDecodeError` function throws; otherwise as the queue's `receive`.
   */
  next(): Promise<IteratorResult<M, undefined>> {
    return this.#onDecodeError === "throw" ? this.#nextStep() : this.#nextDecoded(this.#onDecodeError);
  }

  async #nextDecoded(policy: Exclude<DecodeErrorPolicy, "throw">): Promise<IteratorResult<M, undefined>> {
    for (;;) {
      try {
        return await this.#nextStep();
      } catch (error) {
        if (!(error instanceof MessageDecodeError)) throw error;
        if (policy !== "skip") await policy(error);
      }
    }
  }

  #nextStep(): Promise<IteratorResult<M, undefined>> {
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
    for (const each of this.#waiting) each.withdraw(finished);
    return Promise.resolve(finished);
  }

  /** The iterator itself, for `for await`. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  #step(): Promise<IteratorResult<M, undefined>> {
    if (this.#ended) return Promise.resolve(finished);
    try {
      if (this.#prefetch > 0) {
        const message = this.prefetched.shift() ?? this.#takeAhead();
        if (message !== undefined) return Promise.resolve({ value: message, done: false });
      }
      return this.#receive();
    } catch (error) {
      return this.#failed(error);
    }
  }

  #takeAhead(): M | undefined {
    // It came behind those of `prefetched`, so its turn is when they are given out.
    this.#throwRefused();
    if (this.#queue.isClosed() || this.#signal?.aborted === true) return undefined;
    const { messages, refused } = this.#queue.takeMany(this.#prefetch + 1);
    this.prefetched.push(...messages);
    this.refused = refused;
    const first = this.prefetched.shift();
    if (first === undefined) this.#throwRefused();
    return first;
  }

  #throwRefused(): void {
    const refused = this.refused;
    this.refused = undefined;
    if (refused !== undefined) throw refused;
  }

  #receive(): Promise<IteratorResult<M, undefined>> {
    this.#signal?.throwIfAborted();
    const message = this.#queue.take();
    if (message !== undefined) return Promise.resolve({ value: message, done: false });
    const waiting = this.#queue.wait(this.#signal);
    this.#waiting.add(waiting);
    return waiting.promise.then(
      (value) => {
        this.#waiting.delete(waiting);
        return { value, done: false };
      },
      (error: unknown) => {
        this.#waiting.delete(waiting);
        return this.#failed(error);
      },
    );
  }

  #failed(error: unknown): Promise<IteratorReturnResult<undefined>> {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever the queue threw stays what it is
    if (error !== finished && !(error instanceof QueueClosedError)) return Promise.reject(error);
    this.#ended = true;
    return Promise.resolve(finished);
  }
}

const finished: IteratorReturnResult<undefined> = Object.freeze({ value: undefined, done: true });
