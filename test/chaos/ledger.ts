/** What was sent and received, by streams: a stream is all that one sender sends with one rank. */
import assert from "node:assert/strict";

/** Numbers begin here, so that none is mistaken for a count, and all have ten digits. */
export const firstNumber = 1_000_000_000;

/** Bits of what is known about a number. Uncertain: its sender was killed, and did not say whether it was sent. */
const uncertain = 1;
const sent = 2;
const received = 4;

class Stream {
  /** The number that its sender sends next. */
  next = firstNumber;
  #states = new Uint8Array(1024);

  mark(number: number, state: number): void {
    const place = number - firstNumber;
    assert.ok(Number.isSafeInteger(place) && place >= 0, `${number} is none of ours`);
    if (place >= this.#states.length) {
      const larger = new Uint8Array(Math.max(place + 1, this.#states.length * 2));
      larger.set(this.#states);
      this.#states = larger;
    }
    assert.ok(
      ((this.#states[place] as number) & state) === 0,
      `${number} was ${state === received ? "received" : "sent"} twice`,
    );
    this.#states[place] = (this.#states[place] as number) | state;
  }

  count(wanted: (state: number) => boolean): number {
    return this.#states.reduce((sum, state) => sum + (wanted(state) ? 1 : 0), 0);
  }
}

export class Ledger {
  readonly #streams = new Map<number, Stream>();

  next(rank: number): number {
    return this.#stream(rank).next;
  }

  /** Its sender said that it was sent. */
  sent(rank: number, number: number): void {
    const stream = this.#stream(rank);
    assert.equal(number, stream.next, "a sender left out a number");
    stream.next = number + 1;
    stream.mark(number, sent);
  }

  /** The sender was killed: the next may have been sent or not, and its successor begins behind it. */
  senderKilled(rank: number): void {
    const stream = this.#stream(rank);
    stream.mark(stream.next++, uncertain);
  }

  received(rank: number, number: number): void {
    this.#stream(rank).mark(number, received);
  }

  /** Messages that were sent for certain; of them those that nobody received; those that were received and never sent. */
  totals(): { sent: number; lost: number; invented: number } {
    const sum = (wanted: (state: number) => boolean): number =>
      [...this.#streams.values()].reduce((total, stream) => total + stream.count(wanted), 0);
    return {
      sent: sum((state) => (state & sent) !== 0),
      lost: sum((state) => state === sent),
      invented: sum((state) => state === received),
    };
  }

  #stream(rank: number): Stream {
    let stream = this.#streams.get(rank);
    if (stream === undefined) this.#streams.set(rank, (stream = new Stream()));
    return stream;
  }
}
