import type { Body } from "../native.js";
import type { Codec } from "./codec.js";

/** Bodies as they are: `Uint8Array` or string (its UTF-8 bytes) on the way in, `Buffer` on the way out. The default. */
export const bytes: Codec<Buffer, Body> = {
  contentType: "application/octet-stream",
  encode: (value) => value,
  decode: (body) => body,
};
