import { markAsUntransferable } from "node:worker_threads";

const slabSize = 64 * 1024;
const largestPooledRoom = slabSize / 4;
/** Where a System V message begins, its type does, which the kernel writes as one number. */
const alignment = 8;

let slab = newSlab();
let slabMemory = slab.buffer as ArrayBuffer;
let offset = 0;
let largeSlab = Buffer.alloc(0);

type BufferConstructor = new (memory: ArrayBuffer, start: number, length: number) => Buffer;

/** The class of a Buffer, without the checks of `Buffer.from`, which cost as much again as the Buffer. */
const BodyBuffer: BufferConstructor = Reflect.get(Buffer, Symbol.species) as BufferConstructor;

/**
 * Memory to receive into: `slab` from `offset` on has room for what was asked. What a body took is cut off it without a
 * copy; a message that may be large is received into memory of its own and copied, so that a small body never pins much.
 */
export interface ReceiveRoom {
  slab: Buffer;
  offset: number;
}

const current: ReceiveRoom = { slab, offset };

/** The result is valid until the next call. */
export function receiveRoom(size: number): ReceiveRoom {
  if (size > largestPooledRoom) {
    if (largeSlab.length < size) largeSlab = Buffer.allocUnsafeSlow(size);
    current.slab = largeSlab;
    current.offset = 0;
    return current;
  }
  if (slab.length - offset < size) {
    slab = newSlab();
    slabMemory = slab.buffer as ArrayBuffer;
    offset = 0;
  }
  current.slab = slab;
  current.offset = offset;
  return current;
}

/** The body that was received at `start` of the room's slab, as a Buffer that nothing else will write to. */
export function cutBody(from: Buffer, start: number, length: number): Buffer {
  const end = start + length;
  if (from !== slab) return Buffer.from(from.subarray(start, end));
  offset = (end + alignment - 1) & -alignment;
  return new BodyBuffer(slabMemory, start, length);
}

/** Transferring one body to another thread would take along the bodies that share its memory; they are copied instead. */
function newSlab(): Buffer {
  const memory = Buffer.allocUnsafeSlow(slabSize);
  try {
    markAsUntransferable(memory.buffer);
  } catch {
    // Not every runtime has it.
  }
  return memory;
}
