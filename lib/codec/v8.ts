import type { Codec } from "./codec.js";
import { unencodable } from "./unencodable.js";

/**
 * Bodies in the structured clone format of V8: `Map`, `Set`, `Date`, `bigint`, `RegExp`, typed arrays and cycles survive.
 *
 * **For trusted peers only.** V8's reader is not built for hostile bytes: a body of a few bytes may ask for much memory
 * (a sparse array of 4,000,000,000 elements), and the reader has no limits to set. The format belongs to V8: it is read by
 * the same or a later Node, by no other language, and not by Bun. Where anybody else may write to the queue, take `json`,
 * `msgpack` or `cbor` with a schema.
 *
 * @throws TypeError on encoding a function, a symbol or a host object; RangeError on encoding what nests too deep. The `cause` is
 * what V8 threw.
 * @throws Error on decoding bytes that are not in this format, or bytes left over behind the value.
 * @example
 * const cache = SysVQueue.open(0x1234, { codec: v8<Map<string, Date>>() });
 */
export function v8<T>(): Codec<T> {
  // Loaded with the first codec: it would be a fifth of the time that importing the package takes.
  const { deserialize, serialize } = process.getBuiltinModule("node:v8");
  return Object.freeze({
    contentType: "application/x-v8-serialized",
    encode(value: T): Uint8Array {
      try {
        return serialize(value);
      } catch (error) {
        throw unencodable("v8", "a structured clone", value, error);
      }
    },
    decode: (body: Uint8Array): T => deserialize(body) as T,
  });
}
