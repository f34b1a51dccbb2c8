/** An input as a row of decisions, for targets that build something from it. When it ends, every decision is 0. */
export class Decisions {
  #at = 0;

  constructor(readonly bytes: Buffer) {}

  get over(): boolean {
    return this.#at >= this.bytes.length;
  }

  byte(): number {
    return this.bytes[this.#at++] ?? 0;
  }

  below(limit: number): number {
    return this.byte() % limit;
  }

  chance(): boolean {
    return this.byte() % 2 === 1;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }

  /** Small ones mostly, at times as large as a length or an alignment may be. */
  number(): number {
    const width = this.pick([1, 1, 1, 1, 2, 4]);
    let number = 0;
    for (let byte = 0; byte < width; byte++) number = number * 256 + this.byte();
    return number;
  }

  /** Some characters as they are. */
  text(): string {
    const length = this.below(8);
    const text = this.bytes.toString("utf8", this.#at, this.#at + length);
    this.#at += length;
    return text;
  }

  rest(): Buffer {
    return this.bytes.subarray(this.#at);
  }
}
