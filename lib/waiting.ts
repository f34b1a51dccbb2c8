import { addAbortAction, removeAbortAction } from "./abort.js";
import { AdaptiveWaiting } from "./adaptive-waiting.js";
import { Deadline } from "./deadline.js";
import { loopTurn } from "./loop-turn.js";
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

interface Entry<Request, Result> {
  request: Request;
  timeout: number | undefined;
  deadline: Deadline | undefined;
  signal: AbortSignal | undefined;
  onAbort: (() => void) | undefined;
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
  /** Before it is, the next turn of the loop tries once more. */
  #poll: NodeJS.Immediate | undefined;

  constructor(waiter: Waiter<Request, Result>, pending: PendingCalls) {
    this.#waiter = waiter;
    this.#pending = pending;
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  /**
   * Joins the end, unless it tries once and others wait. `tried` tells that the caller has just tried in vain, with nobody else
   * in the line. `finish` makes of the result what the call promised, in the order in which results come; where it throws, that
   * one call rejects.
   */
  join<Finished = Result>(
    request: Request,
    options: { timeout?: number | undefined; signal?: AbortSignal | undefined } | undefined,
    tried: boolean,
    finish?: (result: Result) => Finished,
  ): Waiting<Finished> {
    const { promise, resolve, reject } = withResolvers<Finished>();
    const timeout = options?.timeout;
    if (timeout === 0 && (this.#waiting || this.#poll !== undefined)) {
      // Those before have tried in vain, and only their wait will tell when another try is worth it.
      reject(this.#waiter.timeoutError(request, 0));
      return { promise, withdraw: () => undefined };
    }
    const entry: Entry<Request, Result> = {
      request,
      timeout,
      deadline: undefined,
      signal: options?.signal,
      onAbort: undefined,
      resolve: finish === undefined ? (resolve as (result: unknown) => void) : finishing(finish, resolve, reject),
      reject,
    };
    this.#entries.add(entry);
    this.#pending.add();
    this.#guard(entry);
    if (this.#entries.size === 1) {
      if (tried) this.#wait();
      else loopTurn.defer(this);
    }
    return {
      promise,
      withdraw: (reason) => {
        this.#withdraw(entry, () => reason);
      },
    };
  }

  /** What was waited for may be there. */
  ready(): void {
    this.#waiting = false;
    this.proceed();
  }

  /** Gives results to whoever waits, in order, until a try finds nothing. */
  proceed(): void {
    if (this.#waiting) return;
    this.#cancelPoll();
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
    if (this.#adaptive.polls()) this.#poll = setImmediate(this.#pollOnce);
    else this.#arm();
  }

  readonly #pollOnce = (): void => {
    this.#poll = undefined;
    this.proceed();
  };

  #cancelPoll(): void {
    if (this.#poll === undefined) return;
    clearImmediate(this.#poll);
    this.#poll = undefined;
  }

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
    this.#cancelPoll();
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
  #guard(entry: Entry<Request, Result>): void {
    const { timeout, signal, request } = entry;
    if (timeout !== undefined && timeout > 0) {
      entry.deadline = new Deadline(timeout, () => {
        this.#withdraw(entry, () => this.#waiter.timeoutError(request, timeout));
      });
    }
    if (signal !== undefined) {
      entry.onAbort = () => {
        this.#withdraw(entry, () => signal.reason);
      };
      addAbortAction(signal, entry.onAbort);
    }
  }

  #leave(entry: Entry<Request, Result>): void {
    // A codec runs in the middle of a try, and may have aborted or closed what it is working for.
    if (!this.#entries.delete(entry)) return;
    if (this.#entries.size === 0) this.#adaptive.abandoned();
    this.#pending.remove();
    entry.deadline?.cancel();
    if (entry.signal !== undefined && entry.onAbort !== undefined) removeAbortAction(entry.signal, entry.onAbort);
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
