// What other people wrote - names of queues, bodies of messages - may hold what a terminal obeys: a colour, a new title, a
// cursor that writes over the lines before, text that runs backwards. Where a person looks it is shown as an escape instead.

// C0 with DEL, C1, and what turns the direction of text or ends a line.
const obeyed = "\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069";
const anywhere = new RegExp(`[${obeyed}]`, "gu");
const butLinesAndTabs = new RegExp(`(?![\\n\\t])[${obeyed}]`, "gu");

/** On one line: line ends and tabs are escaped as well. */
export function printable(text: string): string {
  return text.replace(anywhere, escaped);
}

/** Text of several lines: line ends and tabs stay. */
export function printableLines(text: string): string {
  return text.replace(butLinesAndTabs, escaped);
}

/** JSON with the same meaning: its own escapes take the place of what `JSON.stringify` leaves as it is. */
export function printableJson(text: string): string {
  return text.replace(butLinesAndTabs, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Bytes of several lines: UTF-8 where they are, each other byte as `\x80`. */
export function printableBytes(bytes: Uint8Array): string {
  const decoded = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  if (!decoded.includes("\ufffd")) return printableLines(decoded);
  let shown = "";
  for (let at = 0; at < bytes.length;) {
    const length = characterLength(bytes, at);
    shown += length === 0 ? byteEscape(bytes[at] ?? 0) : printableLines(utf8.decode(bytes.subarray(at, at + length)));
    at += Math.max(1, length);
  }
  return shown;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes of the character that begins here; 0 where none does. */
function characterLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  try {
    return utf8.decode(bytes.subarray(at, at + length)).length > 0 ? length : 0;
  } catch {
    return 0;
  }
}

function escaped(char: string): string {
  const code = char.charCodeAt(0);
  return code < 0x100 ? byteEscape(code) : `\\u${code.toString(16)}`;
}

function byteEscape(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, "0")}`;
}
