import type { Readable, Writable } from "node:stream";
import { checkBody, checkInteger, wrongType } from "./arguments.js";
import { closing } from "./closing.js";
import type { Codec } from "./codec/codec.js";
import { decoderOf, effectiveCodec } from "./decoding.js";
import { addReceived, closedError } from "./errors/failure.js";
import { MessageDecodeError } from "./errors/queue-error.js";
import { MessageIterator } from "./iteration.js";
import type { Batch } from "./iteration.js";
import { loopTurn } from "./loop-turn.js";
import type { Body } from "./native.js";
import type { PendingCalls } from "./pending-calls.js";
import type { Outgoing, QueueCalls } from "./queue-calls.js";
import { readableOf, writableOf } from "./streams.js";
import type { IterationOptions, SyncWaitOptions, WaitOptions } from "./wait-options.js";

/** A received message. The families add what they carry beside the body: a priority or a type. */
export interface Message<T> {
  /** What the queue's codec made of the bytes; a `Buffer` of exactly their length without a codec. */
  body: T;
}

/** What every queue handle is made with. */
export interface HandleOptions<Out, In> {
  /** How bodies are encoded and decoded; without it they are bytes. */
  codec?: Codec<Out, In> | undefined;
  /**
   * Whether many messages of one priority or type travel in one message of the kernel (default `false`), which is several times
   * faster for small ones. Both sides must say so, or use the frames of `hostmq.h`: docs/coalescing.md.
   */
  coalesce?: boolean | undefined;
}

/** The message as `receiveInto` reports it: its length in the buffer and its priority or type. */
export interface Received {
  /** Bytes written to the buffer. */
  length: number;
}

const done = Promise.resolve();

/** Known to the static methods that make handles and to nobody else: what they pass on was checked. */
export const fromStaticMethod = Symbol("made by a static method");

/** `new PosixQueue("/jobs")` from JavaScript is a slip, and must not reach the kernel. */
export function checkMaker(className: string, maker: unknown): void {
  if (maker !== fromStaticMethod)
    throw wrongType(className, "a handle", `made by ${className}.open or its like`, "new");
}

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
  Info extends Received,
> {
  readonly #calls: QueueCalls<Message<Buffer>, object>;
  readonly #encode: ((value: In) => Body) | undefined;
  /** What decodes a message just received; undefined where bodies are bytes. */
  readonly #decode: ((message: Message<Buffer>) => M) | undefined;
  /** The same for a copy of a message that stays in the queue. */
  readonly #decodeCopy: ((message: Message<Buffer>) => M) | undefined;
  readonly #pending: PendingCalls;
  #closed = false;

  /** @internal */
  protected constructor(
    calls: QueueCalls<Message<Buffer>, object>,
    pending: PendingCalls,
    codec: Codec<Out, In> | undefined,
  ) {
    this.#calls = calls;
    this.#pending = pending;
    const effective = effectiveCodec(codec);
    if (effective === undefined) return;
    this.#encode = (value) => effective.encode(value);
    this.#decode = decoderOf<M>(calls.label, effective, true);
    this.#decodeCopy = decoderOf<M>(calls.label, effective, false);
  }

  /** Whether `close` was called on this handle. Says nothing about the queue in the kernel. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * How many messages this handle has taken from the kernel, in one frame with others, that no receive has got yet. Always 0
   * without `coalesce`.
   */
  get inHand(): number {
    return this.#calls.coalescing?.inHand ?? 0;
  }

  /**
   * Sends a message, waiting for room. The promise resolves when the kernel has the message. Sends of one handle enter the
   * queue in call order, also those that wait.
   *
   * @param body - The body as it is at the call: its memory may be used again as soon as the call has returned.
   * @param options - Priority or type; `timeout` in milliseconds; `signal`.
   * @throws TypeError (`ERR_INVALID_ARG_TYPE`) or RangeError (`ERR_OUT_OF_RANGE`) for a wrong argument, a body among them that the
   * codec cannot encode; what a codec of your own throws comes as it is.
   * @throws MessageTooLargeError when the queue can never hold a body of this length.
   * @throws QueueTimeoutError (`ETIMEDOUT`) when there was no room until the timeout: the message was not sent.
   * @throws QueueClosedError (`ERR_HOSTMQ_CLOSED`) when the handle is closed, also while waiting.
   * @throws QueueRemovedError (`EIDRM`) when a System V queue was removed, also while waiting.
   * @throws QueueError otherwise, with the errno of mq_send(3) or msgsnd(2).
   */
  send(body: In, options?: S & WaitOptions): Promise<void> {
    try {
      return this.#sendEncoded(this.#prepareSend("send", body, options), options);
    } catch (error) {
      return rejected(error);
    }
  }

  #sendEncoded(outgoing: Outgoing, options?: WaitOptions): Promise<void> {
    try {
      const { sending: line, coalescing } = this.#calls;
      if (coalescing !== undefined) return coalescing.send(outgoing, options);
      const signal = options?.signal;
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the reason is the caller's own
      if (signal?.aborted === true) return Promise.reject(signal.reason);
      const tried = line.isEmpty && loopTurn.allowsAnother();
      if (tried) {
        if (this.#calls.sendNow(outgoing)) return done;
        if (options?.timeout === 0) return Promise.reject(this.#calls.timeoutError("send", 0));
      }
      return line.join(ownedByUs(outgoing), options, tried).promise as Promise<unknown> as Promise<void>;
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
    const outgoing = this.#prepareSend("trySend", body, options);
    return this.#calls.sending.isEmpty && this.#calls.sendNow(outgoing);
  }

  /**
   * Sends as many of the bodies as there is room for, in order, in one crossing into native code.
   *
   * @returns How many were sent: the first so many of `bodies`.
   * @throws As `trySend`, when not even the first could be sent; otherwise the next call meets the error.
   */
  trySendMany(bodies: readonly In[], options?: S): number {
    const method = "trySendMany";
    this.checkOpen(method);
    if (!Array.isArray(bodies)) throw wrongType(method, "bodies", "an array of bodies", bodies);
    const kind = this.#calls.checkSend(method, options);
    // The loop also meets the gaps of a sparse array, and they are refused.
    const encoded: Body[] = [];
    for (const body of bodies) encoded.push(this.#encodeBody(method, body as In));
    this.checkOpen(method);
    return encoded.length > 0 && this.#calls.sending.isEmpty ? this.#calls.sendManyNow(encoded, kind) : 0;
  }

  /**
   * Sends a message, blocking this thread until there is room. Sends of this handle that still wait go first.
   *
   * @param options - Priority or type; `timeout` in milliseconds.
   * @throws As `send`; and QueueError with code `EINTR` when a signal arrived that the program handles, so that its handler
   * can run: the message was not sent.
   */
  sendSync(body: In, options?: S & SyncWaitOptions): void {
    const outgoing = this.#prepareSend("sendSync", body, options);
    const timeout = options?.timeout ?? Infinity;
    const sent = this.#calls.sending.isEmpty
      ? this.#calls.sendBlocking(outgoing, timeout)
      : this.#sendBlockingBehindOthers(outgoing, timeout);
    if (!sent) throw this.#calls.timeoutError("sendSync", timeout);
  }

  #sendBlockingBehindOthers(outgoing: Outgoing, timeout: number): boolean {
    const end = performance.now() + timeout;
    const left = (): number => Math.max(0, end - performance.now());
    const calls = this.#calls;
    const sendWaiting = (each: Outgoing): boolean =>
      calls.coalescing?.sendWaitingBlocking(each, left()) ?? calls.sendBlocking(each, left());
    return (
      calls.sending.drain((each) => (sendWaiting(each) ? true : undefined)) && calls.sendBlocking(outgoing, left())
    );
  }

  /**
   * Receives a message, waiting for one. Receives of one handle settle in call order.
   *
   * @param options - What to receive; `timeout` in milliseconds; `signal`.
   * @throws QueueTimeoutError (`ETIMEDOUT`) when none came until the timeout: nothing was taken.
   * @throws QueueClosedError (`ERR_HOSTMQ_CLOSED`) when the handle is closed, also while waiting.
   * @throws QueueRemovedError (`EIDRM`) when a System V queue was removed, also while waiting.
   * @throws MessageDecodeError when the codec refused the body; the error carries the bytes, and the next receive goes on.
   * @throws QueueError otherwise, with the errno of mq_receive(3) or msgrcv(2).
   */
  receive(options?: R & WaitOptions): Promise<M> {
    try {
      const incoming = this.#prepareReceive("receive", options);
      const signal = options?.signal;
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the reason is the caller's own
      if (signal?.aborted === true) return Promise.reject(signal.reason);
      const tried = this.#mayTry(incoming);
      if (tried) {
        const message = this.#calls.receiveNow(incoming);
        if (message !== undefined) return Promise.resolve(this.#decoded(message));
        if (options?.timeout === 0) return Promise.reject(this.#calls.timeoutError("receive", 0));
      }
      return this.#calls.receiving(incoming, true).join<M>(incoming, options, tried, this.#decode).promise;
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
    const message = this.#calls.receiveNow(this.#prepareReceive("tryReceive", options));
    return message === undefined ? undefined : this.#decoded(message);
  }

  /**
   * Receives as many messages as there are now, up to `max`. Without a codec in one crossing into native code; with one, each is
   * decoded before the next is taken.
   *
   * @returns The messages in the order in which the kernel gave them; empty when there is none.
   * @throws As `tryReceive`, when not even one could be received. MessageDecodeError when the codec refused a body: the error has that
   * message's bytes, and the messages before it in `received`; those behind it are still in the queue.
   */
  tryReceiveMany(max: number, options?: R): M[] {
    checkInteger("tryReceiveMany", "max", max, 1, 2 ** 31 - 1);
    const incoming = this.#prepareReceive("tryReceiveMany", options);
    const { messages, refused } = this.#takeMany(max, incoming);
    if (refused !== undefined) throw addReceived(refused, messages);
    return messages;
  }

  /**
   * Receives a message, blocking this thread until there is one.
   *
   * @param options - What to receive; `timeout` in milliseconds.
   * @throws As `receive`; and QueueError with code `EINTR` when a signal arrived that the program handles, so that its handler
   * can run: nothing was taken.
   */
  receiveSync(options?: R & SyncWaitOptions): M {
    const incoming = this.#prepareReceive("receiveSync", options);
    const timeout = options?.timeout ?? Infinity;
    const message = this.#calls.receiveBlocking(incoming, timeout);
    if (message === undefined) throw this.#calls.timeoutError("receiveSync", timeout);
    return this.#decoded(message);
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
   * @param options - What to receive; `signal`; `prefetch`; `onDecodeError`.
   */
  messages(options?: R & IterationOptions): MessageIterator<M> {
    return this.#iterate("messages", options);
  }

  /** The same as `messages()`. */
  [Symbol.asyncIterator](): MessageIterator<M> {
    return this.messages();
  }

  /**
   * A Node object stream of messages with back-pressure: it takes a message only when its reader asks for one. Destroying it
   * ends its receive; this handle stays open.
   *
   * A reader that pauses may have one message in the stream. When the stream is destroyed, a message that nobody read goes
   * back to the queue before `close` is emitted, behind those that came since; where that is impossible, because this handle
   * may not send or is closed, the stream emits `error`.
   *
   * A body that the codec refuses destroys the stream with a MessageDecodeError, unless `onDecodeError` says otherwise.
   */
  readable(options?: R & IterationOptions): Readable {
    return readableOf(this.#iterate("readable", options), (message) => {
      const kind = this.#calls.sameKind(message);
      if (message instanceof MessageDecodeError) return this.#giveBack(message.bytes, kind);
      // What a codec made of a body it can make a body of.
      return this.send(message.body as unknown as In, kind as S);
    });
  }

  /** A Node object stream that sends each body written to it, with these options, waiting for room. */
  writable(options?: S): Writable {
    this.checkOpen("writable");
    this.#calls.checkSend("writable", options);
    const send = (body: unknown, signal: AbortSignal): Promise<void> =>
      this.send(body as In, { ...options, signal } as S & WaitOptions);
    return writableOf(send, this.#calls.coalescing !== undefined);
  }

  /** Lets pending calls of this handle keep the process alive (the default). */
  ref(): this {
    this.#pending.ref();
    return this;
  }

  /** Lets the process end while calls of this handle are pending. */
  unref(): this {
    this.#pending.unref();
    return this;
  }

  /**
   * Lets go of this handle. Calls that wait reject with QueueClosedError, iterations end. The queue and its messages stay.
   * Closing again is harmless.
   *
   * @throws MessagesInHandError (`ERR_HOSTMQ_IN_HAND`), only with `coalesce`, when messages in hand could not go back into the
   * queue. The handle is closed all the same.
   */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closing(this);
    this.#calls.close(() => closedError(this.#calls.label, "a waiting call"));
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

  /**
   * Throws where this handle was closed. Every method that reaches the kernel begins with it.
   *
   * @internal
   */
  protected checkOpen(method: string): void {
    if (this.#closed) throw closedError(this.#calls.label, method);
  }

  /**
   * What the handle's codec makes of a copy of a message.
   *
   * @internal
   */
  protected decodeCopy(message: Message<Buffer> | undefined): M | undefined {
    if (message === undefined || this.#decodeCopy === undefined) return message as M | undefined;
    return this.#decodeCopy(message);
  }

  #prepareSend(method: string, body: In, options: object | undefined): Outgoing {
    this.checkOpen(method);
    const kind = this.#calls.checkSend(method, options);
    const encoded = this.#encodeBody(method, body);
    // A codec may have closed the handle.
    this.checkOpen(method);
    return { body: encoded, kind };
  }

  /** Sends bytes past the codec. */
  #giveBack(body: Buffer, options: object): Promise<void> {
    try {
      this.checkOpen("send");
      const outgoing = { body, kind: this.#calls.checkSend("send", options) };
      return this.#calls.coalescing?.giveBack(outgoing) ?? this.#sendEncoded(outgoing);
    } catch (error) {
      return rejected(error);
    }
  }

  #prepareReceive(method: string, options: object | undefined): object {
    this.checkOpen(method);
    return this.#calls.checkReceive(method, options);
  }

  /** Whether a receive may try at once: nobody waits for the same, and the event loop has had its turn. */
  #mayTry(incoming: object): boolean {
    const line = this.#calls.receiving(incoming, false);
    return (line === undefined || line.isEmpty) && loopTurn.allowsAnother();
  }

  #encodeBody(method: string, body: In): Body {
    return checkBody(method, this.#encode === undefined ? body : this.#encode(body));
  }

  #decoded(message: Message<Buffer>): M {
    return this.#decode === undefined ? (message as unknown as M) : this.#decode(message);
  }

  /** Takes messages until the codec refuses one: what is behind that one stays in the kernel. */
  #takeMany(max: number, incoming: object): Batch<M> {
    const batch = this.#decode === undefined ? this.#calls.receiveManyNow?.(incoming, max) : undefined;
    if (batch !== undefined) return { messages: batch as unknown as M[], refused: undefined };
    const messages: M[] = [];
    try {
      while (messages.length < max) {
        const message = this.#calls.receiveNow(incoming);
        if (message === undefined) break;
        messages.push(this.#decoded(message));
      }
    } catch (error) {
      if (error instanceof MessageDecodeError) return { messages, refused: error };
      // As in a batch without a codec: the next call meets the error.
      if (messages.length === 0) throw error;
    }
    return { messages, refused: undefined };
  }

  #iterate(method: string, options: (R & IterationOptions) | undefined): MessageIterator<M> {
    const incoming = this.#prepareReceive(method, options);
    let tried = false;
    return new MessageIterator<M>(
      {
        isClosed: () => this.#closed,
        take: () => {
          this.checkOpen("receive");
          tried = this.#mayTry(incoming);
          const message = tried ? this.#calls.receiveNow(incoming) : undefined;
          return message === undefined ? undefined : this.#decoded(message);
        },
        wait: (signal) => this.#calls.receiving(incoming, true).join<M>(incoming, { signal }, tried, this.#decode),
        takeMany: (max) => this.#takeMany(max, incoming),
      },
      options ?? {},
    );
  }
}

/** A send that waits keeps its body, whatever the caller or a codec does with that memory meanwhile. */
function ownedByUs({ body, kind }: Outgoing): Outgoing {
  return { body: typeof body === "string" ? body : Buffer.from(body), kind };
}

function rejected(error: unknown): Promise<never> {
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever a codec threw stays what it is
  return Promise.reject(error);
}
