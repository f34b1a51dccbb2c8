import { isUtf8 } from "node:buffer";
import { tooDeep } from "./limits.js";

const PROTO = Buffer.from("__proto__");
/** Length that ends with a break byte rather than with a count. */
const INDEFINITE = -1;

/**
 * Walks a CBOR body without building anything: depth, lengths, text. The decoder proper descends by recursion and puts
 * U+FFFD for malformed text; here both are refused first.
 *
 * @throws RangeError when the body is cut short or nests deeper than `maxDepth`; TypeError when a text is not UTF-8.
 */
export function checkCbor(body: Uint8Array, maxDepth: number, refuseKey: () => never): void {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const open: { left: number; map: boolean; key: boolean }[] = [];
  let at = 0;
  const need = (count: number): void => {
    if (count > body.length - at)
      throw new RangeError(`The body is cut short: byte ${at} promises ${count} more bytes`);
  };
  const argument = (minor: number): number => {
    if (minor < 24) return minor;
    if (minor === 31) return INDEFINITE;
    if (minor > 27) throw new TypeError(`Byte ${at - 1} is not CBOR`);
    const width = 1 << (minor - 24);
    need(width);
    const start = at;
    at += width;
    if (width === 1) return view.getUint8(start);
    if (width === 2) return view.getUint16(start);
    if (width === 4) return view.getUint32(start);
    return view.getUint32(start) * 2 ** 32 + view.getUint32(start + 4);
  };
  do {
    need(1);
    const head = body[at++] as number;
    const major = head >> 5;
    const top = open.at(-1);
    if (head === 0xff) {
      if (top?.left !== INDEFINITE) throw new TypeError(`Byte ${at - 1} is a break that ends nothing`);
      if (top.map && !top.key) throw new TypeError(`Byte ${at - 1} is a break in place of a value`);
      open.pop();
    } else {
      const value = argument(head & 31);
      const isKey = top?.map === true && top.key;
      if (major === 2 || major === 3) {
        if (value === INDEFINITE) throw new TypeError(`Byte ${at - 1} starts a text in pieces, which is refused`);
        need(value);
        const content = body.subarray(at, at + value);
        if (major === 3 && !isUtf8(content)) throw new TypeError(`The text at byte ${at} is not UTF-8`);
        if (isKey && major === 3 && PROTO.equals(content)) refuseKey();
        at += value;
      } else if (major === 4 || major === 5) {
        const items = major === 5 && value !== INDEFINITE ? 2 * value : value;
        if (items !== 0) {
          if (items > 0) need(items); // each takes at least one byte
          if (open.length >= maxDepth) throw tooDeep(maxDepth);
          open.push({ left: items, map: major === 5, key: true });
          continue;
        }
      } else if (major === 6) {
        throw new TypeError(`Byte ${at - 1} is a tag, which is refused`);
      }
    }
    // A value is complete, and with it perhaps what it was the last part of.
    for (let parent = open.at(-1); parent !== undefined; parent = open.at(-1)) {
      parent.key = !parent.key;
      if (parent.left === INDEFINITE || --parent.left > 0) break;
      open.pop();
    }
  } while (open.length > 0);
}
