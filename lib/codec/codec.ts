import type { FieldType } from "./struct/shape.js";

/**
 * Turns values into the bytes of a message body and back.
 *
 * A codec decides the encoded body and nothing else: not the priority, the type, or whether a message is taken.
 * `encode` runs before the system call, `decode` after it.
 *
 * @typeParam Out - What a received body is.
 * @typeParam In - What can be sent; the same unless the codec accepts more than it gives.
 */
export interface Codec<Out, In = Out> {
  /** The body's media type, for people and tools; it never travels with the message. */
  readonly contentType: string;
  /** Gives the bytes of the body; a string stands for its UTF-8 bytes. Throwing refuses the value, and nothing is sent. */
  encode(value: In): Uint8Array | string;
  /** Gives the value of a body. Throwing rejects that one receive with `MessageDecodeError`, which carries the bytes. */
  decode(bytes: Buffer): Out;
  /**
   * Writes the body at `offset` of `target` and returns its length in bytes. Optional: a codec offers it where it saves
   * an allocation and a copy. Throws `RangeError` when the body does not fit between `offset` and the end of `target`.
   */
  encodeInto?(value: In, target: Uint8Array, offset: number): number;
  /** Length of every body in bytes, where all have the same. It lets a queue be made, or checked, for this codec. */
  readonly size?: number;
}

/** The type of the values that a codec gives, or that a field of a struct has. */
export type Infer<C> = C extends Codec<infer T, never> ? T : C extends FieldType<infer T> ? T : never;

/** Carries the TypeScript type of a value; nothing exists under it at run time. */
export declare const valueType: unique symbol;
