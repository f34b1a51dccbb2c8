/** Run by install.test.ts in a folder where the package is installed, by every runtime: both families, both ways to load. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import * as imported from "hostmq";

const { PosixQueue, SysVQueue } = imported;
const required = createRequire(import.meta.url)("hostmq") as typeof imported;
assert.equal(required.PosixQueue, PosixQueue);
assert.equal(required.SysVQueue, SysVQueue);
assert.equal(required.QueueError, imported.QueueError);

const name = process.argv[2] ?? "";
const posix = PosixQueue.create(name, { maxMessages: 2, maxMessageSize: 64 });
PosixQueue.unlink(name);
const sysv = SysVQueue.createPrivate();
try {
  for (const queue of [posix, sysv]) {
    // One that finds a message and one that waits for it: the call, and the thread that tells of an arrival.
    await queue.send("there");
    assert.equal((await queue.receive()).body.toString(), "there");
    const late = queue.receive({ timeout: 20_000 });
    setTimeout(() => void queue.send("late"), 20);
    assert.equal((await late).body.toString(), "late");
  }
} finally {
  posix.close();
  sysv.remove();
}
console.log("round trip");
