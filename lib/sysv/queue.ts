import { checkBuffer, checkInteger, checkKey } from "../arguments.js";
import { CoalescedCalls } from "../coalescing/calls.js";
import type { Codec } from "../codec/codec.js";
import { EACCES } from "../errors/errno.js";
import { failure } from "../errors/failure.js";
import { keyLabel } from "../errors/words.js";
import { IPC_PRIVATE } from "../msg-constants.js";
import { lastType, native } from "../native.js";
import type { Body } from "../native.js";
import { checkMaker, fromStaticMethod, MessageQueue } from "../message-queue.js";
import { PendingCalls } from "../pending-calls.js";
import { SysVCalls } from "./calls.js";
import type { QueueNames } from "./calls.js";
import { configureId, createId, openId, openOrCreateId } from "./identifier.js";
import type { SysVMessage, SysVReceived, SysVReceiveOptions, SysVSendOptions } from "./message.js";
import { checkConfiguration, checkCreateOptions, checkOpenOptions } from "./options.js";
import type { SysVConfiguration, SysVCreateOptions, SysVOpenOptions } from "./options.js";
import type { Selection } from "./selection.js";
import { tryStatus, tryStatuses } from "./status.js";
import type { SysVStatus } from "./status.js";

const defaultType = 1;

/**
 * A handle on a System V message queue (sysvipc(7), msgop(2)): messages have types by which they can be received, and the queue
 * holds a number of bytes. Without a codec a body is bytes: `Uint8Array` or string on the way in, `Buffer` on the way out.
 *
 * @example
 * ```ts
 * using queue = SysVQueue.openOrCreate(ftok("/etc/hostname", 65), { codec: json<Job>() });
 * await queue.send({ id: 1 }, { type: 7 });
 * const { body, type } = await queue.receive({ upTo: 10 });
 * ```
 */
export class SysVQueue<Out = Buffer, In = Out extends Buffer ? Body : Out> extends MessageQueue<
  Out,
  In,
  SysVMessage<Out>,
  SysVSendOptions,
  SysVReceiveOptions,
  SysVReceived
> {
  /** The key as C's signed `key_t`; 0 (`IPC_PRIVATE`) for a private queue; undefined where the id's queue may not be read. */
  readonly key: number | undefined;
  /** The queue's id in this IPC namespace; another one after removal and re-creation. */
  readonly id: number;
  readonly #calls: SysVCalls;
  readonly #coalesced: CoalescedCalls<SysVMessage<Buffer>, Selection> | undefined;
  readonly #names: QueueNames;

  private constructor(maker: symbol, names: QueueNames, options: SysVOpenOptions<Out, In>) {
    checkMaker("SysVQueue", maker);
    const pending = new PendingCalls();
    const calls = new SysVCalls(names, options.type ?? defaultType, pending);
    const coalesced = options.coalesce === true ? new CoalescedCalls(calls, pending) : undefined;
    super(coalesced ?? calls, pending, options.codec);
    this.key = names.key;
    this.id = names.id;
    this.#names = names;
    this.#calls = calls;
    this.#coalesced = coalesced;
  }

  /**
   * Opens a queue that must exist. The kernel checks permissions at each call, not here.
   *
   * @param key - A 32-bit integer other than 0, signed as in C or unsigned as `ipcs` shows it; see `ftok`.
   * @throws QueueError with code `ENOENT` when no queue has this key; see msgget(2).
   */
  static open(key: number, options?: SysVOpenOptions<Buffer, Body> & { codec?: undefined }): SysVQueue;
  static open<Out, In = Out>(
    key: number,
    options: SysVOpenOptions<Out, In> & { codec: Codec<Out, In> },
  ): SysVQueue<Out, In>;
  static open<Out, In>(key: number, options?: SysVOpenOptions<Out, In>): SysVQueue<Out, In> {
    const method = "SysVQueue.open";
    const checkedKey = checkKey(method, key);
    const checked = checkOpenOptions(method, options);
    return new SysVQueue(fromStaticMethod, openId(checkedKey), checked);
  }

  /**
   * Creates a queue that must not exist.
   *
   * @throws QueueError with code `EEXIST` when it exists, `ENOSPC` when the namespace holds `kernel.msgmni` queues, `EPERM` when
   * `maxBytes` is over `kernel.msgmnb`; see msgget(2) and msgctl(2).
   */
  static create(key: number, options?: SysVCreateOptions<Buffer, Body> & { codec?: undefined }): SysVQueue;
  static create<Out, In = Out>(
    key: number,
    options: SysVCreateOptions<Out, In> & { codec: Codec<Out, In> },
  ): SysVQueue<Out, In>;
  static create<Out, In>(key: number, options?: SysVCreateOptions<Out, In>): SysVQueue<Out, In> {
    const method = "SysVQueue.create";
    const checkedKey = checkKey(method, key);
    const checked = checkCreateOptions(method, options);
    return new SysVQueue(fromStaticMethod, createId(checkedKey, checked), checked);
  }

  /**
   * Opens a queue, creating it where it does not exist. Mode and size count only where it is created: see `status()` for what an
   * existing one has.
   *
   * @throws As `open` and `create`, but for `ENOENT` and `EEXIST`.
   */
  static openOrCreate(key: number, options?: SysVCreateOptions<Buffer, Body> & { codec?: undefined }): SysVQueue;
  static openOrCreate<Out, In = Out>(
    key: number,
    options: SysVCreateOptions<Out, In> & { codec: Codec<Out, In> },
  ): SysVQueue<Out, In>;
  static openOrCreate<Out, In>(key: number, options?: SysVCreateOptions<Out, In>): SysVQueue<Out, In> {
    const method = "SysVQueue.openOrCreate";
    const checkedKey = checkKey(method, key);
    const checked = checkCreateOptions(method, options);
    return new SysVQueue(fromStaticMethod, openOrCreateId(checkedKey, checked), checked);
  }

  /**
   * Creates a queue without a key: other processes find it by its `id` alone. It stays until somebody removes it.
   *
   * @throws As `create`.
   */
  static createPrivate(options?: SysVCreateOptions<Buffer, Body> & { codec?: undefined }): SysVQueue;
  static createPrivate<Out, In = Out>(
    options: SysVCreateOptions<Out, In> & { codec: Codec<Out, In> },
  ): SysVQueue<Out, In>;
  static createPrivate<Out, In>(options?: SysVCreateOptions<Out, In>): SysVQueue<Out, In> {
    const checked = checkCreateOptions("SysVQueue.createPrivate", options);
    return new SysVQueue(fromStaticMethod, createId(IPC_PRIVATE, checked), checked);
  }

  /**
   * Opens the queue with this id, as `ipcs` shows it or another process passed it on.
   *
   * @throws QueueError with code `EINVAL` when no queue has this id, `EIDRM` when it was removed.
   */
  static fromId(id: number, options?: SysVOpenOptions<Buffer, Body> & { codec?: undefined }): SysVQueue;
  static fromId<Out, In = Out>(
    id: number,
    options: SysVOpenOptions<Out, In> & { codec: Codec<Out, In> },
  ): SysVQueue<Out, In>;
  static fromId<Out, In>(id: number, options?: SysVOpenOptions<Out, In>): SysVQueue<Out, In> {
    const method = "SysVQueue.fromId";
    checkInteger(method, "id", id, -(2 ** 31), 2 ** 31 - 1);
    const checked = checkOpenOptions(method, options);
    const status = tryStatus(id);
    // A queue that may not be read can still be one that may be written.
    if (typeof status === "number" && status !== -EACCES) throw failure("msgctl", status, { id, command: "IPC_STAT" });
    const key = typeof status === "number" ? undefined : status.key;
    const label = key === undefined || key === IPC_PRIVATE ? `id ${id}` : keyLabel(key);
    return new SysVQueue(fromStaticMethod, { label, id, key }, checked);
  }

  /**
   * One status for each queue of this IPC namespace, also of those that this process may not read.
   *
   * @throws QueueError with code `ENOSYS` where the system has no System V queues.
   */
  static list(): SysVStatus[] {
    const statuses = tryStatuses();
    if (typeof statuses === "number") throw failure("msgctl", statuses, { command: "MSG_INFO" });
    return statuses;
  }

  /**
   * What the kernel keeps of this queue at this moment.
   *
   * @throws QueueRemovedError when the queue is gone; QueueError with code `EACCES` without permission to read.
   */
  status(): SysVStatus {
    this.checkOpen("status");
    const status = tryStatus(this.id);
    if (typeof status === "number") throw failure("msgctl", status, this.#details("IPC_STAT"));
    return status;
  }

  /**
   * Changes permissions, owner or size of the queue; what is not given stays.
   *
   * @throws QueueError with code `EPERM` when the caller does not own the queue, or raises `maxBytes` above `kernel.msgmnb` without
   * CAP_SYS_RESOURCE; QueueRemovedError when the queue is gone.
   */
  configure(changes: SysVConfiguration): void {
    this.checkOpen("configure");
    configureId(this.#names, checkConfiguration("configure", changes));
  }

  /**
   * Removes the queue and its messages from the kernel, at once and for everybody: all who wait on it get QueueRemovedError. This
   * handle stays open, and its calls get that too.
   *
   * @throws QueueError with code `EPERM` when the caller neither owns nor created the queue; QueueRemovedError when it is gone already.
   */
  remove(): void {
    this.checkOpen("remove");
    const result = native.msgRemove(this.id);
    if (result < 0) throw failure("msgctl", result, this.#details("IPC_RMID"));
  }

  /**
   * Copies the message at a place in the queue without taking it (Linux: MSG_COPY).
   *
   * @param index - 0 is the oldest (default 0).
   * @returns `undefined` when there are not so many messages.
   * @throws QueueError with code `ENOSYS` where the kernel was built without CONFIG_CHECKPOINT_RESTORE; MessageDecodeError when the
   * codec refuses the body, which stays in the queue.
   */
  peek(index = 0): SysVMessage<Out> | undefined {
    this.checkOpen("peek");
    checkInteger("peek", "index", index, 0, 2 ** 31 - 1);
    if (this.#coalesced === undefined) return this.decodeCopy(this.#calls.copy(index));
    let place = 0;
    for (const copy of this.#copies()) if (place++ === index) return this.decodeCopy(copy);
    return undefined;
  }

  /**
   * Copies the messages one after the other, oldest first, without taking any. Each step looks anew: a message that others take
   * meanwhile lets the next one slip past.
   *
   * @throws As `peek`.
   */
  *browse(): Generator<SysVMessage<Out>, void, void> {
    this.checkOpen("peek");
    for (const copy of this.#copies()) {
      yield this.decodeCopy(copy) as SysVMessage<Out>;
      this.checkOpen("peek");
    }
  }

  /** Copies of the messages in the queue, not decoded. */
  *#copies(): Generator<SysVMessage<Buffer>, void, void> {
    for (let index = 0; ; index++) {
      const copy = this.#calls.copy(index);
      if (copy === undefined) return;
      if (this.#coalesced === undefined) yield copy;
      else yield* this.#coalesced.unpackCopy(copy);
    }
  }

  /**
   * {@inheritDoc MessageQueue.receiveInto}
   *
   * @throws MessageTooLargeError (`E2BIG`) when the message is longer than the buffer: it stays in the queue.
   */
  receiveInto(buffer: Uint8Array, options?: SysVReceiveOptions): SysVReceived | undefined {
    const method = "receiveInto";
    checkBuffer(method, buffer);
    this.checkOpen(method);
    if (this.#coalesced !== undefined) {
      const received = this.#coalesced.receiveInto(buffer, this.#coalesced.checkReceive(method, options));
      return received === undefined ? undefined : { length: received.length, type: received.message.type };
    }
    const selection = this.#calls.checkReceive(method, options);
    const length = this.#calls.receiveInto(buffer, selection);
    return length === undefined ? undefined : { length, type: lastType() };
  }

  #details(command: string): object {
    const { label: queue, id, key } = this.#names;
    return { queue, id, key, command, existed: true };
  }
}
