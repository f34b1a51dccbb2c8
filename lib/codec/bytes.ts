import type { Codec } from "./codec.js";

/**
 * Bodies as they are: what a queue does without a codec. A received body is a `Buffer` over the bytes received, without
 * a copy.
 *
 * @throws TypeError on encoding anything but a `Uint8Array`.
 * @example
 * const queue = PosixQueue.open("/frames", { codec: bytes });
 */
export const bytes: Codec<Uint8Array> = Object.freeze({
  contentType: "application/octet-stream",
  encode(value: Uint8Array): Uint8Array {
    if (!(value instanceof Uint8Array))
      throw new TypeError(`Expected body to be a Uint8Array, received ${typeof value}`);
    return value;
  },
  decode(body: Uint8Array): Buffer {
    return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  },
});
