import { tooDeep } from "./limits.js";

/**
 * Walks a MessagePack body without building anything. Decoders make room for an array as soon as they see its header, so
 * five bytes could ask for gigabytes; here a header must be followed by what it promises.
 *
 * @throws RangeError when the body is cut short or nests deeper than `maxDepth`.
 */
export function checkMsgPack(body: Uint8Array, maxDepth: number): void {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const open: number[] = []; // values still to come, per open array or map
  let at = 0;
  const need = (count: number): void => {
    if (count > body.length - at)
      throw new RangeError(`The body is cut short: byte ${at} promises ${count} more bytes`);
  };
  const skip = (count: number): void => {
    need(count);
    at += count;
  };
  const length = (bytes: 1 | 2 | 4): number => {
    need(bytes);
    const value = bytes === 1 ? view.getUint8(at) : bytes === 2 ? view.getUint16(at) : view.getUint32(at);
    at += bytes;
    return value;
  };
  do {
    need(1);
    const head = body[at++] as number;
    let items = 0;
    if (head < 0x80 || head >= 0xe0) items = 0;
    else if (head < 0x90) items = 2 * (head - 0x80);
    else if (head < 0xa0) items = head - 0x90;
    else if (head < 0xc0) skip(head - 0xa0);
    else if (head >= 0xc4 && head <= 0xc6) skip(length(WIDTH[head - 0xc4] as 1 | 2 | 4));
    else if (head >= 0xc7 && head <= 0xc9) skip(length(WIDTH[head - 0xc7] as 1 | 2 | 4) + 1);
    else if (head >= 0xd9 && head <= 0xdb) skip(length(WIDTH[head - 0xd9] as 1 | 2 | 4));
    else if (head === 0xdc || head === 0xdd) items = length(head === 0xdc ? 2 : 4);
    else if (head === 0xde || head === 0xdf) items = 2 * length(head === 0xde ? 2 : 4);
    else skip(SCALAR[head] ?? 0);
    if (items > 0) {
      need(items); // each takes at least one byte
      open.push(items);
      if (open.length > maxDepth) throw tooDeep(maxDepth);
    } else {
      // A value is complete, and with it perhaps what it was the last part of.
      for (let left = open.pop(); left !== undefined; left = open.pop()) {
        if (left > 1) {
          open.push(left - 1);
          break;
        }
      }
    }
  } while (open.length > 0);
}

const WIDTH = [1, 2, 4] as const;

/** Bytes that follow the head of a number or of an extension of fixed length (with its type byte). */
const SCALAR: Readonly<Record<number, number>> = {
  0xca: 4,
  0xcb: 8,
  0xcc: 1,
  0xcd: 2,
  0xce: 4,
  0xcf: 8,
  0xd0: 1,
  0xd1: 2,
  0xd2: 4,
  0xd3: 8,
  0xd4: 2,
  0xd5: 3,
  0xd6: 5,
  0xd7: 9,
  0xd8: 17,
};
