import type { Body } from "../native.js";
import type { Codec } from "./codec.js";

/**
 * Bodies as they are: `Uint8Array` or string (its UTF-8 bytes) on the way in, a `Buffer` on the way out. What a queue does
 * without a codec.
 *
 * @example
 * const queue = PosixQueue.open("/frames", { codec: bytes });
 */
export const bytes: Codec<Buffer, Body> = {
  contentType: "application/octet-stream",
  encode: (value) => value,
  decode: (body) => body,
};
