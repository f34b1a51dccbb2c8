import { wrongType } from "../arguments.js";
import type { Codec } from "./codec.js";
import { decodeUtf8, isWellFormed } from "./utf8.js";

/**
 * Bodies of UTF-8 text, without a terminating zero. Strict both ways: what one side sends is what the other receives.
 *
 * @throws TypeError on encoding anything but a string, or a string with half a surrogate pair, which UTF-8 cannot hold.
 * @throws TypeError on decoding bytes that are not UTF-8.
 * @example
 * const queue = PosixQueue.open("/lines", { codec: text });
 * await queue.send("naïve");
 */
export const text: Codec<string> = Object.freeze({
  contentType: "text/plain; charset=utf-8",
  encode(value: string): string {
    if (typeof value !== "string") throw wrongType("text", "body", "a string", value);
    if (!isWellFormed(value)) throw wrongType("text", "body", "text without half a surrogate pair", value);
    return value;
  },
  decode(body: Uint8Array): string {
    return decodeUtf8(body, 0, body.length);
  },
});
