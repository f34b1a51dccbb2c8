import { isUtf8 } from "node:buffer";

/** Longest text that is worth building byte by byte: beyond it the native decoder is faster. */
const SHORT = 24;

/**
 * Gives the text of UTF-8 bytes; refuses malformed bytes rather than putting U+FFFD in their place, so that text
 * received is text sent. A byte order mark stays.
 *
 * @throws TypeError when the bytes are not UTF-8.
 */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  if (end - start <= SHORT) {
    let text = "";
    let at = start;
    for (; at < end; at++) {
      const byte = bytes[at] as number;
      if (byte >= 0x80) break;
      text += String.fromCharCode(byte);
    }
    if (at === end) return text;
  }
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString("utf8", start, end);
  // Only a text with U+FFFD in it can come from malformed bytes, and few texts have one: far cheaper than a strict decoder.
  if (text.includes("\u{fffd}") && !isUtf8(bytes.subarray(start, end))) throw new TypeError("The bytes are not UTF-8");
  return text;
}

/** Whether a text has UTF-8 bytes at all: a surrogate without its partner has none. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
