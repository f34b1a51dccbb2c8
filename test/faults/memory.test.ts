/** Without memory for a few bytes the addon ends the process, as the runtime does, and says why. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { root, start } from "../helpers/peers.js";
import { faultyEnvironment, noFaults } from "./faults.js";

const script = `
  const { SysVQueue } = await import("hostmq");
  const queue = SysVQueue.createPrivate();
  try {
    console.log("loaded");
    await queue.receive({ timeout: 50 }).catch(() => undefined);
  } finally {
    queue.remove();
  }`;

// A developer's build asks for memory through the ordinary C++ runtime, which ends the process with words of its own.
const addon = process.env.HOSTMQ_ADDON ?? join(root, "build/Release/hostmq.node");
const skip = noFaults || (readFileSync(addon).includes("hostmq: out of memory") ? false : "no addon as it ships");

for (const [what, after, expected] of [
  ["when it is loaded", 0, []],
  ["never, for comparison", 1000, ["loaded"]],
] as const) {
  test(`no memory ${what}`, { skip }, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "memory-"));
    t.after(() => {
      rmSync(folder, { recursive: true });
    });
    const env = faultyEnvironment(folder, [{ call: "malloc", error: "ENOMEM", after, times: Infinity }]);
    const program = start(t, process.execPath, ["--input-type=module", "-e", script], { cwd: root, env });
    assert.deepEqual(await program.rest(), expected);
    const { signal } = await program.exited;
    assert.equal(signal, expected.length === 0 ? "SIGABRT" : null, program.stderr);
    assert.equal(program.stderr.includes("hostmq: out of memory\n"), expected.length === 0, program.stderr);
  });
}
