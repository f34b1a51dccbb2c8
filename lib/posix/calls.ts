import { checkInteger, checkOptions } from "../arguments.js";
import { blockInSlices } from "../blocking.js";
import { EAGAIN, EMSGSIZE } from "../errors/errno.js";
import { failure, timeoutError } from "../errors/failure.js";
import { lastNumber, native } from "../native.js";
import type { Body } from "../native.js";
import type { PendingCalls } from "../pending-calls.js";
import type { Carrier, Outgoing } from "../queue-calls.js";
import { readableEvent, writableEvent } from "../readiness.js";
import { cutBody, receiveRoom } from "../receive-pool.js";
import { allowedOptions, checkWaiting } from "../wait-options.js";
import type { WaitOptions } from "../wait-options.js";
import { WaitingLine } from "../waiting.js";
import type { Waiter } from "../waiting.js";
import { tryAttributes } from "./descriptor.js";
import type { OpenDescriptor } from "./descriptor.js";
import { DescriptorReadiness } from "./descriptor-readiness.js";
import type { PosixMessage, PosixReceiveOptions, PosixSendOptions } from "./message.js";

const priorities = native.mqPriorityMax();
/** A POSIX queue has nothing to select by. */
const anything = Object.freeze({});
const largestBatch = 256;
const tableColumns = 4;
const batchTable = new Float64Array(largestBatch * tableColumns);

/** The system calls on one queue descriptor. */
export class PosixCalls implements Carrier<PosixMessage<Buffer>, object> {
  readonly label: string;
  readonly sending: WaitingLine<Outgoing, true>;
  readonly readiness: DescriptorReadiness;
  #descriptor: number;
  readonly #maxMessageSize: number;
  readonly #details: object;
  readonly #receiving: WaitingLine<object, PosixMessage<Buffer>>;

  constructor(open: OpenDescriptor, maxMessageSize: number, pending: PendingCalls) {
    this.label = open.name;
    this.#descriptor = open.descriptor;
    this.#maxMessageSize = maxMessageSize;
    this.#details = { ...open, queue: open.name, maxMessageSize };
    this.readiness = new DescriptorReadiness(open.descriptor, open.name);
    this.sending = new WaitingLine(this.#sender(), pending);
    this.#receiving = new WaitingLine(this.#receiver(), pending);
  }

  checkSend(method: string, options: (PosixSendOptions & WaitOptions) | undefined): number {
    if (options === undefined) return 0;
    const { priority } = checkOptions(method, options, allowedOptions("posix", method, sendOptions));
    checkWaiting(method, options);
    return priority === undefined ? 0 : checkInteger(method, "priority", priority, 0, priorities - 1);
  }

  checkReceive(method: string, options: (PosixReceiveOptions & WaitOptions) | undefined): object {
    if (options === undefined) return anything;
    checkWaiting(method, checkOptions(method, options, allowedOptions("posix", method, receiveOptions)));
    return anything;
  }

  sameKind({ priority }: { priority?: number }): PosixSendOptions {
    return { priority };
  }

  largestMessage(): number {
    return this.#maxMessageSize;
  }

  checkWholeReceive(method: string, options: (PosixReceiveOptions & WaitOptions) | undefined): object {
    return this.checkReceive(method, options);
  }

  withBody({ priority }: PosixMessage<Buffer>, body: Buffer): PosixMessage<Buffer> {
    return { body, priority };
  }

  overRoomError(length: number, room: number): Error {
    return failure("mq_receive", EMSGSIZE, { ...this.#details, length, room });
  }

  selects(): boolean {
    return true;
  }

  lineKey(): string {
    return "";
  }

  sendNow({ body, kind }: Outgoing): boolean {
    const result = native.mqSend(this.#descriptor, body, kind as number);
    if (result === 0) return true;
    if (result === -EAGAIN) return false;
    throw this.#sendFailure(result, body);
  }

  sendManyNow(bodies: readonly Body[], kind: number): number {
    const sent = native.mqSendMany(this.#descriptor, bodies, kind);
    if (sent >= 0) return sent;
    if (sent === -EAGAIN) return 0;
    throw this.#sendFailure(sent, bodies[0] as Body);
  }

  receiveNow(): PosixMessage<Buffer> | undefined {
    const { slab, offset } = receiveRoom(this.#maxMessageSize);
    const length = native.mqReceive(this.#descriptor, slab, offset);
    if (length >= 0) return { body: cutBody(slab, offset, length), priority: lastNumber() };
    if (length === -EAGAIN) return undefined;
    throw this.#receiveFailure(length);
  }

  receiveManyNow(_incoming: object, max: number): PosixMessage<Buffer>[] {
    const messages: PosixMessage<Buffer>[] = [];
    while (messages.length < max) {
      const { slab, offset } = receiveRoom(this.#maxMessageSize);
      const wanted = Math.min(max - messages.length, largestBatch);
      const count = native.mqReceiveMany(this.#descriptor, slab, offset, this.#maxMessageSize, wanted, batchTable);
      if (count < 0) {
        if (count === -EAGAIN || messages.length > 0) break;
        throw this.#receiveFailure(count);
      }
      for (let row = 0; row < count * tableColumns; row += tableColumns) {
        const body = cutBody(slab, batchTable[row] as number, batchTable[row + 1] as number);
        messages.push({ body, priority: batchTable[row + 2] as number });
      }
    }
    return messages;
  }

  /** The length, or undefined when there is no message; the priority is in the addon's kind memory. */
  receiveInto(buffer: Uint8Array): number | undefined {
    const length = native.mqReceive(this.#descriptor, buffer, 0);
    if (length >= 0) return length;
    if (length === -EAGAIN) return undefined;
    throw this.#receiveFailure(length);
  }

  sendBlocking(outgoing: Outgoing, timeout: number): boolean {
    const attempt = (): true | undefined => (this.sendNow(outgoing) ? true : undefined);
    return this.#blockUntil(writableEvent, "mq_send", timeout, attempt) ?? false;
  }

  receiveBlocking(_incoming: object, timeout: number): PosixMessage<Buffer> | undefined {
    return this.#blockUntil(readableEvent, "mq_receive", timeout, () => this.receiveNow());
  }

  receiving(): WaitingLine<object, PosixMessage<Buffer>> {
    return this.#receiving;
  }

  timeoutError(operation: string, timeout: number): Error {
    const attributes = tryAttributes(this.#descriptor);
    if (typeof attributes === "number") return timeoutError({ queue: this.label, operation, timeout });
    const { currentMessages: messages, maxMessages } = attributes;
    return timeoutError({ queue: this.label, operation, timeout, depth: { messages, maxMessages } });
  }

  close(reason: () => Error): void {
    this.#receiving.close(reason);
    this.sending.close(reason);
    this.readiness.close();
    native.mqClose(this.#descriptor);
    // A codec or a getter of options may close the handle within a call, and the number may soon be another queue's.
    this.#descriptor = -1;
  }

  /** `mq_timedreceive` follows the wall clock and restarts after SIGINT, so waiting and taking are two calls. */
  #blockUntil<R>(event: number, syscall: string, timeout: number, attempt: () => R | undefined): R | undefined {
    return blockInSlices(timeout, attempt, (milliseconds) => {
      const ready = native.mqWait(this.#descriptor, event, milliseconds);
      if (ready < 0) throw failure(syscall, ready, this.#details);
      return undefined;
    });
  }

  #sender(): Waiter<Outgoing, true> {
    const ready = (): void => {
      this.sending.ready();
    };
    return {
      ...this.#waitFor(writableEvent, ready),
      attempt: (outgoing) => (this.sendNow(outgoing) ? true : undefined),
      timeoutError: (_outgoing, timeout) => this.timeoutError("send", timeout),
    };
  }

  #receiver(): Waiter<object, PosixMessage<Buffer>> {
    const ready = (): void => {
      this.#receiving.ready();
    };
    return {
      ...this.#waitFor(readableEvent, ready),
      attempt: () => this.receiveNow(),
      timeoutError: (_incoming, timeout) => this.timeoutError("receive", timeout),
    };
  }

  #waitFor(event: number, ready: () => void): { carriesOut: false; wait: () => void; stop: () => undefined } {
    return {
      carriesOut: false,
      wait: () => {
        this.readiness.want(event, ready);
      },
      stop: () => {
        this.readiness.unwant(ready);
      },
    };
  }

  #sendFailure(errno: number, body: Body): Error {
    const length = Buffer.byteLength(body);
    return failure("mq_send", errno, { ...this.#details, length });
  }

  #receiveFailure(errno: number): Error {
    return failure("mq_receive", errno, this.#details);
  }
}

const sendOptions = ["priority"];
const receiveOptions: string[] = [];
