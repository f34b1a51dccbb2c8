import type { Layout } from "./layout.js";
import type { Memory } from "./memory.js";
import { misfit, wrongType } from "./refusal.js";
import { fieldType, type FieldType, type Shape } from "./shape.js";

/** Something that is an integer in C: what bit-fields and enumerations stand on. */
export interface IntegralShape extends Shape {
  readonly integer: IntegerShape;
  /** The integer for a value, checked against the given bounds. */
  toInteger(value: unknown, path: string, least: bigint, most: bigint, type: string): bigint;
  fromInteger(integer: bigint, path: string): unknown;
}

/** In TypeScript an integer is a `number` up to 32 bits; beyond, and for types as wide as a machine word, a `bigint`. */
export type IntegerValue = "number" | "bigint" | "safe";

export class IntegerShape implements IntegralShape {
  readonly kind = "integer";
  readonly integer = this;
  readonly least: bigint;
  readonly most: bigint;

  constructor(
    readonly c: string,
    readonly size: 1 | 2 | 4 | 8,
    readonly alignment: number,
    readonly signed: boolean,
    readonly value: IntegerValue,
    readonly little: boolean,
  ) {
    const bits = BigInt(8 * size);
    this.least = signed ? -(1n << (bits - 1n)) : 0n;
    this.most = (1n << (signed ? bits - 1n : bits)) - 1n;
  }

  with(change: { value?: IntegerValue; little?: boolean }): IntegerShape {
    return new IntegerShape(
      this.c,
      this.size,
      this.alignment,
      this.signed,
      change.value ?? this.value,
      change.little ?? this.little,
    );
  }

  toInteger(value: unknown, path: string, least = this.least, most = this.most, type = this.c): bigint {
    let integer: bigint;
    if (this.value === "bigint") {
      if (typeof value !== "bigint") throw wrongType(path, `a bigint for ${type}`, value);
      integer = value;
    } else {
      if (typeof value !== "number") throw wrongType(path, `a number for ${type}`, value);
      const exact = this.value === "safe" ? Number.isSafeInteger(value) : Number.isInteger(value);
      if (!exact) throw misfit(path, value, type, this.value === "safe" ? "integers up to 2^53" : "integers");
      integer = BigInt(value);
    }
    if (integer < least || integer > most) throw misfit(path, value, type, `${least} to ${most}`);
    return integer;
  }

  fromInteger(integer: bigint, path: string): number | bigint {
    if (this.value === "bigint") return integer;
    const value = Number(integer);
    if (!Number.isSafeInteger(value))
      throw misfit(path, integer, "a number", "integers up to 2^53; drop c.number for a bigint");
    return value;
  }

  write(memory: Memory, at: number, value: unknown, path: string): void {
    this.store(memory, at, this.toInteger(value, path));
  }

  read(memory: Memory, at: number, path: string): number | bigint {
    return this.fromInteger(this.load(memory, at), path);
  }

  store({ view }: Memory, at: number, integer: bigint): void {
    if (this.size === 8) view.setBigUint64(at, BigInt.asUintN(64, integer), this.little);
    else if (this.size === 4) view.setInt32(at, Number(integer), this.little);
    else if (this.size === 2) view.setInt16(at, Number(integer), this.little);
    else view.setInt8(at, Number(integer));
  }

  load({ view }: Memory, at: number): bigint {
    const { size, signed, little } = this;
    if (size === 8) return signed ? view.getBigInt64(at, little) : view.getBigUint64(at, little);
    if (size === 4) return BigInt(signed ? view.getInt32(at, little) : view.getUint32(at, little));
    if (size === 2) return BigInt(signed ? view.getInt16(at, little) : view.getUint16(at, little));
    return BigInt(signed ? view.getInt8(at) : view.getUint8(at));
  }
}

export function isIntegral(shape: Shape): shape is IntegralShape {
  return "integer" in shape;
}

/** An integer of up to 32 bits in every layout. */
export function narrow(c: string, size: 1 | 2 | 4, signed: boolean | "char"): FieldType<number> {
  return fieldType(
    (l) => new IntegerShape(c, size, size, signed === "char" ? l.charIsSigned : signed, "number", l.little),
  );
}

/** An integer of 64 bits in every layout. */
export function wide(c: string, signed: boolean): FieldType<bigint> {
  return fieldType((l) => new IntegerShape(c, 8, l.alignment64, signed, "bigint", l.little));
}

/** An integer as wide as a pointer: 64 bits in LP64, 32 in ILP32, and a `bigint` in both. */
export function word(c: string, signed: boolean): FieldType<bigint> {
  return fieldType((l: Layout) => new IntegerShape(c, l.word, l.word, signed, "bigint", l.little));
}
