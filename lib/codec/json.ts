import type { Codec } from "./codec.js";

/** Bodies as JSON text. `T` is the caller's word for what the other side sends; `withSchema` checks it. */
export function json<T>(): Codec<T> {
  return {
    contentType: "application/json",
    encode: (value) => JSON.stringify(value),
    decode: (body) => JSON.parse(body.toString()) as T,
  };
}
