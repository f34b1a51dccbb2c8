import { failure } from "../errors/failure.js";
import type { CallDetails } from "../errors/failure.js";
import { native } from "../native.js";
import type { Body } from "../native.js";
import { ignore, listen } from "../readiness.js";
import type { QueueNames } from "./identifier.js";
import type { Selection } from "./selection.js";

/** No answer of the waiting call. */
export const nothing = 1;

/** Milliseconds after which a thread that nobody used ends. Starting one costs as much as a hundred messages. */
const idleLimit = 250;

/** For whom a thread waits. */
export interface ThreadUser {
  /** The waiting call ended with 0 or a negative errno. */
  answered(answer: number): void;
  /** The thread has ended by itself. */
  retired(): void;
}

const running = new Set<WaitingThread>();

/**
 * At the end of the process a message of length 0 may be in the hands of a thread; ending the thread gives it back to the
 * queue. A terminated worker does so without this, in its cleanup hooks, which `process.exit` skips.
 */
function endAll(): void {
  for (const thread of running) thread.close();
}

/**
 * A thread of the addon that waits in one System V call at a time; it is started when first needed, and ends when it has not
 * been used for a while.
 */
abstract class WaitingThread {
  readonly #user: ThreadUser;
  #place = -1;
  #token = 0;
  #waiting = false;
  #usedLately = false;
  #retirementIsDue = false;
  #retirement: NodeJS.Timeout | undefined;

  constructor(
    protected readonly queue: QueueNames,
    user: ThreadUser,
  ) {
    this.#user = user;
  }

  get isRunning(): boolean {
    return this.#place >= 0;
  }

  /** Ends the wait; what the call answered before that, or `nothing`. */
  stop(): number {
    this.endWait();
    return this.#place < 0 ? nothing : native.callBack(this.#place);
  }

  /** Ends the thread. */
  close(): void {
    clearTimeout(this.#retirement);
    this.#retirement = undefined;
    if (this.#place < 0) return;
    ignore(this.#token);
    native.closeWaiter(this.#place);
    this.#place = -1;
    this.#retirementIsDue = false;
    running.delete(this);
    if (running.size === 0) process.off("exit", endAll);
  }

  /** The place of a thread that is ready for its next call. */
  protected begin(): number {
    if (this.#place < 0) this.#start();
    this.#waiting = true;
    this.#usedLately = true;
    return this.#place;
  }

  protected abstract open(token: number): number;

  /** What names the queue in errors. */
  protected names(): CallDetails {
    const { label, id, key } = this.queue;
    return { queue: label, id, key };
  }

  #start(): void {
    this.#token = listen(this.#report);
    const place = this.open(this.#token);
    if (place < 0) {
      ignore(this.#token);
      queueMicrotask(() => {
        this.#user.retired();
      });
      throw failure("pthread_create", place, this.names());
    }
    this.#place = place;
    if (running.size === 0) process.once("exit", endAll);
    running.add(this);
    this.#retirement = setTimeout(this.#retire, idleLimit).unref();
  }

  readonly #report = (): void => {
    const answer = native.takeAnswer(this.#place);
    if (answer === nothing) return;
    this.endWait();
    this.#user.answered(answer);
  };

  protected endWait(): void {
    this.#waiting = false;
    if (!this.#retirementIsDue) return;
    this.#retirementIsDue = false;
    this.#retirement?.refresh();
  }

  readonly #retire = (): void => {
    // The clock stands still during a wait, for a process that only waits has nothing to wake up for.
    this.#retirementIsDue = this.#waiting;
    if (this.#waiting) return;
    if (this.#usedLately) {
      this.#usedLately = false;
      this.#retirement?.refresh();
      return;
    }
    this.close();
    this.#user.retired();
  };
}

/** Waits for a message that fits a selection, without taking it unless its length is 0. */
export class ArrivalThread extends WaitingThread {
  readonly #selection: Selection;

  constructor(queue: QueueNames, selection: Selection, user: ThreadUser) {
    super(queue, user);
    this.#selection = selection;
  }

  wait(): void {
    native.armArrivalWaiter(this.begin());
  }

  protected open(token: number): number {
    return native.openArrivalWaiter(this.queue.id, this.#selection.type, this.#selection.flags, token);
  }
}

/** Sends one message at a time, as soon as there is room. */
export class RoomThread extends WaitingThread {
  send(body: Body, type: number | bigint): void {
    const result = native.armRoomSender(this.begin(), body, type);
    if (result === 0) return;
    this.endWait();
    throw failure("msgsnd", result, this.names());
  }

  protected open(token: number): number {
    return native.openRoomSender(this.queue.id, token);
  }
}
