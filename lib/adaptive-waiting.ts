/** Milliseconds of polling after which the wait is armed: about what a sleep and a wake cost. */
const longestPolling = 0.05;
/** Milliseconds. A wait that sleeping ended sooner could have been ended by polling, for the wake itself takes most of it. */
const shortWait = 0.15;
/** Turns of the event loop with one try each. */
const firstTurns = 16;
const mostTurns = 64;
/** Short waits before polling is tried, at first and at most; a long one takes back some, for another program may have delayed it. */
const leastPatience = 8;
const mostPatience = 8192;
const longWaitCounts = 4;
/** Milliseconds: about one turn of another program on the core. */
const mostSaved = 4;

/**
 * Whether a wait begins with some turns of the event loop, one try in each, before it is armed. Where the other side answers
 * within microseconds, a sleep and a wake take far longer than its answer, and cost more. Where nothing comes soon, or another
 * program takes the core that each turn offers, polling only delays, so it must earn its turns: it begins after a number of short
 * waits, its turns double when they find what was awaited and halve when they do not, and after each failure it takes more short
 * waits until it is tried again. One for each handle and direction.
 *
 * The method is that of a hypervisor's halt polling.
 */
export class AdaptiveWaiting {
  readonly #now: () => number;
  #turns = 0;
  #patience = leastPatience;
  #shortWaits = 0;
  #hits = 0;
  /** How long a short wait takes without polling. */
  #asleep = shortWait;
  /** Milliseconds that polling has won, less those for which another program took the core. */
  #saved = 0;
  /** Of the wait that goes on. */
  #startedAt = -1;
  #turnsLeft = 0;
  #polled = false;

  /** The clock gives milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Nothing was found: when the next try is made, if it is not for the wait to be armed. */
  polls(): "in this turn" | "in the next turn" | undefined {
    if (this.#startedAt < 0) {
      this.#startedAt = this.#now();
      this.#turnsLeft = this.#turns;
      this.#polled = false;
      return this.#turns === 0 ? undefined : "in this turn";
    }
    if (this.#turnsLeft === 0) return undefined;
    if (--this.#turnsLeft > 0 && this.#elapsed() < longestPolling) return "in the next turn";
    this.#turnsLeft = 0;
    this.#polled = true;
    this.#missed();
    return undefined;
  }

  /** What was awaited was found. */
  found(): void {
    if (this.#startedAt < 0) return;
    const elapsed = this.#elapsed();
    this.#startedAt = -1;
    if (this.#turnsLeft > 0) this.#hit(elapsed);
    else if (!this.#polled) this.#slept(elapsed);
  }

  /** Nobody waits any longer. */
  abandoned(): void {
    this.#startedAt = -1;
  }

  #elapsed(): number {
    return this.#now() - this.#startedAt;
  }

  #hit(elapsed: number): void {
    if (elapsed > shortWait) {
      this.#saved -= elapsed;
      if (this.#saved < 0) this.#giveUp();
      return;
    }
    this.#turns = Math.min(this.#turns * 2, mostTurns);
    this.#saved = Math.min(this.#saved + Math.max(0, this.#asleep - elapsed), mostSaved);
    if (++this.#hits === this.#patience) this.#patience = leastPatience;
  }

  #missed(): void {
    this.#turns >>= 1;
    if (this.#turns === 0) this.#giveUp();
  }

  #slept(elapsed: number): void {
    if (elapsed > shortWait) {
      this.#shortWaits = Math.max(0, this.#shortWaits - longWaitCounts);
      return;
    }
    this.#asleep += (elapsed - this.#asleep) / 8;
    if (++this.#shortWaits < this.#patience) return;
    this.#shortWaits = 0;
    this.#hits = 0;
    this.#saved = mostSaved;
    this.#turns = firstTurns;
  }

  #giveUp(): void {
    this.#turns = 0;
    this.#patience = Math.min(this.#patience * 2, mostPatience);
  }
}
