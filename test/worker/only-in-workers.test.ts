/** A program whose main thread never loads the addon, and whose workers do so one after the other. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SysVQueue } from "hostmq";
import { sysvKey } from "../helpers/names.js";
import { nodeChild } from "../helpers/peers.js";

test("the addon can be loaded and unloaded by 40 workers, each of which ends a wait", async (t) => {
  using queue = SysVQueue.create(sysvKey(t));
  const program = nodeChild(t, new URL("./only-in-workers.child.js", import.meta.url), [queue.key ?? 0]);
  const lines = await program.rest();
  assert.deepEqual(await program.exited, { code: 0, signal: null }, program.stderr);
  const [first, last] = lines;
  assert.match(first ?? "", /^[0-9a-f]{16}$/u);
  // One signal that calls threads back, claimed once; not one more for each time that the addon was loaded.
  assert.equal(last, first);
  assert.equal(lines.length, 2);
});
