/** Every call of the addon, one after the other, in a process that must end well: under sanitizers and valgrind too. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { root, start } from "../helpers/peers.js";

test("every call with every kind of body is made again and again, and what is refused leaves nothing behind", async (t) => {
  const child = start(t, process.execPath, [join(root, "build/test/native/calls.child.js")]);
  assert.deepEqual(await child.exited, { code: 0, signal: null }, child.stderr);
});
