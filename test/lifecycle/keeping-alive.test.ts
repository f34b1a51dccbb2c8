/** A pending call keeps the process alive, unless the program said otherwise. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PosixQueue, SysVQueue } from "hostmq";
import { posixName, sysvKey } from "../helpers/names.js";
import { nodeChild } from "../helpers/peers.js";
import { bound, families } from "./ends.js";

const script = new URL("./keeping-alive.child.js", import.meta.url);
/** Long enough for a process that nothing keeps alive to have ended. */
const aWhile = 700;

for (const family of families) {
  const pending =
    family === "posix" ? ["receive", "send", "iterate", "read", "notify"] : ["receive", "send", "iterate", "read"];
  for (const call of pending) {
    test(`${family}: pending, ${call} keeps the process alive until it is done`, { timeout: bound }, async (t) => {
      const name = posixName(t);
      const key = sysvKey(t);
      using queue =
        family === "posix"
          ? PosixQueue.create(name, { maxMessages: 2, maxMessageSize: 64 })
          : SysVQueue.create(key, { maxBytes: 128 });
      const program = nodeChild(t, script, [family, call, family === "posix" ? name : key, "ref"]);
      assert.equal(await program.line(), "pending");
      const ended = await Promise.race([
        program.exited,
        new Promise<undefined>((resolve) => setTimeout(resolve, aWhile, undefined)),
      ]);
      assert.equal(ended, undefined, `it ended: ${program.stderr}`);
      if (call === "send") assert.ok(queue.tryReceive());
      else await queue.send("x");
      assert.deepEqual(await program.rest(), ["beforeExit"]);
      assert.deepEqual(await program.exited, { code: 0, signal: null }, program.stderr);
    });

    test(`${family}: unreferenced, ${call} lets the process end within a second`, { timeout: bound }, async (t) => {
      const program = nodeChild(t, script, [family, call, family === "posix" ? posixName(t) : sysvKey(t), "unref"]);
      assert.equal(await program.line(), "pending");
      const [took, ...others] = await program.rest();
      assert.deepEqual(others, []);
      assert.match(took ?? "", /^beforeExit after \d+$/u);
      assert.ok(Number(took?.split(" ")[2]) < 1000, took);
      assert.deepEqual(await program.exited, { code: 0, signal: null }, program.stderr);
    });
  }
}
