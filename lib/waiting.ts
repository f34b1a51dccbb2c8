import { AdaptiveWaiting } from "./adaptive-waiting.js";
import { guarded } from "./guard.js";
import type { Guard, GuardOptions } from "./guard.js";
import { loopTurn } from "./loop-turn.js";
import { native } from "./native.js";
import type { PendingCalls } from "./pending-calls.js";

/** What a family gives to a line: how to try, and how to wait for the next moment at which a try is worth it. */
export interface Waiter<Request, Result extends object | true> {
  /** One try that does not wait: the result, or undefined when it would have to. */
  attempt(request: Request): Result | undefined;
  /** Asks to be told once, by `ready` or `settleHead` of the line. */
  wait(head: Request): void;
  /** Stops waiting; the result when one was obtained before that, or the error that it came with. */
  stop(): Result | undefined;
  /** Whether waiting carries out the request at the head, so that it cannot go on when that one leaves. */
  readonly carriesOut: boolean;
  timeoutError(request: Request, timeout: number): Error;
}

/** One waiting call. `withdraw` rejects it, unless its result was already obtained: then it gets that. */
export interface Waiting<Result> {
  promise: Promise<Result>;
  withdraw(reason: unknown): void;
}

/** A request in a line; `resolve` and `reject` are told at once how it ended. */
export interface Entry<Request, Result> {
  readonly request: Request;
  readonly timeout: number | undefined;
  guard: Guard | undefined;
  resolve(result: Result): void;
  reject(reason: unknown): void;
}

/**
 * Calls that wait for the same thing, first come, first served. This is the one place in which calls wait: try, wait, try
 * again, until a result, a deadline, an abort or the end of the handle.
 *
 * A call that leaves takes nothing along: whoever leaves last stops the waiting, and where stopping comes too late, because
 * the kernel has already given the result, the call gets it after all.
 */
export class WaitingLine<Request, Result extends object | true> {
  readonly #entries = new Set<Entry<Request, Result>>();
  readonly #waiter: Waiter<Request, Result>;
  readonly #pending: PendingCalls;
  readonly #adaptive = new AdaptiveWaiting();
  /** The wait is armed. */
  #waiting = false;
  /** Before it is, one more try is due soon. */
  #polls = false;

  constructor(waiter: Waiter<Request, Result>, pending: PendingCalls) {
    this.#waiter = waiter;
    this.#pending = pending;
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  /** Whether those in the line have tried in vain; otherwise it is only the event loop's turn. */
  get isWaiting(): boolean {
    return this.#waiting || this.#polls;
  }

  /** The request whose turn it is. */
  get head(): Request | undefined {
    const [head] = this.#entries;
    return head?.request;
  }

  /**
   * Joins the end, unless it tries once and others wait. `tried` tells that the caller has just tried in vain, with nobody else
   * in the line. `finish` makes of the result what the call promised, in the order in which results come; where it throws, that
   * one call rejects.
   */
  join<Finished = Result>(
    request: Request,
    options: GuardOptions | undefined,
    tried: boolean,
    finish?: (result: Result) => Finished,
  ): Waiting<Finished> {
    const { promise, resolve, reject } = withResolvers<Finished>();
    const timeout = options?.timeout;
    if (timeout === 0 && this.isWaiting) {
      // Those before have tried in vain, and only their wait will tell when another try is worth it.
      reject(this.#waiter.timeoutError(request, 0));
      return { promise, withdraw: () => undefined };
    }
    const resolved = finish === undefined ? (resolve as (result: unknown) => void) : finishing(finish, resolve, reject);
    const entry = this.enter(request, options, tried, resolved, reject);
    return {
      promise,
      withdraw: (reason) => {
        this.withdraw(entry, reason);
      },
    };
  }

  /** The same for a caller that needs no promise, and is told at once how it ended. */
  enter(
    request: Request,
    options: GuardOptions | undefined,
    tried: boolean,
    resolve: (result: Result) => void,
    reject: (reason: unknown) => void,
  ): Entry<Request, Result> {
    const entry: Entry<Request, Result> = { request, timeout: options?.timeout, guard: undefined, resolve, reject };
    this.#pending.add();
    this.#entries.add(entry);
    if (options !== undefined) this.#guard(entry, options);
    if (this.#entries.size === 1) {
      if (tried) this.#wait();
      else loopTurn.defer(this);
    }
    return entry;
  }

  /** Rejects a request, unless its result was already obtained: then it gets that. */
  withdraw(entry: Entry<Request, Result>, reason: unknown): void {
    this.#withdraw(entry, () => reason);
  }

  /** Whether the waiting carries out this request at this moment, so that it cannot be changed. */
  carriesOut(entry: Entry<Request, Result>): boolean {
    if (!this.#waiting || !this.#waiter.carriesOut) return false;
    const [head] = this.#entries;
    return head === entry;
  }

  /** Takes a request back from the waiting that carries it out: whether it may be changed now, and was not carried out. */
  recall(entry: Entry<Request, Result>): boolean {
    if (this.carriesOut(entry)) {
      this.#stopWaiting();
      loopTurn.defer(this);
    }
    return this.#entries.has(entry);
  }

  /** What was waited for may have come another way. */
  nudge(): void {
    this.#stopWaiting();
    this.proceed();
  }

  /** What was waited for may be there. */
  ready(): void {
    this.#waiting = false;
    this.proceed();
  }

  /** Gives results to whoever waits, in order, until a try finds nothing. */
  proceed(): void {
    if (this.#waiting) return;
    this.#polls = false;
    for (const entry of this.#entries) {
      if (!loopTurn.allowsAnother()) {
        loopTurn.defer(this);
        return;
      }
      let result: Result | undefined;
      try {
        result = this.#waiter.attempt(entry.request);
      } catch (error) {
        this.#leave(entry);
        entry.reject(error);
        continue;
      }
      if (result === undefined) {
        this.#expireThoseThatTryOnce();
        if (this.#entries.size > 0) this.#wait();
        return;
      }
      this.#adaptive.found();
      this.#leave(entry);
      entry.resolve(result);
    }
  }

  /** The waiting itself carried out the request at the head; `obtain` gives its result or throws its error. */
  settleHead(obtain: () => Result): void {
    this.#adaptive.found();
    this.#settle(obtain);
    this.ready();
  }

  /**
   * Hands every waiting request, in order, to `carryOut` and settles it with the outcome, for a caller who may block.
   * Stops at the first that `carryOut` could not complete.
   */
  drain(carryOut: (request: Request) => Result | undefined): boolean {
    this.#stopWaiting();
    for (const entry of this.#entries) {
      let result: Result | undefined;
      try {
        result = carryOut(entry.request);
      } catch (error) {
        loopTurn.defer(this);
        throw error;
      }
      if (result === undefined) {
        loopTurn.defer(this);
        return false;
      }
      this.#leave(entry);
      entry.resolve(result);
    }
    return true;
  }

  /** Rejects all who wait. */
  close(reason: () => unknown): void {
    this.#stopWaiting();
    for (const entry of this.#entries) {
      this.#leave(entry);
      entry.reject(reason());
    }
  }

  #wait(): void {
    // A conversation that never sleeps would keep the process alive.
    const next = this.#pending.isReferenced ? this.#adaptive.polls() : undefined;
    this.#polls = next !== undefined;
    if (next === "in this turn") queueMicrotask(this.#poll);
    else if (next === "in the next turn") setImmediate(this.#poll);
    else this.#arm();
  }

  readonly #poll = (): void => {
    if (!this.#polls) return;
    // Where both sides share a core, the other one needs it to answer.
    native.schedYield();
    this.proceed();
  };

  #arm(): void {
    const [head] = this.#entries;
    if (head === undefined) return;
    this.#waiting = true;
    try {
      this.#waiter.wait(head.request);
    } catch (error) {
      this.#waiting = false;
      this.close(() => error);
    }
  }

  /** Stops waiting, if it goes on; a result that came before that is the first one's. */
  #stopWaiting(): void {
    this.#polls = false;
    if (!this.#waiting) return;
    this.#waiting = false;
    this.#settle(() => this.#waiter.stop());
  }

  /** Settles the head with what `obtain` gives or throws, if anything. */
  #settle(obtain: () => Result | undefined): void {
    const [head] = this.#entries;
    try {
      const result = obtain();
      if (result === undefined || head === undefined) return;
      this.#leave(head);
      head.resolve(result);
    } catch (error) {
      if (head === undefined) return;
      this.#leave(head);
      head.reject(error);
    }
  }

  #withdraw(entry: Entry<Request, Result>, reason: () => unknown): void {
    if (!this.#entries.has(entry)) return;
    const [head] = this.#entries;
    const stopsWaiting = this.#waiter.carriesOut ? entry === head : this.#entries.size === 1;
    if (stopsWaiting) this.#stopWaiting();
    if (this.#entries.has(entry)) {
      this.#leave(entry);
      entry.reject(reason());
    }
    if (stopsWaiting && this.#entries.size > 0) loopTurn.defer(this);
  }

  #expireThoseThatTryOnce(): void {
    for (const entry of this.#entries) {
      if (entry.timeout !== 0) continue;
      this.#leave(entry);
      entry.reject(this.#waiter.timeoutError(entry.request, 0));
    }
  }

  /** Arranges that the entry leaves at its deadline or when its signal is aborted. */
  #guard(entry: Entry<Request, Result>, options: GuardOptions): void {
    entry.guard = guarded(
      options,
      (timeout) => {
        this.#withdraw(entry, () => this.#waiter.timeoutError(entry.request, timeout));
      },
      (reason) => {
        this.#withdraw(entry, () => reason);
      },
    );
  }

  #leave(entry: Entry<Request, Result>): void {
    // A codec runs in the middle of a try, and may have aborted or closed what it is working for.
    if (!this.#entries.delete(entry)) return;
    if (this.#entries.size === 0) this.#adaptive.abandoned();
    this.#pending.remove();
    entry.guard?.release();
  }
}

function finishing<Result, Finished>(
  finish: (result: Result) => Finished,
  resolve: (result: Finished) => void,
  reject: (reason: unknown) => void,
): (result: Result) => void {
  return (result) => {
    let finished: Finished;
    try {
      finished = finish(result);
    } catch (error) {
      reject(error);
      return;
    }
    resolve(finished);
  };
}

function withResolvers<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (reason: unknown) => void;
} {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((fulfil, refuse) => {
    resolve = fulfil;
    reject = refuse;
  });
  return { promise, resolve, reject };
}
