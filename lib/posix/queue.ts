import { checkBuffer, checkDescriptor, checkFunction, checkName, checkOptions, outOfRange } from "../arguments.js";
import { atClose } from "../closing.js";
import { CoalescedCalls } from "../coalescing/calls.js";
import type { Codec } from "../codec/codec.js";
import { checkListable, failure } from "../errors/failure.js";
import { lastNumber, native } from "../native.js";
import type { Body } from "../native.js";
import { checkMaker, fromStaticMethod, MessageQueue } from "../message-queue.js";
import type { HandleOptions } from "../message-queue.js";
import { PendingCalls } from "../pending-calls.js";
import { readableEvent } from "../readiness.js";
import { PosixCalls } from "./calls.js";
import {
  adoptDescriptor,
  attributesOf,
  createDescriptor,
  openDescriptor,
  openOrCreateDescriptor,
  tryAttributes,
} from "./descriptor.js";
import type { OpenDescriptor, PosixAttributes } from "./descriptor.js";
import { listPosixQueues } from "./listing.js";
import type { PosixQueueListing } from "./listing.js";
import type { PosixMessage, PosixReceived, PosixReceiveOptions, PosixSendOptions } from "./message.js";
import { checkCreateOptions, checkOpenOptions } from "./options.js";
import type { PosixCreateOptions, PosixOpenOptions } from "./options.js";

/** Closes the descriptors of forgotten handles. What is watched are a handle's calls, for those that wait outlive the handle. */
const abandoned = new FinalizationRegistry<number>((descriptor) => native.mqClose(descriptor));

/**
 * A handle on a POSIX message queue (mq_overview(7)): messages have priorities, and the queue holds a fixed number of messages
 * up to a fixed length. Without a codec a body is bytes: `Uint8Array` or string on the way in, `Buffer` on the way out.
 *
 * @example
 * ```ts
 * using queue = PosixQueue.openOrCreate("/jobs", { codec: json<{ id: number }>() });
 * await queue.send({ id: 1 }, { priority: 5 });
 * const { body, priority } = await queue.receive();
 * ```
 */
export class PosixQueue<Out = Buffer, In = Out extends Buffer ? Body : Out> extends MessageQueue<
  Out,
  In,
  PosixMessage<Out>,
  PosixSendOptions,
  PosixReceiveOptions,
  PosixReceived
> {
  /** The name with its slash; `descriptor N` where the system does not tell the name of an adopted descriptor. */
  readonly name: string;
  readonly #open: OpenDescriptor;
  readonly #calls: PosixCalls;
  readonly #coalesced: CoalescedCalls<PosixMessage<Buffer>, object> | undefined;
  readonly #maxMessageSize: number;
  readonly #pending: PendingCalls;

  private constructor(maker: symbol, open: OpenDescriptor, options: HandleOptions<Out, In>) {
    checkMaker("PosixQueue", maker);
    const { maxMessageSize } = open.attributes;
    const pending = new PendingCalls();
    const calls = new PosixCalls(open, maxMessageSize, pending);
    const coalesced = options.coalesce === true ? new CoalescedCalls(calls, pending) : undefined;
    super(coalesced ?? calls, pending, options.codec);
    this.name = open.name;
    this.#open = open;
    this.#calls = calls;
    this.#coalesced = coalesced;
    this.#maxMessageSize = maxMessageSize;
    this.#pending = pending;
    // Not the handle itself: a call may still wait when nobody holds the handle any more.
    abandoned.register(calls, open.descriptor, calls);
  }

  /**
   * Opens a queue that must exist.
   *
   * @param name - `"/jobs"` or `"jobs"`: 1 to 255 bytes without another slash.
   * @throws QueueError with code `ENOENT` when there is no such queue, `EACCES` without permission, `EMFILE` and `ENFILE` when
   * descriptors or the bytes of RLIMIT_MSGQUEUE are used up; see mq_open(3).
   */
  static open(name: string, options?: PosixOpenOptions<Buffer, Body> & { codec?: undefined }): PosixQueue;
  static open<Out, In = Out>(
    name: string,
    options: PosixOpenOptions<Out, In> & { codec: Codec<Out, In> },
  ): PosixQueue<Out, In>;
  static open<Out, In>(name: string, options?: PosixOpenOptions<Out, In>): PosixQueue<Out, In> {
    const method = "PosixQueue.open";
    const checkedName = checkName(method, name);
    const checked = checkOpenOptions(method, options);
    return new PosixQueue(fromStaticMethod, openDescriptor(checkedName, checked.access), checked);
  }

  /**
   * Creates a queue that must not exist.
   *
   * @throws QueueError with code `EEXIST` when it exists, `EINVAL` when a size is over the system's limit (the error tells which),
   * `EMFILE` when the bytes of RLIMIT_MSGQUEUE or the descriptors are used up, `ENOSPC` past `fs.mqueue.queues_max`; see mq_open(3).
   */
  static create(name: string, options?: PosixCreateOptions<Buffer, Body> & { codec?: undefined }): PosixQueue;
  static create<Out, In = Out>(
    name: string,
    options: PosixCreateOptions<Out, In> & { codec: Codec<Out, In> },
  ): PosixQueue<Out, In>;
  static create<Out, In>(name: string, options?: PosixCreateOptions<Out, In>): PosixQueue<Out, In> {
    const method = "PosixQueue.create";
    const checkedName = checkName(method, name);
    const checked = checkCreateOptions(method, options);
    return new PosixQueue(fromStaticMethod, createDescriptor(checkedName, checked), checked);
  }

  /**
   * Opens a queue, creating it where it does not exist. Mode and sizes count only where it is created: see `attributes()` for
   * what an existing one has.
   *
   * @throws As `open` and `create`, but for `ENOENT` and `EEXIST`.
   */
  static openOrCreate(name: string, options?: PosixCreateOptions<Buffer, Body> & { codec?: undefined }): PosixQueue;
  static openOrCreate<Out, In = Out>(
    name: string,
    options: PosixCreateOptions<Out, In> & { codec: Codec<Out, In> },
  ): PosixQueue<Out, In>;
  static openOrCreate<Out, In>(name: string, options?: PosixCreateOptions<Out, In>): PosixQueue<Out, In> {
    const method = "PosixQueue.openOrCreate";
    const checkedName = checkName(method, name);
    const checked = checkCreateOptions(method, options);
    return new PosixQueue(fromStaticMethod, openOrCreateDescriptor(checkedName, checked), checked);
  }

  /**
   * Adopts an open queue descriptor, for instance one that systemd passed. It becomes close-on-exec and non-blocking, the
   * latter also for other processes that share it, and `close` closes it.
   *
   * @throws QueueError with code `EBADF` when it is not a queue's, `EBUSY` when a handle of this thread has it already.
   */
  static fromDescriptor(descriptor: number, options?: HandleOptions<Buffer, Body> & { codec?: undefined }): PosixQueue;
  static fromDescriptor<Out, In = Out>(
    descriptor: number,
    options: HandleOptions<Out, In> & { codec: Codec<Out, In> },
  ): PosixQueue<Out, In>;
  static fromDescriptor<Out, In>(descriptor: number, options?: HandleOptions<Out, In>): PosixQueue<Out, In> {
    const method = "PosixQueue.fromDescriptor";
    checkDescriptor(method, descriptor);
    const checked = checkOpenOptions(method, checkOptions(method, options, ["codec", "coalesce"]));
    return new PosixQueue(fromStaticMethod, adoptDescriptor(descriptor), checked);
  }

  /**
   * Removes the name. Handles that are open keep the queue until the last of them is closed; a queue created under the same
   * name meanwhile is another one.
   *
   * @throws QueueError with code `ENOENT` when there is no such queue, `EACCES` without permission; see mq_unlink(3).
   */
  static unlink(name: string): void {
    const checkedName = checkName("PosixQueue.unlink", name);
    const result = native.mqUnlink(checkedName);
    if (result < 0) throw failure("mq_unlink", result, { name: checkedName, attributesOf });
  }

  /**
   * The queues of this IPC namespace, by name: all where an mqueue filesystem is mounted, otherwise those that a process holds
   * open whose descriptors this one may see. Looking takes no message.
   *
   * @throws QueueError with code `ENOSYS` on systems other than Linux: they do not tell which queues exist.
   */
  static list(): PosixQueueListing[] {
    checkListable();
    return listPosixQueues(attributesOf);
  }

  /** The descriptor, for other libraries; it stays this handle's. */
  get descriptor(): number {
    this.checkOpen("descriptor");
    return this.#open.descriptor;
  }

  /** The limits of the queue and how many messages it holds at this moment: mq_getattr(3). */
  attributes(): PosixAttributes {
    this.checkOpen("attributes");
    const { descriptor, name, access } = this.#open;
    const attributes = tryAttributes(descriptor);
    if (typeof attributes === "number") throw failure("mq_getattr", attributes, { descriptor, name, access });
    return attributes;
  }

  /**
   * Calls back once, as soon as the queue is not empty: the job of mq_notify(3) without its pitfalls. Any number of processes
   * may ask, no signal is involved, and a queue that is not empty already counts. The message may be gone by then, for
   * others read too. Keeps the process alive until then, unless `unref` was called. Closing the handle cancels it.
   *
   * @returns A function that cancels it.
   */
  onNotEmpty(callback: () => void): () => void {
    const method = "onNotEmpty";
    checkFunction(method, "callback", callback);
    this.checkOpen(method);
    const end = (): boolean => {
      if (!forget()) return false;
      this.#pending.remove();
      return true;
    };
    const listener = (): void => {
      // Whatever it throws must not keep the others who wait on this queue from being told.
      queueMicrotask(() => {
        if (end()) callback();
      });
    };
    const cancel = (): void => {
      if (end()) this.#calls.readiness.unwant(listener);
    };
    if (this.inHand > 0) listener();
    else this.#calls.readiness.want(readableEvent, listener);
    const forget = atClose(this, cancel);
    this.#pending.add();
    return cancel;
  }

  /**
   * {@inheritDoc MessageQueue.receiveInto}
   *
   * @throws RangeError when the buffer is shorter than the queue's `maxMessageSize`: a message that does not fit would be lost.
   */
  receiveInto(buffer: Uint8Array, options?: PosixReceiveOptions): PosixReceived | undefined {
    const method = "receiveInto";
    checkBuffer(method, buffer);
    this.checkOpen(method);
    const incoming = this.#calls.checkReceive(method, options);
    if (buffer.length < this.#maxMessageSize) {
      const expected = `at least ${this.#maxMessageSize}, the queue's maxMessageSize`;
      throw outOfRange(method, "buffer.length", expected, buffer.length);
    }
    if (this.#coalesced !== undefined) {
      const received = this.#coalesced.receiveInto(buffer, incoming);
      return received === undefined ? undefined : { length: received.length, priority: received.message.priority };
    }
    const length = this.#calls.receiveInto(buffer);
    return length === undefined ? undefined : { length, priority: lastNumber() };
  }

  override close(): void {
    abandoned.unregister(this.#calls);
    super.close();
  }
}
