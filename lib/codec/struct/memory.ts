/** A whole ArrayBuffer, seen as numbers and as bytes. Offsets count from its start. */
export interface Memory {
  readonly buffer: ArrayBufferLike;
  readonly view: DataView;
  readonly bytes: Uint8Array;
}

/** Larger buffers are not kept: a cache must not keep much memory alive. */
const KEPT_BYTES = 64 * 1024;

/**
 * Remembers the views of the buffer seen last. Bodies come from pools, so it is nearly always the same one, and making a
 * DataView costs more than writing a few fields.
 */
export function memoryCache(): (bytes: Uint8Array) => Memory {
  let last: Memory | undefined;
  return (bytes) => {
    const { buffer } = bytes;
    if (last?.buffer === buffer) return last;
    const memory = { buffer, view: new DataView(buffer), bytes: new Uint8Array(buffer) };
    if (buffer.byteLength <= KEPT_BYTES) last = memory;
    return memory;
  };
}
