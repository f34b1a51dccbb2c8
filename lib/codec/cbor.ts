/**
 * Bodies in CBOR. Needs the package `cborg`.
 *
 * @module hostmq/cbor
 */
import type * as Cborg from "cborg";
import { shown } from "../shown.js";
import type { Codec } from "./codec.js";
import { checkCbor } from "./cbor-check.js";
import { maxDepthOf, prototypeKey, type DecodeLimits } from "./limits.js";
import { loadPeer } from "./peer.js";
import { unencodable } from "./unencodable.js";

/**
 * Bodies in CBOR (RFC 8949): compact, with bytes and exact 64-bit integers (a `bigint` where a number is not exact).
 * Needs the package `cborg`. Tags are refused on decoding; dates travel as what you make of them.
 *
 * @throws Error (`ERR_HOSTMQ_MISSING_PEER`) when `cborg` is not installed.
 * @throws TypeError on encoding what CBOR lacks here: `undefined`, a function, a symbol, a `Date`, a cycle, a key that is not
 * text; RangeError on encoding what nests too deep for the package. The `cause` is what the package threw.
 * @throws RangeError on decoding a body that is cut short or nests deeper than `maxDepth`.
 * @throws Error on decoding bytes that are not CBOR, bytes left over, text that is not UTF-8, a tag, a repeated key, a key
 * that is not text or is `__proto__`.
 * @example
 * import { PosixQueue } from "hostmq";
 * import { cbor } from "hostmq/cbor";
 *
 * const queue = PosixQueue.open("/readings", { codec: cbor<{ sensor: string; raw: Uint8Array }>() });
 */
export function cbor<T>(limits?: DecodeLimits): Codec<T> {
  const maxDepth = maxDepthOf("cbor", limits);
  const peer = loadPeer("cborg", "hostmq/cbor") as typeof Cborg;
  return Object.freeze({
    contentType: "application/cbor",
    encode(value: T): Uint8Array {
      if (value === undefined) throw unencodable("cbor", "a CBOR form", value);
      try {
        return peer.encode(value, { typeEncoders });
      } catch (error) {
        throw unencodable("cbor", "a CBOR form", value, error);
      }
    },
    decode(body: Uint8Array): T {
      checkCbor(body, maxDepth, refuseKey);
      return peer.decode(body, { rejectDuplicateMapKeys: true }) as T;
    },
  });
}

/** What decoding would refuse is not sent. */
const typeEncoders = {
  Map(map: Map<unknown, unknown>): null {
    for (const key of map.keys()) {
      if (typeof key !== "string") throw new TypeError(`The key of a Map must be text; got ${shown(key)}`);
      if (key === "__proto__") refuseKey();
    }
    return null;
  },
};

function refuseKey(): never {
  throw prototypeKey();
}
