/** scripts/bench --compare: what counts as slower than a saved run. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../helpers/peers.js";

/** A median with its quartiles. */
interface Figure {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
}
interface Results {
  readonly cells: readonly { readonly id: string; readonly ratio?: Figure }[];
  readonly codecs?: readonly { readonly name: string; readonly ratio: Figure }[];
  readonly import?: { readonly cpu: Figure };
}

const { slower } = (await import(join(root, "bench/lib/compare.mjs"))) as {
  slower: (saved: Results, now: Results) => string[];
};

/** Quartiles that are so far from each other, around a median. */
const figure = (median: number, spread = 0): Figure => ({
  median,
  lower: median - spread / 2,
  upper: median + spread / 2,
});
const run = (ratio: Figure): Results => ({ cells: [{ id: "pair/256/hostmq-posix.try", ratio }] });

test("a cell that grew by more than both spreads is told", () => {
  assert.deepEqual(slower(run(figure(1.2, 0.1)), run(figure(1.5, 0.1))), [
    "slower: pair/256/hostmq-posix.try: 1.20 -> 1.50 (times C)",
  ]);
});

test("noise, a twentieth, what became faster and what is new are not", () => {
  assert.deepEqual(slower(run(figure(1.2, 0.2)), run(figure(1.5, 0.2))), []);
  assert.deepEqual(slower(run(figure(1.2)), run(figure(1.25))), []);
  assert.deepEqual(slower(run(figure(1.5)), run(figure(1.2))), []);
  assert.deepEqual(slower({ cells: [] }, run(figure(9))), []);
});

test("codecs and the import count as well, and C, which relates to nothing, does not", () => {
  const results = (median: number): Results => ({
    cells: [{ id: "pair/256/c.posix" }],
    codecs: [{ name: "struct, encode", ratio: figure(median) }],
    import: { cpu: figure(10 * median) },
  });
  assert.deepEqual(slower(results(1), results(2)), [
    "slower: struct, encode: 1.00 -> 2.00 (times by hand)",
    "slower: import: 10.00 -> 20.00 (ms of CPU)",
  ]);
});
