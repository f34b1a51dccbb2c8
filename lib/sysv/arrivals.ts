import { lastType } from "../native.js";
import type { PendingCalls } from "../pending-calls.js";
import { WaitingLine } from "../waiting.js";
import type { Waiter } from "../waiting.js";
import type { QueueNames } from "./identifier.js";
import type { SysVMessage } from "./message.js";
import { selectionKey } from "./selection.js";
import type { Selection } from "./selection.js";
import { ArrivalThread } from "./waiting-thread.js";
import type { ThreadUser } from "./waiting-thread.js";

const emptyBody = Buffer.alloc(0);

/** What waiting receives need of their queue. */
interface Receiver {
  receiveNow(selection: Selection): SysVMessage<Buffer> | undefined;
  timeoutError(operation: string, timeout: number): Error;
}

/** The waiting receives of a handle: those that ask for the same stand in one line, with a thread that waits for it. */
export class Arrivals {
  readonly #lines = new Map<string, ArrivalLine>();
  readonly #receiver: Receiver;
  readonly #names: QueueNames;
  readonly #pending: PendingCalls;

  constructor(receiver: Receiver, names: QueueNames, pending: PendingCalls) {
    this.#receiver = receiver;
    this.#names = names;
    this.#pending = pending;
  }

  line(selection: Selection, make: boolean): WaitingLine<Selection, SysVMessage<Buffer>> | undefined {
    if (!make && this.#lines.size === 0) return undefined;
    const key = selectionKey(selection);
    const known = this.#lines.get(key);
    if (known !== undefined || !make) return known?.line;
    // A line whose calls found their messages without its thread has nobody else to remove it.
    for (const [other, { line, thread }] of this.#lines)
      if (line.isEmpty && !thread.isRunning) this.#lines.delete(other);
    const made = new ArrivalLine(this.#lines, key, selection, this.#receiver, this.#names, this.#pending);
    this.#lines.set(key, made);
    return made.line;
  }

  close(reason: () => Error): void {
    for (const { line, thread } of this.#lines.values()) {
      line.close(reason);
      thread.close();
    }
    this.#lines.clear();
  }
}

// A class, and not an object of closures: a program may wait on a thousand queues, and each closure takes 64 bytes.
class ArrivalLine implements Waiter<Selection, SysVMessage<Buffer>>, ThreadUser {
  readonly carriesOut = false;
  readonly line: WaitingLine<Selection, SysVMessage<Buffer>>;
  readonly thread: ArrivalThread;
  readonly #lines: Map<string, ArrivalLine>;
  readonly #key: string;
  readonly #receiver: Receiver;

  constructor(
    lines: Map<string, ArrivalLine>,
    key: string,
    selection: Selection,
    receiver: Receiver,
    names: QueueNames,
    pending: PendingCalls,
  ) {
    this.#lines = lines;
    this.#key = key;
    this.#receiver = receiver;
    this.thread = new ArrivalThread(names, selection, this);
    this.line = new WaitingLine(this, pending);
  }

  attempt(selection: Selection): SysVMessage<Buffer> | undefined {
    return this.#receiver.receiveNow(selection);
  }

  wait(): void {
    this.thread.wait();
  }

  stop(): SysVMessage<Buffer> | undefined {
    return this.thread.stop() === 0 ? takenByThread() : undefined;
  }

  timeoutError(_selection: Selection, timeout: number): Error {
    return this.#receiver.timeoutError("receive", timeout);
  }

  answered(answer: number): void {
    if (answer === 0) this.line.settleHead(takenByThread);
    else this.line.ready();
  }

  retired(): void {
    if (this.line.isEmpty) this.#lines.delete(this.#key);
  }
}

/** The message of length 0 that a waiting thread took. */
function takenByThread(): SysVMessage<Buffer> {
  return { body: emptyBody, type: lastType() };
}
