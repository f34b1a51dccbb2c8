/**
 * Turns values of type `T` into the bytes of a message body and back.
 *
 * A codec decides the encoded body and nothing else: not the priority, the type, or whether a message is taken.
 * `encode` runs before the system call, `decode` after it.
 */
export interface Codec<T> {
  /** The body's media type, for people and tools; it never travels with the message. */
  readonly contentType: string;
  /** Gives the bytes of the body; a string stands for its UTF-8 bytes. Throwing refuses the value, and nothing is sent. */
  encode(value: T): Uint8Array | string;
  /** Gives the value of a body. Throwing rejects that one receive with `MessageDecodeError`, which carries the bytes. */
  decode(bytes: Buffer): T;
}
