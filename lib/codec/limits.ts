/** Nesting beyond which the decoders of `json`, `msgpack` and `cbor` refuse a body, unless told otherwise. */
export const DEFAULT_MAX_DEPTH = 128;

/** What the decoders of self-describing formats let through. */
export interface DecodeLimits {
  /**
   * Deepest nesting of arrays and objects that is decoded; a deeper body is refused. Default 128, minimum 1. Code that
   * walks a value by recursion would otherwise run out of stack on a body of a few thousand brackets.
   */
  readonly maxDepth?: number;
}

export function maxDepthOf(limits: DecodeLimits | undefined): number {
  const depth = limits?.maxDepth ?? DEFAULT_MAX_DEPTH;
  if (!Number.isInteger(depth) || depth < 1) {
    throw new RangeError(`Expected maxDepth to be an integer of at least 1, received ${String(depth)}`);
  }
  return depth;
}

export function tooDeep(maxDepth: number): RangeError {
  return new RangeError(`The body nests deeper than ${maxDepth} levels; raise maxDepth if it may`);
}

/** A key that a later merge would take for the prototype; no honest message has one. */
export function prototypeKey(): TypeError {
  return new TypeError('The body has an object with the key "__proto__", which is refused');
}
