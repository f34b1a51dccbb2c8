const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

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
  try {
    return strict.decode(bytes.subarray(start, end));
  } catch (cause) {
    throw new TypeError("The bytes are not UTF-8", { cause });
  }
}

/** Whether a text has UTF-8 bytes at all: a surrogate without its partner has none. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
