import { checkOptions, checkType } from "../arguments.js";
import { blockInSlices } from "../blocking.js";
import { E2BIG, EAGAIN, ENOMSG, ETIMEDOUT } from "../errors/errno.js";
import { failure, timeoutError } from "../errors/failure.js";
import { IPC_NOWAIT, MSG_COPY, MSG_NOERROR } from "../msg-constants.js";
import { lastType, native } from "../native.js";
import type { Body } from "../native.js";
import type { PendingCalls } from "../pending-calls.js";
import type { Carrier, Outgoing } from "../queue-calls.js";
import { cutBody, receiveRoom } from "../receive-pool.js";
import { allowedOptions, checkWaiting } from "../wait-options.js";
import type { WaitOptions } from "../wait-options.js";
import { WaitingLine } from "../waiting.js";
import type { Waiter } from "../waiting.js";
import { Arrivals } from "./arrivals.js";
import type { QueueNames } from "./identifier.js";
import type { SysVMessage, SysVReceiveOptions, SysVSendOptions } from "./message.js";
import { checkSelection, checkWhole, selectionKey, selects } from "./selection.js";
import type { Selection } from "./selection.js";
import { sysvLimits } from "../limits.js";
import { idIsKnown, tryStatus } from "./status.js";
import { RoomThread } from "./waiting-thread.js";

const sendOptions = ["type"];
const initialRoom = 8192;
/** Bytes of a message where the system does not tell its limit. */
const usualLimit = 8192;
const largestBatch = 256;
const tableColumns = 4;
const batchTable = new Float64Array(largestBatch * tableColumns);
const exactTypes = new BigInt64Array(batchTable.buffer);
const noSelection: Selection = Object.freeze({ type: 0, flags: 0, truncate: undefined });

/** The system calls on one System V queue. */
export class SysVCalls implements Carrier<SysVMessage<Buffer>, Selection> {
  readonly label: string;
  readonly sending: WaitingLine<Outgoing, true>;
  readonly #id: number;
  readonly #details: object;
  readonly #defaultType: number | bigint;
  readonly #arrivals: Arrivals;
  readonly #roomThread: RoomThread;
  /** Grows to the longest message met: the kernel tells no message's length. */
  #room = initialRoom;
  #maxBytes = Infinity;

  constructor(names: QueueNames, defaultType: number | bigint, pending: PendingCalls) {
    this.label = names.label;
    this.#id = names.id;
    this.#details = { queue: names.label, id: names.id, key: names.key, existed: true, idIsKnown };
    this.#defaultType = defaultType;
    this.#arrivals = new Arrivals(this, names, pending);
    this.#roomThread = new RoomThread(names, {
      answered: (answer) => {
        if (answer === 0) this.sending.settleHead(() => true);
        else this.sending.ready();
      },
      retired: () => undefined,
    });
    this.sending = new WaitingLine(this.#sender(), pending);
  }

  checkSend(method: string, options: (SysVSendOptions & WaitOptions) | undefined): number | bigint {
    if (options === undefined) return this.#defaultType;
    const { type } = checkOptions(method, options, allowedOptions("sysv", method, sendOptions));
    checkWaiting(method, options);
    return type === undefined ? this.#defaultType : checkType(method, "type", type);
  }

  checkReceive(method: string, options: (SysVReceiveOptions & WaitOptions) | undefined): Selection {
    return checkSelection(method, options);
  }

  sameKind({ type }: { type?: number | bigint }): SysVSendOptions {
    return { type };
  }

  /** The limits can change while the queue is open; where it may not be read, those of a new queue stand in. */
  largestMessage(): number {
    const { maxMessageSize = usualLimit, maxQueueBytes = usualLimit } = sysvLimits();
    return Math.min(maxMessageSize, this.#knownMaxBytes() ?? maxQueueBytes);
  }

  checkWholeReceive(method: string, options: (SysVReceiveOptions & WaitOptions) | undefined): Selection {
    const selection = checkSelection(method, options);
    checkWhole(method, selection);
    return selection;
  }

  withBody({ type }: SysVMessage<Buffer>, body: Buffer): SysVMessage<Buffer> {
    return { body, type };
  }

  overRoomError(length: number, room: number): Error {
    return failure("msgrcv", E2BIG, { ...this.#details, length, room });
  }

  selects(selection: Selection, message: SysVMessage<Buffer>): boolean {
    return selects(selection, message.type);
  }

  lineKey(selection: Selection): string {
    return selectionKey(selection);
  }

  sendNow({ body, kind }: Outgoing): boolean {
    const result = native.msgSend(this.#id, body, kind, IPC_NOWAIT);
    if (result === 0) return true;
    if (result === -EAGAIN && !this.#neverFits(body)) return false;
    throw this.sendFailure(result, body, kind);
  }

  sendManyNow(bodies: readonly Body[], kind: number | bigint): number {
    const sent = native.msgSendMany(this.#id, bodies, kind);
    if (sent >= 0) return sent;
    const first = bodies[0] as Body;
    if (sent === -EAGAIN && !this.#neverFits(first)) return 0;
    throw this.sendFailure(sent, first, kind);
  }

  receiveNow(selection: Selection): SysVMessage<Buffer> | undefined {
    return this.#receive(selection, IPC_NOWAIT, (slab, offset, room, flags) =>
      native.msgReceive(this.#id, slab, offset, room, selection.type, flags),
    );
  }

  /** The copy of a message by its place in the queue; undefined behind the last. */
  copy(index: number): SysVMessage<Buffer> | undefined {
    return this.#receive(noSelection, IPC_NOWAIT | MSG_COPY, (slab, offset, room, flags) =>
      native.msgReceive(this.#id, slab, offset, room, index, flags),
    );
  }

  receiveManyNow(selection: Selection, max: number): SysVMessage<Buffer>[] {
    const messages: SysVMessage<Buffer>[] = [];
    const flags = selection.flags | IPC_NOWAIT | truncationFlag(selection);
    while (messages.length < max) {
      const size = this.#roomFor(selection);
      const { slab, offset } = receiveRoom(native.typeSize + size);
      const wanted = Math.min(max - messages.length, largestBatch);
      const count = native.msgReceiveMany(this.#id, slab, offset, size, selection.type, flags, wanted, batchTable);
      if (count < 0) {
        if (count === -E2BIG) this.#growRoom();
        else if (count === -ENOMSG || messages.length > 0) break;
        else throw this.receiveFailure(count, flags);
        continue;
      }
      for (let row = 0; row < count * tableColumns; row += tableColumns) {
        const inexact = batchTable[row + 2] as number;
        const type = Number.isSafeInteger(inexact) ? inexact : (exactTypes[row + 3] as bigint);
        messages.push(cutMessage(selection, slab, batchTable[row] as number, batchTable[row + 1] as number, type));
      }
    }
    return messages;
  }

  /** The length, or undefined when there is no message; the type is in the addon's kind memory. */
  receiveInto(buffer: Uint8Array, selection: Selection): number | undefined {
    const flags = selection.flags | IPC_NOWAIT | truncationFlag(selection);
    const room = selection.truncate === undefined ? buffer : buffer.subarray(0, selection.truncate);
    const length = native.msgReceiveInto(this.#id, room, selection.type, flags);
    if (length >= 0) return length;
    if (length === -ENOMSG) return undefined;
    throw failure("msgrcv", length, { ...this.#details, flags, room: room.length });
  }

  sendBlocking(outgoing: Outgoing, timeout: number): boolean {
    const { body, kind } = outgoing;
    const attempt = (): true | undefined => (this.sendNow(outgoing) ? true : undefined);
    const sent = blockInSlices(timeout, attempt, (milliseconds) => {
      const result = native.msgSendSync(this.#id, body, kind, milliseconds);
      if (result === 0) return true;
      if (result === -ETIMEDOUT) return undefined;
      throw this.sendFailure(result, body, kind);
    });
    return sent ?? false;
  }

  receiveBlocking(selection: Selection, timeout: number): SysVMessage<Buffer> | undefined {
    const attempt = (): SysVMessage<Buffer> | undefined => this.receiveNow(selection);
    return blockInSlices(timeout, attempt, (milliseconds) =>
      this.#receive(selection, 0, (slab, offset, room, flags) =>
        native.msgReceiveSync(this.#id, slab, offset, room, selection.type, flags, milliseconds),
      ),
    );
  }

  receiving(selection: Selection, make: true): WaitingLine<Selection, SysVMessage<Buffer>>;
  receiving(selection: Selection, make: boolean): WaitingLine<Selection, SysVMessage<Buffer>> | undefined;
  receiving(selection: Selection, make: boolean): WaitingLine<Selection, SysVMessage<Buffer>> | undefined {
    return this.#arrivals.line(selection, make);
  }

  timeoutError(operation: string, timeout: number): Error {
    const status = tryStatus(this.#id);
    if (typeof status === "number") return timeoutError({ queue: this.label, operation, timeout });
    const { messages, bytes, maxBytes } = status;
    return timeoutError({ queue: this.label, operation, timeout, depth: { messages, bytes, maxBytes } });
  }

  close(reason: () => Error): void {
    this.#arrivals.close(reason);
    this.sending.close(reason);
    this.#roomThread.close();
  }

  sendFailure(errno: number, body: Body, type: number | bigint): Error {
    const length = Buffer.byteLength(body);
    return failure("msgsnd", errno, { ...this.#details, length, type, maxBytes: this.#knownMaxBytes() });
  }

  receiveFailure(errno: number, flags: number): Error {
    return failure("msgrcv", errno, { ...this.#details, flags });
  }

  /** One receive into the pool, again with more room until the message fits. */
  #receive(
    selection: Selection,
    waitFlags: number,
    call: (slab: Buffer, offset: number, room: number, flags: number) => number,
  ): SysVMessage<Buffer> | undefined {
    const flags = selection.flags | waitFlags | truncationFlag(selection);
    for (;;) {
      const size = this.#roomFor(selection);
      const { slab, offset } = receiveRoom(native.typeSize + size);
      const length = call(slab, offset, size, flags);
      if (length >= 0) return cutMessage(selection, slab, offset + native.typeSize, length, lastType());
      if (length === -ENOMSG || length === -ETIMEDOUT) return undefined;
      if (length !== -E2BIG) throw failure("msgrcv", length, { ...this.#details, flags });
      this.#growRoom();
    }
  }

  /** One byte more than is kept tells a message that was cut from one that just fits. */
  #roomFor({ truncate }: Selection): number {
    return truncate === undefined ? this.#room : truncate + 1;
  }

  #growRoom(): void {
    this.#room *= 2;
  }

  /** Whether a full queue would refuse this body also when it is empty: waiting for room would never end. */
  #neverFits(body: Body): boolean {
    const length = Buffer.byteLength(body);
    if (this.#maxBytes !== Infinity && length <= this.#maxBytes) return false;
    const maxBytes = this.#knownMaxBytes();
    return maxBytes !== undefined && length > maxBytes;
  }

  #knownMaxBytes(): number | undefined {
    const status = tryStatus(this.#id);
    if (typeof status === "number") return undefined;
    this.#maxBytes = status.maxBytes;
    return status.maxBytes;
  }

  #sender(): Waiter<Outgoing, true> {
    return {
      carriesOut: true,
      attempt: (outgoing) => (this.sendNow(outgoing) ? true : undefined),
      wait: ({ body, kind }) => {
        this.#roomThread.send(body, kind);
      },
      stop: () => (this.#roomThread.stop() === 0 ? true : undefined),
      timeoutError: (_outgoing, timeout) => this.timeoutError("send", timeout),
    };
  }
}

function cutMessage(
  { truncate }: Selection,
  slab: Buffer,
  start: number,
  length: number,
  type: number | bigint,
): SysVMessage<Buffer> {
  if (truncate !== undefined && length > truncate) {
    return { body: cutBody(slab, start, truncate), type, truncated: true };
  }
  return { body: cutBody(slab, start, length), type };
}

function truncationFlag({ truncate }: Selection): number {
  return truncate === undefined ? 0 : MSG_NOERROR;
}
