import { isUint8Array } from "node:util/types";
import { checkBoolean, checkOneOf, checkOptions, outOfRange } from "../../arguments.js";
import { decodeUtf8, isWellFormed } from "../utf8.js";
import { checkAlignment, checkLength } from "./declaring.js";
import type { Memory } from "./memory.js";
import { misfit, refusal, wrongType } from "./refusal.js";
import { fieldType, type FieldType, type Shape } from "./shape.js";

/** Options of `text` in {@link c}. */
export interface TextOptions {
  /**
   * Let a text fill all bytes, without a terminating zero, as `strncpy` does. Default false: one byte is kept for the zero,
   * so that a C reader may call `strlen`. Reading takes both either way.
   */
  readonly full?: boolean;
  /** `"utf8"` (default, strict) or `"latin1"`, one byte per character. */
  readonly encoding?: "utf8" | "latin1";
}

/** `char name[length]` that holds text. */
export class TextShape implements Shape {
  readonly kind = "text";
  readonly alignment = 1;

  constructor(
    readonly size: number,
    readonly full: boolean,
    readonly encoding: "utf8" | "latin1",
  ) {}

  write({ bytes }: Memory, at: number, value: unknown, path: string): void {
    if (typeof value !== "string") throw wrongType(path, `a string for char[${this.size}]`, value);
    if (value.includes("\0")) throw refusal(path, "text with a zero inside would be cut there");
    if (this.encoding === "utf8" && !isWellFormed(value))
      throw refusal(path, "half a surrogate pair has no UTF-8 bytes");
    // eslint-disable-next-line no-control-regex -- Latin-1 begins at zero
    if (this.encoding === "latin1" && !/^[\x00-\xff]*$/.test(value))
      throw refusal(path, `${JSON.stringify(value)} is not Latin-1`);
    const length = Buffer.byteLength(value, this.encoding);
    const room = this.full ? this.size : this.size - 1;
    if (length > room) {
      throw misfit(path, value, `char[${this.size}]`, this.full ? `${room} bytes` : `${room} bytes and a zero`);
    }
    Buffer.from(bytes.buffer, at, this.size).fill(0).write(value, this.encoding);
  }

  read({ bytes }: Memory, at: number, path: string): string {
    let end = at;
    while (end < at + this.size && bytes[end] !== 0) end++;
    if (this.encoding === "latin1") return Buffer.from(bytes.buffer, at, end - at).toString("latin1");
    try {
      return decodeUtf8(bytes, at, end);
    } catch {
      throw refusal(path, `the text in char[${this.size}] is not UTF-8`);
    }
  }

  /** Writes without a word about what is wrong; false when it does not fit. */
  put(bytes: Uint8Array, at: number, value: unknown): boolean {
    if (typeof value !== "string") return false;
    const { length } = value;
    if (length > (this.full ? this.size : this.size - 1)) return false;
    for (let index = 0; index < length; index++) {
      const unit = value.charCodeAt(index);
      if (unit === 0 || unit >= 0x80) return false; // the plain road knows what to do
      bytes[at + index] = unit;
    }
    for (let index = length; index < this.size; index++) bytes[at + index] = 0;
    return true;
  }
}

/** `unsigned char name[length]` that holds bytes. */
export class BytesShape implements Shape {
  readonly kind = "bytes";

  constructor(
    readonly size: number,
    readonly alignment = 1,
  ) {}

  write({ bytes }: Memory, at: number, value: unknown, path: string): void {
    if (!isUint8Array(value)) throw wrongType(path, `${this.size} bytes (Uint8Array)`, value);
    if (value.length !== this.size)
      throw misfit(path, value, `unsigned char[${this.size}]`, `exactly ${this.size} bytes`);
    bytes.set(value, at);
  }

  /** A copy: a field kept must not keep the pool alive that its message came from. */
  read({ bytes }: Memory, at: number): Buffer {
    return Buffer.from(bytes.subarray(at, at + this.size));
  }
}

export function text(length: number, options?: TextOptions): FieldType<string> {
  const method = "c.text";
  checkLength(method, "length", length, 1);
  const { full = false, encoding = "utf8" } = checkOptions<TextOptions>(method, options, ["full", "encoding"]);
  checkBoolean(method, "full", full);
  const shape = new TextShape(length, full, checkOneOf(method, "encoding", encoding, ["utf8", "latin1"]));
  return fieldType(() => shape);
}

export function bytes(length: number): FieldType<Uint8Array> {
  return unread("c.bytes", length, 1);
}

export function opaque(length: number, alignment: number): FieldType<Uint8Array> {
  const type = unread("c.opaque", length, alignment);
  // Every type of C fills an array without gaps.
  if (length % alignment !== 0)
    throw outOfRange("c.opaque", "length", `a multiple of the alignment ${alignment}`, length);
  return type;
}

function unread(method: string, length: number, alignment: number): FieldType<Uint8Array> {
  checkLength(method, "length", length, 1);
  checkAlignment(method, "alignment", alignment);
  const shape = new BytesShape(length, alignment);
  return fieldType(() => shape);
}
