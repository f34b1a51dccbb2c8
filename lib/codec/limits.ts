import { checkInteger, checkOptions } from "../arguments.js";

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

/** The deepest nesting, of options that may have others beside. */
export function maxDepthOf(method: string, options: DecodeLimits | undefined, others: readonly string[] = []): number {
  const { maxDepth } = checkOptions<DecodeLimits>(method, options, ["maxDepth", ...others]);
  if (maxDepth === undefined) return DEFAULT_MAX_DEPTH;
  return checkInteger(method, "maxDepth", maxDepth, 1, Number.MAX_SAFE_INTEGER);
}

export function tooDeep(maxDepth: number): RangeError {
  return new RangeError(`The body nests deeper than ${maxDepth} levels; raise maxDepth if it may`);
}

/** A key that a later merge would take for the prototype; no honest message has one. */
export function prototypeKey(): TypeError {
  return new TypeError('The body has an object with the key "__proto__", which is refused');
}
