import { inHandError } from "../errors/failure.js";
import type { Message } from "../message-queue.js";
import type { Body } from "../native.js";
import type { PendingCalls } from "../pending-calls.js";
import type { Carrier, Coalescing, Outgoing, QueueCalls } from "../queue-calls.js";
import type { WaitOptions } from "../wait-options.js";
import type { WaitingLine } from "../waiting.js";
import { CoalescedReceiving } from "./receiving.js";
import { CoalescedSending } from "./sending.js";

/** The calls of a family, with many messages in one of the kernel's. */
export class CoalescedCalls<M extends Message<Buffer>, Incoming extends object>
  implements QueueCalls<M, Incoming>, Coalescing
{
  readonly label: string;
  /** The frames that wait for room. */
  readonly sending: WaitingLine<Outgoing, true>;
  readonly #calls: Carrier<M, Incoming>;
  readonly #sender: CoalescedSending;
  readonly #receiver: CoalescedReceiving<M, Incoming>;

  constructor(calls: Carrier<M, Incoming>, pending: PendingCalls) {
    this.label = calls.label;
    this.sending = calls.sending;
    this.#calls = calls;
    this.#sender = new CoalescedSending(calls);
    this.#receiver = new CoalescedReceiving(calls, pending);
  }

  get coalescing(): this {
    return this;
  }

  get inHand(): number {
    return this.#receiver.inHand;
  }

  checkSend(method: string, options: object | undefined): number | bigint {
    return this.#calls.checkSend(method, options);
  }

  checkReceive(method: string, options: object | undefined): Incoming {
    return this.#calls.checkWholeReceive(method, options);
  }

  sameKind(message: object): object {
    return this.#calls.sameKind(message);
  }

  send(outgoing: Outgoing, options: WaitOptions | undefined): Promise<void> {
    return this.#sender.send(outgoing, options);
  }

  sendNow(outgoing: Outgoing): boolean {
    return this.#sender.sendNow(outgoing);
  }

  sendManyNow(bodies: readonly Body[], kind: number | bigint): number {
    return this.#sender.sendManyNow(bodies, kind);
  }

  sendBlocking(outgoing: Outgoing, timeout: number): boolean {
    return this.#sender.sendBlocking(outgoing, timeout);
  }

  sendWaitingBlocking(waiting: Outgoing, timeout: number): boolean {
    return this.#calls.sendBlocking(waiting, timeout);
  }

  giveBack(outgoing: Outgoing): Promise<void> {
    const { body, kind } = outgoing;
    if (typeof body === "string" || !this.#receiver.cameUnframed(body)) return this.#sender.send(outgoing, undefined);
    return this.#sender.sendUnframed({ body: Buffer.from(body), kind });
  }

  receiveNow(incoming: Incoming): M | undefined {
    return this.#receiver.receiveNow(incoming);
  }

  receiveBlocking(incoming: Incoming, timeout: number): M | undefined {
    return this.#receiver.receiveBlocking(incoming, timeout);
  }

  /** Copies the next body into the buffer: its length, and the frame, which has its priority or type. */
  receiveInto(buffer: Uint8Array, incoming: Incoming): { length: number; message: M } | undefined {
    return this.#receiver.receiveInto(buffer, incoming);
  }

  unpackCopy(copy: M): Generator<M, void, void> {
    return this.#receiver.unpackCopy(copy);
  }

  receiving(incoming: Incoming, make: true): WaitingLine<Incoming, M>;
  receiving(incoming: Incoming, make: boolean): WaitingLine<Incoming, M> | undefined;
  receiving(incoming: Incoming, make: boolean): WaitingLine<Incoming, M> | undefined {
    return this.#receiver.line(incoming, make);
  }

  timeoutError(operation: string, timeout: number): Error {
    return this.#calls.timeoutError(operation, timeout);
  }

  close(reason: () => Error): void {
    this.#receiver.close(reason);
    this.#sender.close(reason);
    const left = this.#receiver.giveBack();
    this.#calls.close(reason);
    if (left.length > 0)
      throw inHandError(
        this.label,
        left.map(({ body: bytes, ...rest }) => ({ bytes, ...rest })),
      );
  }
}
