/** Milliseconds of polling after which the wait is armed: about what a sleep and a wake cost. */
const longestPolling = 0.05;
/** Milliseconds. A wait that sleeping ended sooner could have been ended by polling, for the wake itself takes most of it. */
const shortWait = 0.15;
/** Turns of the event loop with one try each. */
const firstTurns = 16;
const mostTurns = 64;
/** Short waits before polling is tried, at first and at most; a long one takes back some, for another program may have delayed it. */
const leastPatience = 8;
const mostPatience = 1024;
const longWaitCounts = 4;
/** Polling must end a wait in this part of the time that sleeping takes, or another program needs the core meanwhile. */
const worthwhile = 0.75;
const hitsBeforeJudgement = 16;

/**
 * Whether a wait begins with some turns of the event loop, one try in each, before it is armed. Where the other side runs on
 * another core, a sleep and a wake take far longer than its answer, and cost more. Where it needs this core, or where nothing
 * comes soon, polling only delays it, so it must earn its turns: it begins after a number of short waits, its turns
 * double when they find what was awaited and halve when they do not, and after each failure it takes more short waits until
 * it is tried again. One for each handle and direction.
 *
 * The method is that of a hypervisor's halt polling.
 */
export class AdaptiveWaiting {
  readonly #now: () => number;
  #turns = 0;
  #patience = leastPatience;
  #shortWaits = 0;
  #hits = 0;
  #asleep = 0;
  #polling = 0;
  /** Of the wait that goes on. */
  #startedAt = -1;
  #turnsLeft = 0;
  #polled = false;

  /** The clock gives milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Nothing was found: whether the next try is made in the next turn of the event loop. Otherwise the wait is to be armed. */
  polls(): boolean {
    if (this.#startedAt < 0) {
      this.#startedAt = this.#now();
      this.#turnsLeft = this.#turns;
      this.#polled = false;
      if (this.#turns === 0) return false;
    } else if (this.#turnsLeft === 0) {
      return false;
    }
    if (--this.#turnsLeft > 0 && this.#elapsed() < longestPolling) return true;
    this.#turnsLeft = 0;
    this.#polled = true;
    this.#missed();
    return false;
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
    this.#turns = Math.min(this.#turns * 2, mostTurns);
    this.#polling = average(this.#polling, elapsed);
    if (++this.#hits < hitsBeforeJudgement) return;
    if (this.#polling > this.#asleep * worthwhile) this.#giveUp();
    else this.#patience = leastPatience;
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
    this.#asleep = average(this.#asleep, elapsed);
    if (++this.#shortWaits < this.#patience) return;
    this.#shortWaits = 0;
    this.#hits = 0;
    this.#polling = 0;
    this.#turns = firstTurns;
  }

  #giveUp(): void {
    this.#turns = 0;
    this.#patience = Math.min(this.#patience * 2, mostPatience);
  }
}

/** Moves by an eighth: one wait that something else delayed decides nothing. */
function average(before: number, value: number): number {
  return before === 0 ? value : before + (value - before) / 8;
}
