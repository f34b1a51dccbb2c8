/** Something that was held back to let the event loop run. */
export interface Deferred {
  proceed(): void;
}

const mostResults = 256;
const longestTurn = 4;
/** The clock costs a tenth of a system call, so it is not read for each result. */
const resultsPerClockReading = 8;

/**
 * Bounds how many results are given without going back to the event loop, over all queues of the thread: promises that
 * resolve at once would otherwise starve timers and sockets for as long as messages keep coming.
 */
class LoopTurn {
  #given = 0;
  #startedAt = 0;
  #end: NodeJS.Immediate | undefined;
  readonly #deferred = new Set<Deferred>();

  /** Whether one more result may be given in this turn; when not, `defer` what should go on in the next. */
  allowsAnother(): boolean {
    if (this.#deferred.size > 0) return false;
    const given = this.#given++;
    if (given === 0) {
      // Whatever the clock says: another program may have had the core since it was read, and callers rely on a first try.
      this.#begin();
      return true;
    }
    return given < mostResults && (given % resultsPerClockReading !== 0 || !this.#isLong());
  }

  /** Proceeds in the next turn of the loop, in the order of the calls. */
  defer(work: Deferred): void {
    if (this.#end === undefined) this.#begin();
    this.#end?.ref();
    this.#deferred.add(work);
  }

  #isLong(): boolean {
    return performance.now() - this.#startedAt > longestTurn;
  }

  #begin(): void {
    this.#startedAt = performance.now();
    // Without a reference it runs in the next turn whenever that comes, and makes none.
    this.#end = setImmediate(this.#finish).unref();
  }

  readonly #finish = (): void => {
    this.#end = undefined;
    this.#given = 0;
    if (this.#deferred.size === 0) return;
    const deferred = [...this.#deferred];
    this.#deferred.clear();
    for (const work of deferred) work.proceed();
  };
}

export const loopTurn = new LoopTurn();
