import type { WaitingLine, Entry, Waiter } from "../waiting.js";

/** What waits for a frame on behalf of a line. */
export interface FrameReceiver<M extends object, Incoming extends object> {
  /** One try: the next message in hand, or of a frame that is taken now. */
  receiveNow(incoming: Incoming): M | undefined;
  /** Takes a frame in hand that has arrived; throws where it is none. */
  arrived(frame: M): void;
  /** Called when those who wait in the line have had theirs. */
  tellOthers(): void;
  /** Where the family's own calls wait for the same. */
  familyLine(incoming: Incoming): WaitingLine<Incoming, M>;
  timeoutError(timeout: number): Error;
}

interface Wait<M extends object, Incoming extends object> {
  readonly line: WaitingLine<Incoming, M>;
  entry: Entry<Incoming, M> | undefined;
  /** The frame that came although the wait was stopped. */
  late: M | undefined;
}

/** Waits in the family's own line, with one request for all who wait for messages of its frames. */
export class FrameWaiter<M extends object, Incoming extends object> implements Waiter<Incoming, M> {
  readonly carriesOut = false;
  readonly #receiver: FrameReceiver<M, Incoming>;
  readonly #line: () => WaitingLine<Incoming, M>;
  #wait: Wait<M, Incoming> | undefined;

  constructor(receiver: FrameReceiver<M, Incoming>, line: () => WaitingLine<Incoming, M>) {
    this.#receiver = receiver;
    this.#line = line;
  }

  attempt(incoming: Incoming): M | undefined {
    return this.#receiver.receiveNow(incoming);
  }

  wait(incoming: Incoming): void {
    const wait: Wait<M, Incoming> = { line: this.#receiver.familyLine(incoming), entry: undefined, late: undefined };
    this.#wait = wait;
    wait.entry = wait.line.enter(
      incoming,
      undefined,
      true,
      (frame) => {
        if (this.#wait === wait) this.#arrived(frame);
        else wait.late = frame;
      },
      (error) => {
        if (this.#wait === wait) this.#failed(error);
      },
    );
  }

  stop(): M | undefined {
    const wait = this.#wait;
    this.#wait = undefined;
    if (wait?.entry === undefined) return undefined;
    wait.line.withdraw(wait.entry, undefined);
    if (wait.late === undefined) return undefined;
    this.#receiver.arrived(wait.late);
    return this.#receiver.receiveNow(wait.entry.request);
  }

  timeoutError(_incoming: Incoming, timeout: number): Error {
    return this.#receiver.timeoutError(timeout);
  }

  #arrived(frame: M): void {
    this.#wait = undefined;
    try {
      this.#receiver.arrived(frame);
    } catch (error) {
      this.#failed(error);
      return;
    }
    this.#line().ready();
    this.#receiver.tellOthers();
  }

  #failed(error: unknown): void {
    this.#wait = undefined;
    this.#line().settleHead(() => {
      throw error;
    });
  }
}
