/**
 * Bodies in MessagePack. Needs the package `@msgpack/msgpack`.
 *
 * @module hostmq/msgpack
 */
import type * as MsgPack from "@msgpack/msgpack";
import { checkBoolean } from "../arguments.js";
import type { Codec } from "./codec.js";
import { maxDepthOf, type DecodeLimits } from "./limits.js";
import { checkMsgPack } from "./msgpack-check.js";
import { loadPeer } from "./peer.js";
import { unencodable } from "./unencodable.js";

/** Options of {@link msgpack}. */
export interface MsgPackOptions extends DecodeLimits {
  /**
   * Take and give 64-bit integers as `bigint`: a decoded int 64 or uint 64 is then always a `bigint`. Default false:
   * they become numbers, exact up to 2^53.
   */
  readonly bigint?: boolean;
}

/**
 * Bodies in MessagePack: compact, with bytes and dates, spoken by every language. Needs the package `@msgpack/msgpack`.
 *
 * A body is walked once before it is decoded: lengths that exceed the bytes present are refused before anything is
 * allocated for them.
 *
 * @throws Error (`ERR_HOSTMQ_MISSING_PEER`) when `@msgpack/msgpack` is not installed.
 * @throws TypeError on encoding what MessagePack lacks: `undefined` at the top, a function, a symbol, nesting beyond `maxDepth`.
 * The `cause` is what the package threw.
 * @throws RangeError on decoding a body that is cut short, has bytes left over, or nests deeper than `maxDepth`.
 * @throws Error on decoding a map whose key is `__proto__` or neither text nor number.
 * @example
 * import { PosixQueue } from "hostmq";
 * import { msgpack } from "hostmq/msgpack";
 *
 * const queue = PosixQueue.open("/frames", { codec: msgpack<{ at: Date; pixels: Uint8Array }>() });
 */
export function msgpack<T>(options?: MsgPackOptions): Codec<T> {
  const maxDepth = maxDepthOf("msgpack", options, ["bigint"]);
  const { bigint } = options ?? {};
  const useBigInt64 = bigint === undefined ? false : checkBoolean("msgpack", "bigint", bigint);
  const peer = loadPeer("@msgpack/msgpack", "hostmq/msgpack") as typeof MsgPack;
  const encoder = new peer.Encoder({ maxDepth: maxDepth + 1, useBigInt64 });
  const decoder = new peer.Decoder({ useBigInt64 });
  return Object.freeze({
    contentType: "application/vnd.msgpack",
    encode(value: T): Uint8Array {
      if (value === undefined) throw unencodable("msgpack", "a MessagePack form", value);
      try {
        return encoder.encode(value);
      } catch (error) {
        throw unencodable("msgpack", "a MessagePack form", value, error);
      }
    },
    decode(body: Uint8Array): T {
      checkMsgPack(body, maxDepth);
      // Not a Buffer, so that bytes within come as the Uint8Array that was sent; they are a view of the body.
      return decoder.decode(new Uint8Array(body.buffer, body.byteOffset, body.byteLength)) as T;
    },
  });
}
