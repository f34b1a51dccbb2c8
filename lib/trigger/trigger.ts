import { checkFunction, checkInteger, checkOptions, checkTimeout } from "../arguments.js";
import { atClose } from "../closing.js";
import { checkOf, isRepeating } from "./condition.js";
import type { Check, TriggerCondition } from "./condition.js";
import { QueueObserver } from "./observer.js";
import type { Observation, ObservableQueue } from "./observer.js";

/** Why and for how many messages a trigger fires. */
export interface TriggerEvent extends Observation {
  /** For people: `"12 messages there, at least 10 asked for"`. */
  readonly reason: string;
  /** 1 for the first firing of this trigger. */
  readonly firing: number;
}

/** How often and how many at once. */
export interface TriggerOptions {
  /** Milliseconds between two looks at a queue that is not empty (default 100). An empty POSIX queue is not looked at: the kernel tells. */
  interval?: number | undefined;
  /** Milliseconds from one firing to the next at least (default 0). */
  minInterval?: number | undefined;
  /** How many runs of `fire` may be going on at once (default 1). */
  maxConcurrent?: number | undefined;
  /** Milliseconds to wait after `fire` failed, doubled with each failure in a row up to a minute (default 1000). */
  backoff?: number | undefined;
}

const optionNames = ["interval", "minInterval", "maxConcurrent", "backoff"] as const;
const longestBackoff = 60_000;

/**
 * Runs a function when a condition of a queue comes true. It looks and takes no message.
 *
 * It fires once when the condition comes true, and is armed again when a look finds it false; what comes true and false again
 * between two looks is not seen. It is also armed again, after the back-off, when `fire` failed. While `minInterval` or
 * `maxConcurrent` hold it back it waits, and fires then if the condition still holds. `{ message: "every" }` fires whenever a look finds more messages
 * than the look before.
 *
 * @example
 * ```ts
 * using queue = PosixQueue.open("/jobs");
 * using trigger = new Trigger(queue, { messages: 10 }, ({ messages, reason }) => {
 *   console.log(`${reason}: ${messages} messages wait`);
 * });
 * await trigger.ended;
 * ```
 */
export class Trigger implements Disposable {
  /** Resolves when the trigger or the queue's handle is closed; rejects when the queue cannot be looked at any more, for instance because it was removed. */
  readonly ended: Promise<void>;
  readonly #queue: ObservableQueue;
  readonly #observer: QueueObserver;
  readonly #check: Check;
  readonly #repeating: boolean;
  readonly #fire: (event: TriggerEvent) => unknown;
  readonly #interval: number;
  readonly #minInterval: number;
  readonly #maxConcurrent: number;
  readonly #backoff: number;
  #armed = true;
  #firings = 0;
  #running = 0;
  #failures = 0;
  #notBefore = 0;
  /** Arrivals that `{ message: "every" }` has not told yet. */
  #unreported = 0;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;
  #cancel: (() => void) | undefined;
  #end!: (error?: unknown) => void;
  readonly #forget: () => void;

  /**
   * @param queue - May be used for receiving too. It must stay open as long as the trigger; closing it ends the trigger.
   * @param condition - When to fire.
   * @param fire - Called with the reason. A promise that it gives is awaited; an error or a rejection is a failure.
   * @throws TypeError for a condition that the family cannot tell, saying why.
   */
  constructor(
    queue: ObservableQueue,
    condition: TriggerCondition,
    fire: (event: TriggerEvent) => unknown,
    options?: TriggerOptions,
  ) {
    const method = "Trigger";
    this.#check = checkOf(queue, condition);
    this.#fire = checkFunction(method, "fire", fire);
    const {
      interval = 100,
      minInterval = 0,
      maxConcurrent = 1,
      backoff = 1000,
    } = checkOptions(method, options, optionNames);
    this.#interval = checkInteger(method, "interval", interval, 1, 2 ** 31 - 1);
    this.#minInterval = checkTimeout(method, minInterval, "minInterval") ?? Infinity;
    this.#maxConcurrent = checkInteger(method, "maxConcurrent", maxConcurrent, 1, 2 ** 31 - 1);
    this.#backoff = checkTimeout(method, backoff, "backoff") ?? longestBackoff;
    this.#repeating = isRepeating(condition);
    this.#queue = queue;
    this.#observer = new QueueObserver(queue);
    this.ended = new Promise((resolve, reject) => {
      this.#end = (error) => {
        if (error === undefined) resolve();
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as it was thrown
        else reject(error);
      };
    });
    this.#forget = atClose(queue, () => {
      this.close();
    });
    // Whoever makes a trigger has it in hand when it fires for the first time.
    this.#timer = setTimeout(this.#look, 0);
  }

  /** How often it has fired. */
  get firings(): number {
    return this.#firings;
  }

  /** Looks no more. What `fire` has begun goes on. Closing again is harmless. */
  close(): void {
    this.#stop();
    this.#end();
  }

  /** `using trigger = …` closes it at the end of the block. */
  [Symbol.dispose](): void {
    this.close();
  }

  #stop(): void {
    this.#closed = true;
    this.#forget();
    clearTimeout(this.#timer);
    this.#cancel?.();
  }

  readonly #look = (): void => {
    if (this.#closed) return;
    this.#cancel = undefined;
    try {
      const seen = this.#observer.look();
      this.#decide(seen);
      this.#lookAgain(seen);
    } catch (error) {
      this.#stop();
      this.#end(this.#queue.closed ? undefined : error);
    }
  };

  #decide(seen: Observation): void {
    const reason = this.#check(seen);
    if (this.#repeating) {
      // News that cannot be told at once is told later.
      this.#unreported = seen.messages === 0 ? 0 : this.#unreported + seen.arrived;
      if (this.#unreported > 0 && this.#mayFire(seen.at)) {
        const arrived = this.#unreported;
        this.#unreported = 0;
        void this.#run({ ...seen, arrived, reason: `${arrived} arrived`, firing: ++this.#firings });
      }
      return;
    }
    if (reason === undefined) this.#armed = true;
    else if (this.#armed && this.#mayFire(seen.at)) {
      this.#armed = false;
      void this.#run({ ...seen, reason, firing: ++this.#firings });
    }
  }

  #mayFire(now: number): boolean {
    return this.#running < this.#maxConcurrent && now >= this.#notBefore;
  }

  async #run(event: TriggerEvent): Promise<void> {
    this.#running++;
    this.#notBefore = event.at + this.#minInterval;
    try {
      await this.#fire(event);
      this.#failures = 0;
    } catch {
      const pause = Math.min(this.#backoff * 2 ** this.#failures, longestBackoff);
      this.#failures++;
      this.#notBefore = Math.max(this.#notBefore, performance.now() + pause);
      this.#armed = true;
      this.#unreported += this.#repeating ? event.arrived : 0;
    }
    this.#running--;
  }

  /** An empty POSIX queue tells by itself when that changes. System V has no wait that never takes a message. */
  #lookAgain({ messages }: Observation): void {
    if (this.#closed) return;
    if (messages === 0 && "onNotEmpty" in this.#queue) this.#cancel = this.#queue.onNotEmpty(this.#look);
    else this.#timer = setTimeout(this.#look, this.#interval);
  }
}
