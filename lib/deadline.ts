const longestTimer = 2 ** 31 - 1;

/**
 * A timer on the monotonic clock for any number of milliseconds; Node's own fires at once above 2^31 - 1. It never keeps
 * the process alive: the pending call whose deadline it is does, if it should.
 */
export class Deadline {
  readonly #at: number;
  readonly #expired: () => void;
  #timer: NodeJS.Timeout;

  constructor(timeout: number, expired: () => void) {
    this.#at = performance.now() + timeout;
    this.#expired = expired;
    this.#timer = this.#start(timeout);
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }

  #start(remaining: number): NodeJS.Timeout {
    return setTimeout(this.#check, Math.min(Math.ceil(remaining), longestTimer)).unref();
  }

  readonly #check = (): void => {
    const remaining = this.#at - performance.now();
    if (remaining > 0) this.#timer = this.#start(remaining);
    else this.#expired();
  };
}
