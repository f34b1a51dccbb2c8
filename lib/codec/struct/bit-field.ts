import type { IntegralShape } from "./integer.js";
import type { Memory } from "./memory.js";

/**
 * A bit-field where it lies: `start` counts bits from the beginning of its struct, from the lowest bit of each byte on
 * little-endian machines and from the highest on big-endian ones, as gcc numbers them.
 */
export class BitField {
  readonly #least: bigint;
  readonly #most: bigint;
  readonly #type: string;

  constructor(
    readonly base: IntegralShape,
    readonly start: number,
    readonly width: number,
    readonly little: boolean,
  ) {
    const bits = BigInt(width);
    const { signed } = base.integer;
    this.#least = signed ? -(1n << (bits - 1n)) : 0n;
    this.#most = (1n << (signed ? bits - 1n : bits)) - 1n;
    this.#type = `${base.integer.c} : ${width}`;
  }

  write({ bytes }: Memory, at: number, value: unknown, path: string): void {
    let rest = this.base.toInteger(value, path, this.#least, this.#most, this.#type);
    this.#eachBit(at, (index, mask) => {
      bytes[index] = ((bytes[index] as number) & ~mask) | (rest & 1n ? mask : 0);
      rest >>= 1n;
    });
  }

  read({ bytes }: Memory, at: number, path: string): unknown {
    let value = 0n;
    let place = 1n;
    this.#eachBit(at, (index, mask) => {
      if ((bytes[index] as number) & mask) value |= place;
      place <<= 1n;
    });
    return this.base.fromInteger(this.base.integer.signed ? BigInt.asIntN(this.width, value) : value, path);
  }

  /** From the least significant bit of the value to the most significant. */
  #eachBit(at: number, visit: (index: number, mask: number) => void): void {
    for (let bit = 0; bit < this.width; bit++) {
      const position = this.little ? this.start + bit : this.start + this.width - 1 - bit;
      visit(at + (position >> 3), this.little ? 1 << (position & 7) : 0x80 >> (position & 7));
    }
  }
}
