import { overFrameError } from "../errors/failure.js";
import { guarded } from "../guard.js";
import { loopTurn } from "../loop-turn.js";
import type { Body } from "../native.js";
import type { Carrier, Outgoing } from "../queue-calls.js";
import type { WaitOptions } from "../wait-options.js";
import { atProcessExit } from "./at-exit.js";
import { frameHeaderSize, largestBody } from "./frame.js";
import type { FillLevel, GuardedMessage } from "./outgoing-frame.js";
import { OutgoingFrame } from "./outgoing-frame.js";

const done = Promise.resolve();
const emptyLevel: FillLevel = Object.freeze({ end: frameHeaderSize, count: 0 });

/** More than this in one frame makes nothing faster, and would take memory for each handle. */
const largestUsual = 64 * 1024;

function usualSize(largestMessage: number): number {
  return Math.min(largestMessage, largestUsual);
}

type SendingCarrier = Pick<
  Carrier<object, object>,
  "label" | "largestMessage" | "sendBlocking" | "sending" | "sendNow" | "timeoutError"
>;
type CarryOut = (frame: OutgoingFrame) => boolean;

/**
 * Gathers the sends of one handle into frames. The last frame is filled until the end of the tick, and longer only while it
 * waits for room behind others; one that is full, or is followed by a send of another priority or type, leaves at once.
 */
export class CoalescedSending {
  readonly #calls: SendingCarrier;
  /** The only frame that may be filled, if any: the last in the order of sends. */
  #last: OutgoingFrame | undefined;
  #capacity: number;
  #spare: Buffer | undefined;
  #endsTick = false;

  constructor(calls: SendingCarrier) {
    this.#calls = calls;
    this.#capacity = usualSize(calls.largestMessage());
  }

  /** Puts the message into a frame; the promise resolves when the kernel has that. */
  send(outgoing: Outgoing, options: WaitOptions | undefined): Promise<void> {
    const signal = options?.signal;
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the reason is the caller's own
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    const timeout = options?.timeout;
    if (timeout === 0) return this.#sendOnce(outgoing);
    const frame = this.#put(outgoing);
    if (timeout === undefined && signal === undefined) return frame.sent;
    return this.#guard(frame, options as WaitOptions);
  }

  /** One try, together with what the tick has gathered so far, when no frame waits. */
  sendNow({ body, kind }: Outgoing): boolean {
    return this.#sendTogether([body], 0, kind, this.#carryOutNow) === 1;
  }

  /** How many of the bodies there was room for. */
  sendManyNow(bodies: readonly Body[], kind: number | bigint): number {
    let sent = 0;
    try {
      while (sent < bodies.length) {
        const more = this.#sendTogether(bodies, sent, kind, this.#carryOutNow);
        if (more === 0) break;
        sent += more;
      }
    } catch (error) {
      // The next call meets the error.
      if (sent === 0) throw error;
    }
    return sent;
  }

  /** Blocks until the message and all before it are in the kernel; false after the timeout. */
  sendBlocking(outgoing: Outgoing, timeout: number): boolean {
    const end = performance.now() + timeout;
    const carryOut = (frame: OutgoingFrame): boolean =>
      this.#calls.sendBlocking(frame, Math.max(0, end - performance.now()));
    return this.#sendTogether([outgoing.body], 0, outgoing.kind, carryOut) === 1;
  }

  /** Rejects what the tick has gathered, unless there is room for it now. */
  close(reason: () => Error): void {
    this.flush();
    const frame = this.#gathering();
    if (frame !== undefined) this.#fail(frame, reason());
  }

  /** Tries to send what the tick has gathered. */
  readonly flush = (): void => {
    const frame = this.#gathering();
    if (frame === undefined) return;
    try {
      if (this.#calls.sendNow(frame)) this.#succeed(frame);
    } catch (error) {
      this.#fail(frame, error);
    }
  };

  /** Sends a body as it is, behind all frames. */
  sendUnframed(outgoing: Outgoing): Promise<void> {
    if (this.#last !== undefined) this.#conclude(this.#last);
    return this.#calls.sending.join(outgoing, undefined, false).promise as Promise<unknown> as Promise<void>;
  }

  #sendOnce(outgoing: Outgoing): Promise<void> {
    const line = this.#calls.sending;
    // Those who only wait for the event loop's turn have not tried yet, and their try comes first.
    if (!line.isWaiting) line.drain((frame) => (this.#calls.sendNow(frame) ? true : undefined));
    if (line.isEmpty && this.sendNow(outgoing)) return done;
    return Promise.reject(this.#calls.timeoutError("send", 0));
  }

  /** The frame that has the message now. */
  #put({ body, kind }: Outgoing): OutgoingFrame {
    const last = this.#last;
    if (last?.kind === kind && this.#mayFill(last) && last.append(body)) return last;
    if (last !== undefined) this.#conclude(last);
    const frame = this.#start(kind, body);
    if (this.#calls.sending.isEmpty) this.#endTickLater();
    else this.#enter(frame, false);
    return (this.#last = frame);
  }

  #mayFill(frame: OutgoingFrame): boolean {
    if (frame.isSettled) return false;
    return frame.entry === undefined || !this.#calls.sending.carriesOut(frame.entry);
  }

  /** Another frame comes behind it. */
  #conclude(frame: OutgoingFrame): void {
    this.#last = undefined;
    if (frame.isSettled) return;
    const waits = frame.entry !== undefined || this.#dispatch(frame);
    if (waits) this.#spare ??= frame.shrink();
  }

  /** A frame with the message in it; throws where none has room for it. */
  #start(kind: number | bigint, body: Body): OutgoingFrame {
    const memory = this.#spare?.length === this.#capacity ? this.#spare : Buffer.allocUnsafeSlow(this.#capacity);
    this.#spare = undefined;
    const frame = new OutgoingFrame(kind, memory);
    if (frame.append(body)) return frame;
    this.#reuse(memory);
    const large = new OutgoingFrame(kind, Buffer.allocUnsafeSlow(this.#sizeFor(Buffer.byteLength(body))));
    large.append(body);
    return large;
  }

  /** Bytes of a frame for one body that is larger than usual frames. */
  #sizeFor(length: number): number {
    const largest = this.#calls.largestMessage();
    // A System V queue may have become larger.
    this.#capacity = usualSize(largest);
    const size = largest - largestBody(largest) + length;
    if (length <= largestBody(largest)) return Math.max(size, this.#capacity);
    throw overFrameError(this.#calls.label, length, largestBody(largest), largest);
  }

  /** Tries to send the frame; whether it waits now, for there was no room. */
  #dispatch(frame: OutgoingFrame): boolean {
    const tries = this.#calls.sending.isEmpty && loopTurn.allowsAnother();
    try {
      if (tries && this.#calls.sendNow(frame)) {
        this.#succeed(frame);
        return false;
      }
    } catch (error) {
      this.#fail(frame, error);
      return false;
    }
    this.#enter(frame, tries);
    return true;
  }

  #enter(frame: OutgoingFrame, tried: boolean): void {
    frame.entry = this.#calls.sending.enter(
      frame,
      undefined,
      tried,
      () => {
        this.#succeed(frame);
      },
      (reason) => {
        this.#fail(frame, reason);
      },
    );
  }

  #succeed(frame: OutgoingFrame): void {
    this.#reuse(frame.memory);
    if (this.#last === frame) this.#last = undefined;
    frame.succeed();
  }

  #reuse(memory: Buffer): void {
    if (memory.length === this.#capacity) this.#spare = memory;
  }

  #fail(frame: OutgoingFrame, reason: unknown): void {
    if (this.#last === frame) this.#last = undefined;
    // A System V queue may have become smaller than its frames.
    this.#capacity = usualSize(this.#calls.largestMessage());
    frame.fail(reason);
  }

  /** The frame that no kernel call has seen yet. */
  #gathering(): OutgoingFrame | undefined {
    const last = this.#last;
    return last === undefined || last.isSettled || last.entry !== undefined ? undefined : last;
  }

  /**
   * Sends bodies in one frame, with what the tick has gathered before them: how many it took, 0 where it could not be carried
   * out. Only called while no frame waits.
   */
  #sendTogether(bodies: readonly Body[], from: number, kind: number | bigint, carryOut: CarryOut): number {
    const gathered = this.#gathering();
    const level = gathered?.level;
    const first = bodies[from] as Body;
    if (gathered?.kind === kind && gathered.append(first)) {
      return this.#carry(gathered, level ?? emptyLevel, bodies, from, carryOut);
    }
    if (gathered !== undefined) {
      if (!carryOut(gathered)) return 0;
      this.#succeed(gathered);
    }
    return this.#carry(this.#start(kind, first), emptyLevel, bodies, from, carryOut);
  }

  /** Carries out a frame that has the first of the bodies, with as many more as it has room for; or takes them out again. */
  #carry(frame: OutgoingFrame, level: FillLevel, bodies: readonly Body[], from: number, carryOut: CarryOut): number {
    let next = from + 1;
    while (next < bodies.length && frame.append(bodies[next] as Body)) next++;
    let sent = false;
    try {
      sent = carryOut(frame);
    } finally {
      if (!sent) frame.fallBack(level);
      if (!sent && frame.isEmpty) this.#reuse(frame.memory);
    }
    if (!sent) return 0;
    this.#succeed(frame);
    return next - from;
  }

  #guard(frame: OutgoingFrame, options: WaitOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      const message = frame.guardLast(resolve, reject);
      message.guard = guarded(
        options,
        (timeout) => {
          this.#withdraw(frame, message, () => this.#calls.timeoutError("send", timeout));
        },
        (reason) => {
          this.#withdraw(frame, message, () => reason);
        },
      );
    });
  }

  /** Takes the message out of its frame and rejects its send, unless the kernel was faster. */
  #withdraw(frame: OutgoingFrame, message: GuardedMessage, reason: () => unknown): void {
    const { entry } = frame;
    if (frame.isSettled || (entry !== undefined && !this.#calls.sending.recall(entry))) return;
    frame.remove(message);
    message.guard?.release();
    message.reject(reason());
    if (!frame.isEmpty) return;
    if (entry === undefined) this.#fail(frame, undefined);
    else this.#calls.sending.withdraw(entry, undefined);
  }

  #endTickLater(): void {
    if (this.#endsTick) return;
    this.#endsTick = true;
    atProcessExit.add(this.flush);
    queueMicrotask(this.#afterMicrotasks);
  }

  /** Called in a microtask, `nextTick` waits until there are no more of them: their sends travel along. */
  readonly #afterMicrotasks = (): void => {
    process.nextTick(this.#endTick);
  };

  readonly #endTick = (): void => {
    this.#endsTick = false;
    atProcessExit.delete(this.flush);
    const frame = this.#gathering();
    if (frame !== undefined) this.#dispatch(frame);
  };

  readonly #carryOutNow = (frame: OutgoingFrame): boolean => this.#calls.sendNow(frame);
}
