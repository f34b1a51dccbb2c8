import type { Body } from "../native.js";

// The frame: many messages in one kernel message. docs/coalescing.md and include/hostmq.h describe the same bytes.
//
//   0  magic      93 48 4d 51
//   4  checksum   CRC-32 (as zlib's) of all bytes from 8 on
//   8  version    1
//   9  flags      0
//  10  count      messages, 1 to 65535
//  12  length     bytes of the whole frame
//  16  messages   each: its length in 4 bytes, then its body
//
// Numbers are little-endian.

/** Bytes before the first message. */
export const frameHeaderSize = 16;
/** Bytes before each body. */
export const messageHeaderSize = 4;
/** What the count has room for. */
export const mostMessages = 0xffff;

const magic = 0x514d4893;
const checksumAt = 4;
const checkedFrom = 8;
const versionAndFlagsAt = 8;
const version = 1;
const countAt = 10;
const lengthAt = 12;

type Checksum = (bytes: Uint8Array) => number;
let crc32: Checksum | undefined;

/** Loaded with the first frame: zlib takes two milliseconds of a start, which programs without frames need not spend. */
function checksum(bytes: Buffer): number {
  crc32 ??= process.getBuiltinModule("node:zlib").crc32;
  return crc32(bytes.subarray(checkedFrom));
}

/** The longest body that goes into a frame of so many bytes; below 0 where none does. */
export function largestBody(frameSize: number): number {
  return frameSize - frameHeaderSize - messageHeaderSize;
}

/** Writes the header of a frame whose messages are there. */
export function sealFrame(frame: Buffer, count: number): void {
  frame.writeUInt32LE(magic, 0);
  frame.writeUInt16LE(version, versionAndFlagsAt);
  frame.writeUInt16LE(count, countAt);
  frame.writeUInt32LE(frame.length, lengthAt);
  frame.writeUInt32LE(checksum(frame), checksumAt);
}

/** How many messages the frame has, or in words what makes the bytes none. */
export function checkFrame(bytes: Buffer): number | string {
  if (bytes.length < frameHeaderSize || bytes.readUInt32LE(0) !== magic) return "it does not begin as a frame does";
  const found = bytes.readUInt16LE(versionAndFlagsAt);
  if (found !== version) return `its version is ${found & 0xff} with flags ${found >> 8}, not ${version} with flags 0`;
  const length = bytes.readUInt32LE(lengthAt);
  if (length !== bytes.length) return `its header says ${length} bytes`;
  if (bytes.readUInt32LE(checksumAt) !== checksum(bytes)) return "its checksum does not match";
  const count = bytes.readUInt16LE(countAt);
  return hasMessages(bytes, count) ? count : `its messages are not the ${count} that its header says`;
}

function hasMessages(frame: Buffer, count: number): boolean {
  const end = frame.length;
  let position = frameHeaderSize;
  for (let i = 0; i < count; i++) {
    if (end - position < messageHeaderSize) return false;
    position += messageHeaderSize + frame.readUInt32LE(position);
    if (position > end) return false;
  }
  return count > 0 && position === end;
}

/** Writes a message at `position`; gives the position behind it, or 0 where it does not fit. */
export function writeMessage(frame: Buffer, position: number, capacity: number, body: Body): number {
  const start = position + messageHeaderSize;
  const room = capacity - start;
  let length = body.length;
  if (length > room) return 0;
  if (typeof body !== "string") copyBytes(frame, start, body, length);
  else if (!copyAscii(frame, start, body)) {
    // A UTF-16 unit is at most three bytes: mostly no count is needed.
    if (length * 3 > room && Buffer.byteLength(body) > room) return 0;
    length = frame.write(body, start);
  }
  frame[position] = length;
  frame[position + 1] = length >>> 8;
  frame[position + 2] = length >>> 16;
  frame[position + 3] = length >>> 24;
  return start + length;
}

/** Above this the call into the engine pays. */
const copiedByHand = 64;

function copyBytes(frame: Buffer, start: number, body: Uint8Array, length: number): void {
  if (length > copiedByHand) {
    frame.set(body, start);
    return;
  }
  for (let i = 0; i < length; i++) frame[start + i] = body[i] as number;
}

/** Writes a short string of ASCII; what it has written of another one is written over. */
function copyAscii(frame: Buffer, start: number, body: string): boolean {
  if (body.length > copiedByHand) return false;
  for (let i = 0; i < body.length; i++) {
    const unit = body.charCodeAt(i);
    if (unit > 0x7f) return false;
    frame[start + i] = unit;
  }
  return true;
}
