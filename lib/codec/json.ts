import type { Codec } from "./codec.js";
import { maxDepthOf, prototypeKey, tooDeep, type DecodeLimits } from "./limits.js";
import { unencodable } from "./unencodable.js";
import { decodeUtf8 } from "./utf8.js";

/**
 * Bodies of JSON in UTF-8: readable by every language and by people.
 *
 * `T` is a promise about the peer, not a check: wrap the codec in `withSchema` where the peer is not your own code.
 * What JSON lacks is lost or refused as `JSON.stringify` does it: `Date` becomes a string, a `Map` becomes `{}`, and
 * a bigint or a cycle throws.
 *
 * @throws TypeError on encoding `undefined`, a function or a symbol (JSON has no text for them), a bigint, or a cycle;
 * RangeError on encoding what nests too deep for `JSON.stringify`. The `cause` is what that threw.
 * @throws SyntaxError on decoding what is not JSON, TypeError when it is not UTF-8 or has a key `__proto__`,
 * RangeError when it nests deeper than `maxDepth`.
 * @example
 * const jobs = PosixQueue.open("/jobs", { codec: json<{ id: number; path: string }>() });
 * await jobs.send({ id: 7, path: "/srv/in/7.png" });
 */
export function json<T>(limits?: DecodeLimits): Codec<T> {
  const maxDepth = maxDepthOf("json", limits);
  return Object.freeze({
    contentType: "application/json",
    encode(value: T): string {
      const body = stringify(value);
      if (body === undefined) throw unencodable("json", "a JSON form", value);
      return body;
    },
    decode(body: Uint8Array): T {
      // A nesting of n takes 2n bytes, so short bodies need no look.
      if (body.length > 2 * maxDepth) refuseDeeper(body, maxDepth);
      const source = decodeUtf8(body, 0, body.length);
      if (mayHavePrototypeKey(source)) return JSON.parse(source, refusePrototypeKey) as T;
      return JSON.parse(source) as T;
    },
  });
}

/** Undefined for what has no text at all. */
function stringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    throw unencodable("json", "a JSON form", value, error);
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Brackets inside of strings do not nest, and no byte of a longer UTF-8 sequence looks like one. */
function refuseDeeper(body: Uint8Array, maxDepth: number): void {
  let depth = 0;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at] as number;
    if (byte === QUOTE) {
      for (at++; at < body.length && body[at] !== QUOTE; at++) if (body[at] === BACKSLASH) at++;
    } else if ((byte | 0x20) === 0x7b) {
      if (++depth > maxDepth) throw tooDeep(maxDepth);
    } else if ((byte | 0x20) === 0x7d) {
      depth--;
    }
  }
}

/** The key itself, or an escape that could spell a part of it. */
function mayHavePrototypeKey(source: string): boolean {
  return source.includes("__proto__") || source.includes("\\u00");
}

function refusePrototypeKey(key: string, value: unknown): unknown {
  if (key === "__proto__") throw prototypeKey();
  return value;
}
