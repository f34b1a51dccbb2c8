import assert from "node:assert/strict";
import { inspect } from "node:util";
import type { Codec } from "hostmq";
import { same } from "./same.js";
import { unlessRefused, type ErrorClass, type Target } from "./target.js";

/** Any bytes are refused, or are a value that is the same after another round, or what `agrees` takes for the same. */
export function decodes<T>(
  codec: Codec<T>,
  refusals: readonly ErrorClass[],
  agrees: (again: T, first: T) => boolean = same,
): Target {
  const before = Object.getOwnPropertyNames(Object.prototype).length;
  return (input) => {
    const value = unlessRefused(() => codec.decode(input), refusals);
    assert.equal(Object.getOwnPropertyNames(Object.prototype).length, before, "the prototype of all objects changed");
    if (value === undefined) return;
    const again = codec.encode(value);
    const decoded = codec.decode(Buffer.from(again as Uint8Array));
    assert.ok(agrees(decoded, value), `${inspect(decoded)} in place of ${inspect(value)}`);
  };
}
