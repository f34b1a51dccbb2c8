/** A zero-length System V message is taken by the thread that waits; the end of the program gives it back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SysVQueue } from "hostmq";
import { sysvKey } from "../helpers/names.js";
import { nodeChild } from "../helpers/peers.js";
import { bound } from "./ends.js";

for (const [ending, called, code] of [
  ["exit", "process.exit", 0],
  ["throw", "an uncaught exception", 1],
  ["natural", "a natural end", 0],
] as const) {
  test(`${called}: a zero-length message that no receive got goes back to the queue`, { timeout: bound }, async (t) => {
    using queue = SysVQueue.create(sysvKey(t));
    const program = nodeChild(t, new URL("./taken-by-thread.child.js", import.meta.url), [queue.key ?? 0, ending]);
    assert.equal(await program.line(), "waiting");
    await queue.send("", { type: 7 });
    // Only the waiting thread can have taken it, for the child's JavaScript waits for its input.
    for (let patience = 500; patience > 0 && queue.status().messages > 0; patience--) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assert.equal(queue.status().messages, 0);
    program.child.stdin.end();
    assert.deepEqual(await program.exited, { code, signal: null }, program.stderr);
    const message = queue.tryReceive();
    assert.deepEqual([message?.type, message?.body.length], [7, 0]);
  });
}
