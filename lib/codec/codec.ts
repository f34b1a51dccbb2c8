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
}
