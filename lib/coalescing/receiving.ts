import { notAFrameError } from "../errors/failure.js";
import type { UndecodedMessage } from "../errors/queue-error.js";
import { loopTurn } from "../loop-turn.js";
import type { Message } from "../message-queue.js";
import type { PendingCalls } from "../pending-calls.js";
import type { Carrier, Outgoing } from "../queue-calls.js";
import { keepWhole } from "../receive-pool.js";
import { WaitingLine } from "../waiting.js";
import { atProcessExit } from "./at-exit.js";
import { checkFrame } from "./frame.js";
import { FrameWaiter } from "./frame-waiter.js";
import type { FrameReceiver } from "./frame-waiter.js";
import { HeldFrame } from "./held-frame.js";

/**
 * Gives the messages of frames to the receives of one handle. A frame is taken from the kernel only for a receive for which no
 * frame in hand has a message; what it has beyond that message is in hand until it is received, or goes back.
 */
export class CoalescedReceiving<M extends Message<Buffer>, Incoming extends object> implements FrameReceiver<
  M,
  Incoming
> {
  readonly #calls: Carrier<M, Incoming>;
  readonly #pending: PendingCalls;
  readonly #lines = new Map<string, WaitingLine<Incoming, M>>();
  /** Frames in hand, in the order in which they were taken. */
  #held: HeldFrame<M>[] = [];
  /** Bodies that came in no frame, as long as somebody has them. */
  readonly #unframed = new WeakSet<Uint8Array>();

  constructor(calls: Carrier<M, Incoming>, pending: PendingCalls) {
    this.#calls = calls;
    this.#pending = pending;
  }

  /** Messages in hand. */
  get inHand(): number {
    return this.#held.reduce((sum, { left }) => sum + left, 0);
  }

  /** Whether the message came in no frame, and was refused for that. */
  cameUnframed(body: Uint8Array): boolean {
    return this.#unframed.has(body);
  }

  receiveNow(incoming: Incoming): M | undefined {
    const held = this.#find(incoming);
    return held === undefined ? this.#takeFirst(this.#calls.receiveNow(incoming)) : this.#takeFrom(held);
  }

  receiveBlocking(incoming: Incoming, timeout: number): M | undefined {
    const held = this.#find(incoming);
    if (held !== undefined) return this.#takeFrom(held);
    return this.#takeFirst(this.#calls.receiveBlocking(incoming, timeout));
  }

  receiveInto(buffer: Uint8Array, incoming: Incoming): { length: number; message: M } | undefined {
    let held = this.#find(incoming);
    if (held === undefined) {
      const frame = this.#calls.receiveNow(incoming);
      if (frame === undefined) return undefined;
      held = this.#hold(frame);
      this.tellOthers();
    }
    if (held.nextLength > buffer.length) throw this.#calls.overRoomError(held.nextLength, buffer.length);
    const length = held.copyInto(buffer);
    if (held.left === 0) this.#letGo(held);
    return { length, message: held.message };
  }

  /** The messages of a copied frame that stays in the queue. */
  *unpackCopy(copy: M): Generator<M, void, void> {
    const frame = this.#checked(copy, false);
    while (frame.left > 0) yield this.#calls.withBody(copy, frame.take());
  }

  line(incoming: Incoming, make: boolean): WaitingLine<Incoming, M> | undefined {
    if (!make && this.#lines.size === 0) return undefined;
    const key = this.#calls.lineKey(incoming);
    const known = this.#lines.get(key);
    if (known !== undefined || !make) return known;
    for (const [other, line] of this.#lines) if (line.isEmpty) this.#lines.delete(other);
    const line: WaitingLine<Incoming, M> = new WaitingLine<Incoming, M>(
      new FrameWaiter<M, Incoming>(this, () => line),
      this.#pending,
    );
    this.#lines.set(key, line);
    return line;
  }

  arrived(frame: M): void {
    this.#hold(frame);
  }

  /** Those who wait for the kernel do not see what came into the hand for another receive. */
  tellOthers(): void {
    if (this.#held.length === 0) return;
    for (const line of this.#lines.values()) if (line.isWaiting) loopTurn.defer(this);
  }

  familyLine(incoming: Incoming): WaitingLine<Incoming, M> {
    return this.#calls.receiving(incoming, true);
  }

  timeoutError(timeout: number): Error {
    return this.#calls.timeoutError("receive", timeout);
  }

  /** Gives messages in hand to those whose wait only the kernel would end. */
  proceed(): void {
    for (const line of this.#lines.values()) {
      const head = line.head;
      if (head !== undefined && this.#find(head) !== undefined) line.nudge();
    }
  }

  /** Rejects all who wait. */
  close(reason: () => Error): void {
    for (const line of this.#lines.values()) line.close(reason);
  }

  /** Puts what is in hand back into the queue, at its end; gives what found no room there. */
  readonly giveBack = (): M[] => {
    const held = this.#held;
    this.#held = [];
    atProcessExit.delete(this.giveBack);
    return held.filter((frame) => !this.#returned(frame)).flatMap((frame) => this.#unpack(frame));
  };

  #returned(frame: HeldFrame<M>): boolean {
    try {
      const kind = this.#calls.checkSend("send", this.#calls.sameKind(frame.message));
      return this.#calls.sendNow({ body: frame.rest(), kind } satisfies Outgoing);
    } catch {
      // This handle may not send, or the queue is gone.
      return false;
    }
  }

  #unpack(frame: HeldFrame<M>): M[] {
    const messages: M[] = [];
    while (frame.left > 0) messages.push(this.#calls.withBody(frame.message, frame.take()));
    return messages;
  }

  #find(incoming: Incoming): HeldFrame<M> | undefined {
    for (const held of this.#held) if (this.#calls.selects(incoming, held.message)) return held;
    return undefined;
  }

  /** Takes a frame in hand; throws where the message is none. */
  #hold(message: M): HeldFrame<M> {
    const frame = this.#checked(message, true);
    this.#held.push(frame);
    atProcessExit.add(this.giveBack);
    return frame;
  }

  #takeFirst(frame: M | undefined): M | undefined {
    if (frame === undefined) return undefined;
    const message = this.#takeFrom(this.#hold(frame));
    this.tellOthers();
    return message;
  }

  #checked(message: M, taken: boolean): HeldFrame<M> {
    const { body } = message;
    const count = checkFrame(body);
    if (typeof count === "string") {
      this.#unframed.add(body);
      throw notAFrameError(this.#calls.label, body, message as Omit<UndecodedMessage, "bytes">, count, taken);
    }
    if (body.length === body.buffer.byteLength) keepWhole(body.buffer);
    return new HeldFrame(message, count);
  }

  #takeFrom(held: HeldFrame<M>): M {
    const message = this.#calls.withBody(held.message, held.take());
    if (held.left === 0) this.#letGo(held);
    return message;
  }

  #letGo(held: HeldFrame<M>): void {
    this.#held.splice(this.#held.indexOf(held), 1);
    if (this.#held.length === 0) atProcessExit.delete(this.giveBack);
  }
}
