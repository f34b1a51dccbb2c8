import { array } from "./array.js";
import { bytes, opaque, text } from "./characters.js";
import { enumeration, type EnumOptions } from "./enumeration.js";
import { flexible, flexibleBytes } from "./flexible.js";
import { narrow, wide, word } from "./integer.js";
import { aligned, anonymous, asNumber, bits, endBits, inByteOrder, padding, unnamedBits } from "./modifiers.js";
import { bool, float32, float64 } from "./scalar.js";
import type { FieldType } from "./shape.js";
import { union } from "./union.js";

const unsignedChar = narrow("unsigned char", 1, false);

/**
 * The types of C, for the fields of a {@link struct}.
 *
 * Integers up to 32 bits are a `number`; 64-bit integers, and those as wide as a machine word (`long`, `size_t`, pointers),
 * are a `bigint`, whatever the layout, so that a program's types do not change with it.
 *
 * @example
 * const Order = struct({ id: c.u64, qty: c.u16, symbol: c.text(12), price: c.f64, open: c.bits(c.unsignedInt, 1) });
 */
export const c = Object.freeze({
  /** `uint8_t`, a number. */
  u8: narrow("uint8_t", 1, false),
  /** `uint16_t`, a number. */
  u16: narrow("uint16_t", 2, false),
  /** `uint32_t`, a number. */
  u32: narrow("uint32_t", 4, false),
  /** `uint64_t`, a bigint. */
  u64: wide("uint64_t", false),
  /** `int8_t`, a number. */
  i8: narrow("int8_t", 1, true),
  /** `int16_t`, a number. */
  i16: narrow("int16_t", 2, true),
  /** `int32_t`, a number. */
  i32: narrow("int32_t", 4, true),
  /** `int64_t`, a bigint. */
  i64: wide("int64_t", true),

  /** `char` as a small integer, with the sign that the layout's `char` has. For text, see `c.text`. */
  char: narrow("char", 1, "char"),
  /** `signed char`, a number. */
  signedChar: narrow("signed char", 1, true),
  /** `unsigned char`, a number. For bytes, see `c.bytes`. */
  unsignedChar,
  /** `short`, a number. */
  short: narrow("short", 2, true),
  /** `unsigned short`, a number. */
  unsignedShort: narrow("unsigned short", 2, false),
  /** `int`, a number. */
  int: narrow("int", 4, true),
  /** `unsigned int`, a number. */
  unsignedInt: narrow("unsigned int", 4, false),
  /** `long`, a bigint: 64 bits in LP64, 32 in ILP32. */
  long: word("long", true),
  /** `unsigned long`, a bigint: 64 bits in LP64, 32 in ILP32. */
  unsignedLong: word("unsigned long", false),
  /** `long long`, a bigint. */
  longLong: wide("long long", true),
  /** `unsigned long long`, a bigint. */
  unsignedLongLong: wide("unsigned long long", false),
  /** `size_t`, a bigint. */
  size_t: word("size_t", false),
  /** `ssize_t`, a bigint. */
  ssize_t: word("ssize_t", true),
  /** `ptrdiff_t`, a bigint. */
  ptrdiff_t: word("ptrdiff_t", true),
  /** `intptr_t`, a bigint. */
  intptr_t: word("intptr_t", true),
  /** `uintptr_t`, a bigint. */
  uintptr_t: word("uintptr_t", false),
  /** A pointer, as the unsigned word it is: worth something only to the process that sent it. */
  pointer: word("void *", false),

  /** `float`, a number; reading gives the nearest double. */
  f32: float32,
  /** `double`, a number. */
  f64: float64,
  /** `_Bool`: one byte. Any byte but 0 reads as true. */
  bool,

  /**
   * An `enum` whose constants go by their names in TypeScript. Like gcc it takes `unsigned int`, or `int` with a negative
   * constant; `base` says otherwise. A received integer that is no constant is refused.
   *
   * @example c.enum({ BUY: 0, SELL: 1 })  // "BUY" | "SELL"
   */
  enum: <const M extends Readonly<Record<string, number>>>(
    members: M,
    options?: EnumOptions,
  ): FieldType<keyof M & string> => enumeration("c.enum", members, true, options),
  /**
   * An `enum` whose constants are their values in TypeScript.
   *
   * @example c.enumValue({ BUY: 0, SELL: 1 })  // 0 | 1
   */
  enumValue: <const M extends Readonly<Record<string, number>>>(
    members: M,
    options?: EnumOptions,
  ): FieldType<M[keyof M]> => enumeration("c.enumValue", members, false, options),

  /** `char name[length]` that holds text: up to `length - 1` bytes and a zero, or all `length` bytes with `{ full: true }`. */
  text,
  /** `unsigned char name[length]`: exactly `length` bytes, a `Uint8Array`; read as a copy. */
  bytes,
  /** A type that is not understood, as its bytes: `length` of them, at a multiple of `alignment`. */
  opaque,
  /** `type name[length]`: exactly `length` elements. */
  array,
  /**
   * A union. With `by`, the field of that name beside it says which member counts, and the value is an object of exactly
   * that member. Without, reading gives every member that the bytes can be, and writing takes any that agree.
   *
   * @example
   * const Point = struct({ x: c.int, y: c.int });
   * const Event = struct({ kind: c.enum({ quit: 0, move: 1 }), event: c.union({ quit: c.int, move: Point }, { by: "kind" }) });
   */
  union,
  /**
   * `type name[]`, the last field: as many elements as the body has room for, or as the field `count` says. A body takes
   * `offsetof(struct, name)` plus the elements.
   */
  flexible: <T>(type: FieldType<T>, options?: { readonly count?: string }): FieldType<T[]> => flexible(type, options),
  /** `unsigned char name[]`, the last field, as bytes. */
  flexibleBytes: (options?: { readonly count?: string }): FieldType<Uint8Array> => flexibleBytes(unsignedChar, options),

  /** `type name : width`, laid out as gcc does it. */
  bits,
  /** `type : width`: bits without a name, left zero. */
  unnamedBits,
  /** `type : 0`: the next bit-field starts in a new unit of `type`. */
  endBits,
  /** Bytes without a value, left zero. */
  padding,

  /** `__attribute__((aligned(bytes)))` on a field. */
  aligned,
  /** A struct or union whose members C sees in the struct around it (C11). */
  anonymous,
  /** A 64-bit or word-wide integer as a `number`: refused beyond 2^53, both ways. */
  number: asNumber,
  /** The type in network byte order: integers, floats, enums, and arrays of them. */
  bigEndian: <T>(type: FieldType<T>): FieldType<T> => inByteOrder("c.bigEndian", type, false),
  /** The type in little-endian byte order, whatever the host's. */
  littleEndian: <T>(type: FieldType<T>): FieldType<T> => inByteOrder("c.littleEndian", type, true),
});
