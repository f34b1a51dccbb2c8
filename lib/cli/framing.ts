import type { Readable } from "node:stream";

/** Cuts a stream of bytes at each separator; what follows the last one is a piece too, unless it is empty. */
export async function* separated(input: Readable, separator: number): AsyncGenerator<Buffer, void> {
  let pieces: Buffer[] = [];
  for await (const chunk of input as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(separator); end !== -1; end = chunk.indexOf(separator, start)) {
      yield joined(pieces, chunk.subarray(start, end));
      pieces = [];
      start = end + 1;
    }
    if (start < chunk.length) pieces.push(chunk.subarray(start));
  }
  if (pieces.length > 0) yield Buffer.concat(pieces);
}

/** Cuts a stream of bytes into pieces of this size; the last may be shorter. */
export async function* sized(input: Readable, size: number): AsyncGenerator<Buffer, void> {
  let pieces: Buffer[] = [];
  let length = 0;
  for await (let chunk of input as AsyncIterable<Buffer>) {
    while (length + chunk.length >= size) {
      const missing = size - length;
      yield joined(pieces, chunk.subarray(0, missing));
      chunk = chunk.subarray(missing);
      pieces = [];
      length = 0;
    }
    if (chunk.length > 0) pieces.push(chunk);
    length += chunk.length;
  }
  if (length > 0) yield Buffer.concat(pieces);
}

/** The whole stream. */
export async function whole(input: Readable): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const chunk of input as AsyncIterable<Buffer>) pieces.push(chunk);
  return Buffer.concat(pieces);
}

function joined(pieces: Buffer[], last: Buffer): Buffer {
  return pieces.length === 0 ? last : Buffer.concat([...pieces, last]);
}
