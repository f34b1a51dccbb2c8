import type { Codec } from "./codec/codec.js";
import { checkBody, checkInteger } from "./arguments.js";
import { closedError, decodeError } from "./errors/failure.js";
import { MessageIterator } from "./iteration.js";
import { loopTurn } from "./loop-turn.js";
import type { Body } from "./native.js";
import { PendingCalls } from "./pending-calls.js";
import { readableOf, writableOf } from "./streams.js";
import type { WaitingLine } from "./waiting.js";
import type { Readable, Writable } from "node:stream";

/** A received message. The families add what they carry beside the body: a priority or a type. */
export interface Message<T> {
  /** What the queue's codec made of the bytes; a `Buffer` of exactly their length without a codec. */
  body: T;
}

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

/** How an iteration or a stream receives. */
export interface IterationOptions {
  /** Ends the iteration by rejecting with `signal.reason`; the next message stays in the queue. */
  signal?: AbortSignal | undefined;
  /**
   * How many messages may be taken from the kernel ahead of the one asked for (default 0: none). They are in the iterator's
   * `prefetched` until they are asked for, and lost to other readers.
   */
  prefetch?: number | undefined;
}

/** What every queue handle is made with. */
export interface HandleOptions<Out, In> {
  /** How bodies are encoded and decoded; without it they are bytes. */
  codec?: Codec<Out, In> | undefined;
}

/** A send that was checked and encoded: what goes to the kernel. */
export interface Outgoing {
  body: Body;
  /** The priority or the type. */
  kind: number | bigint;
}

/** The message as `receiveInto` reports it: its length in the buffer and its priority or type. */
export interface Received {
  /** Bytes written to the buffer. */
  length: number;
}

const done = Promise.resolve();

/**
 * A handle on a kernel message queue: what both families promise. Sends of one handle enter the queue in call order,
 * receives of one handle settle in call order, and a message leaves the kernel only for a call that wants it.
 *
 * @typeParam Out - The body of a received message.
 * @typeParam In - What can be sent as a body.
 * @typeParam M - The message: body and priority, or body and type.
 * @typeParam S - Send options of the family without `timeout` and `signal`.
 * @typeParam R - Receive options of the family without `timeout` and `signal`.
 */
export abstract class MessageQueue<
  Out,
  In,
  M extends Message<Out>,
  S extends object,
  R extends object,
  Info extends Received = Received,
  Incoming = unknown,
> {
  /** What a person calls this queue, as errors name it. */
  protected readonly label: string;
  protected readonly pending = new PendingCalls();
  protected readonly codec: Codec<Out, In> | undefined;
  #closed = false;

  protected constructor(label: string, codec: Codec<Out, In> | undefined) {
    this.label = label;
    this.codec = codec;
  }

  /** Whether `close` was called on this handle. Says nothing about the queue in the kernel. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Sends a message, waiting for room. The promise resolves when the kernel has the message. Sends of one handle enter the
   * queue in call order, also those that wait.
   *
   * @param body - The body.
   * @param options - Priority or type; `timeout` in milliseconds; `signal`.
   * @throws MessageTooLargeError when the queue can never hold a body of this length.
   * @throws QueueTimeoutError (`ETIMEDOUT`) when there was no room until the timeout: the message was not sent.
   * @throws QueueClosedError (`ERR_HOSTMQ_CLOSED`) when the handle is closed, also while waiting.
   * @throws QueueRemovedError (`EIDRM`) when a System V queue was removed, also while waiting.
   * @throws QueueError otherwise, with the errno of mq_send(3) or msgsnd(2).
   */
  send(body: In, options?: S & WaitOptions): Promise<void> {
    try {
      const outgoing = this.prepareSend("send", body, options);
      const line = this.sendingLine;
      const signal = options?.signal;
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the reason is the caller's own
      if (signal?.aborted === true) return Promise.reject(signal.reason);
      const tried = line.isEmpty && loopTurn.allowsAnother();
      if (tried) {
        if (this.sendNow(outgoing)) return done;
        if (options?.timeout === 0) return Promise.reject(this.timeoutError("send", 0));
      }
      return line.join(outgoing, options, tried).promise as Promise<unknown> as Promise<void>;
    } catch (error) {
      return rejected(error);
    }
  }

  /**
   * Sends a message if there is room now; one system call.
   *
   * @returns `false` when the queue is full, or when earlier sends of this handle still wait for room.
   * @throws As `send`, but for the timeout.
   */
  trySend(body: In, options?: S): boolean {
    const outgoing = this.prepareSend("trySend", body, options);
    return this.sendingLine.isEmpty && this.sendNow(outgoing);
  }

  /**
   * Sends as many of the bodies as there is room for, in order, in one crossing into native code.
   *
   * @returns How many were sent: the first so many of `bodies`.
   * @throws As `trySend`, when not even the first could be sent; otherwise the next call meets the error.
   */
  trySendMany(bodies: readonly In[], options?: S): number {
    const { kind, encoded } = this.prepareSendMany("trySendMany", bodies, options);
    return encoded.length > 0 && this.sendingLine.isEmpty ? this.sendManyNow(encoded, kind) : 0;
  }

  /**
   * Sends a message, blocking this thread until there is room. Sends of this handle that still wait go first.
   *
   * @param options - Priority or type; `timeout` in milliseconds.
   * @throws As `send`; and QueueError with code `EINTR` when a signal arrived that the program handles, so that its handler
   * can run: the message was not sent.
   */
  sendSync(body: In, options?: S & SyncWaitOptions): void {
    const outgoing = this.prepareSend("sendSync", body, options);
    const timeout = options?.timeout;
    const end = timeout === undefined ? Infinity : performance.now() + timeout;
    const carryOut = (each: Outgoing): true | undefined =>
      this.sendBlocking(each, Math.max(0, end - performance.now())) ? true : undefined;
    if (!this.sendingLine.drain(carryOut) || carryOut(outgoing) === undefined) {
      throw this.timeoutError("sendSync", timeout ?? Infinity);
    }
  }

  /**
   * Receives a message, waiting for one. Receives of one handle settle in call order.
   *
   * @param options - What to receive, `timeout` in milliseconds, `signal`.
   * @throws QueueTimeoutError (`ETIMEDOUT`) when none came until the timeout: nothing was taken.
   * @throws QueueClosedError (`ERR_HOSTMQ_CLOSED`) when the handle is closed, also while waiting.
   * @throws QueueRemovedError (`EIDRM`) when a System V queue was removed, also while waiting.
   * @throws MessageDecodeError when the codec refused the body; the error carries the bytes, and the next receive goes on.
   * @throws QueueError otherwise, with the errno of mq_receive(3) or msgrcv(2).
   */
  receive(options?: R & WaitOptions): Promise<M> {
    try {
      const incoming = this.prepareReceive("receive", options);
      const signal = options?.signal;
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the reason is the caller's own
      if (signal?.aborted === true) return Promise.reject(signal.reason);
      const line = this.receivingLine(incoming, false);
      const tried = (line === undefined || line.isEmpty) && loopTurn.allowsAnother();
      if (tried) {
        const message = this.receiveNow(incoming);
        if (message !== undefined) return Promise.resolve(message);
        if (options?.timeout === 0) return Promise.reject(this.timeoutError("receive", 0));
      }
      return this.receivingLine(incoming, true).join(incoming, options, tried).promise;
    } catch (error) {
      return rejected(error);
    }
  }

  /**
   * Receives a message if there is one now; one system call.
   *
   * @returns `undefined` when there is none.
   * @throws As `receive`, but for the timeout.
   */
  tryReceive(options?: R): M | undefined {
    return this.receiveNow(this.prepareReceive("tryReceive", options));
  }

  /**
   * Receives as many messages as there are now, up to `max`, in one crossing into native code.
   *
   * @returns The messages in the order in which the kernel gave them; empty when there is none.
   * @throws As `tryReceive`, when not even one could be received. With a codec: a body that it refuses throws after the others
   * were taken, so use batches with codecs only where all peers are known.
   */
  tryReceiveMany(max: number, options?: R): M[] {
    checkInteger("tryReceiveMany", "max", max, 1, 2 ** 31 - 1);
    return this.receiveManyNow(this.prepareReceive("tryReceiveMany", options), max);
  }

  /**
   * Receives a message, blocking this thread until there is one.
   *
   * @param options - What to receive; `timeout` in milliseconds.
   * @throws As `receive`; and QueueError with code `EINTR` when a signal arrived that the program handles, so that its handler
   * can run: nothing was taken.
   */
  receiveSync(options?: R & SyncWaitOptions): M {
    const incoming = this.prepareReceive("receiveSync", options);
    const timeout = options?.timeout ?? Infinity;
    const message = this.receiveBlocking(incoming, timeout);
    if (message === undefined) throw this.timeoutError("receiveSync", timeout);
    return message;
  }

  /**
   * Receives the bytes of a message into memory of the caller if there is one now, without a codec and without allocating
   * anything for the body.
   *
   * @param buffer - Has room for the longest message that the queue can hold (POSIX: `maxMessageSize`), or the message stays.
   * @returns The length and the priority or type; `undefined` when there is none.
   */
  abstract receiveInto(buffer: Uint8Array, options?: R): Info | undefined;

  /**
   * Iterates over the messages as they come, for ever: `for await (const message of queue)`. Leaving the loop leaves the next
   * message in the kernel. Ends normally when this handle is closed.
   *
   * @param options - What to receive; `signal`; `prefetch`.
   */
  messages(options?: R & IterationOptions): MessageIterator<M, R> {
    return new MessageIterator(this, this.prepareIteration("messages", options), options);
  }

  /** The same as `messages()`. */
  [Symbol.asyncIterator](): MessageIterator<M, R> {
    return this.messages();
  }

  /**
   * A Node object stream of messages with back-pressure: it takes a message only when its reader asks for one. Destroying it
   * ends its receive; this handle stays open. A reader that pauses may have one message in the stream.
   */
  readable(options?: R & IterationOptions): Readable {
    return readableOf(this.messages(options));
  }

  /** A Node object stream that sends each body written to it, with these options, waiting for room. */
  writable(options?: S): Writable {
    return writableOf(this, options);
  }

  /** Lets pending calls of this handle keep the process alive (the default). */
  ref(): this {
    this.pending.ref();
    return this;
  }

  /** Lets the process end while calls of this handle are pending. */
  unref(): this {
    this.pending.unref();
    return this;
  }

  /**
   * Lets go of this handle. Calls that wait reject with QueueClosedError, iterations end. The queue and its messages stay.
   * Closing again is harmless.
   */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const line of this.lines()) line.close(() => closedError(this.label, "close"));
    this.release();
  }

  /** `using queue = …` closes the handle at the end of the block. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** `await using queue = …` does the same. */
  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return done;
  }

  /** Throws where this handle was closed. Every method that reaches the kernel begins with it. */
  protected checkOpen(method: string): void {
    if (this.#closed) throw closedError(this.label, method);
  }

  protected encode(method: string, body: In): Body {
    return checkBody(method, this.codec === undefined ? body : this.codec.encode(body));
  }

  protected decode(bytes: Buffer, kind: { priority?: number; type?: number | bigint }): Out {
    if (this.codec === undefined) return bytes as Out;
    try {
      return this.codec.decode(bytes);
    } catch (error) {
      throw decodeError(this.label, bytes, kind, error);
    }
  }

  protected abstract readonly sendingLine: WaitingLine<Outgoing, true>;
  protected abstract receivingLine(incoming: Incoming, create: true): WaitingLine<Incoming, M>;
  protected abstract receivingLine(incoming: Incoming, create: boolean): WaitingLine<Incoming, M> | undefined;
  /** Every line of this handle. */
  protected abstract lines(): Iterable<WaitingLine<never, M> | WaitingLine<never, true>>;

  /** Checks the arguments and encodes. */
  protected abstract prepareSend(method: string, body: In, options: (S & WaitOptions) | undefined): Outgoing;
  protected abstract prepareSendMany(
    method: string,
    bodies: readonly In[],
    options: S | undefined,
  ): { kind: number | bigint; encoded: Body[] };
  protected abstract prepareReceive(method: string, options: (R & WaitOptions) | undefined): Incoming;
  /** Checks the options of an iteration and gives those that each receive is made with. */
  protected abstract prepareIteration(method: string, options: (R & IterationOptions) | undefined): R;

  /** One system call that does not wait: whether there was room. */
  protected abstract sendNow(outgoing: Outgoing): boolean;
  protected abstract sendManyNow(bodies: readonly Body[], kind: number | bigint): number;
  protected abstract receiveNow(incoming: Incoming): M | undefined;
  protected abstract receiveManyNow(incoming: Incoming, max: number): M[];
  /** Blocks; false or undefined after the timeout. */
  protected abstract sendBlocking(outgoing: Outgoing, timeout: number): boolean;
  protected abstract receiveBlocking(incoming: Incoming, timeout: number): M | undefined;
  protected abstract timeoutError(operation: string, timeout: number): Error;
  /** Gives back what the handle holds in the kernel. */
  protected abstract release(): void;
}

function rejected(error: unknown): Promise<never> {
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever a codec threw stays what it is
  return Promise.reject(error);
}
