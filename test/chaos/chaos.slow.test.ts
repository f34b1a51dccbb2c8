/** A short form of `scripts/soak --chaos`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeChild } from "../helpers/peers.js";

const seconds = 20;
/** Milliseconds between two messages of a sender. */
const pace = 2;

test("kills, removals, clock jumps and failing calls lose no message and double none", async (t) => {
  const chaos = nodeChild(t, new URL("./chaos.child.js", import.meta.url), [seconds, pace]);
  const lines = await chaos.rest();
  assert.deepEqual(await chaos.exited, { code: 0, signal: null }, `${lines.join("\n")}\n${chaos.stderr}`);
  assert.equal(lines.filter((line) => line.includes("none doubled, none out of order")).length, 2);
  for (const line of lines) t.diagnostic(line);
});
