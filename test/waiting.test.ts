/** A timeout of 0 behind calls that wait, and the first try of a call. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { PosixQueue, SysVQueue } from "hostmq";
import { posixName, sysvId } from "./helpers/names.js";

for (const family of ["POSIX", "System V"]) {
  test(`${family}: a receive with timeout 0 does not wait behind one that waits`, { timeout: 20_000 }, async (t) => {
    using queue =
      family === "POSIX"
        ? PosixQueue.create(posixName(t), { maxMessages: 1, maxMessageSize: 16 })
        : SysVQueue.createPrivate({ maxBytes: 16 });
    if (queue instanceof SysVQueue) sysvId(t, queue.id);
    const first = queue.receive();
    await assert.rejects(queue.receive({ timeout: 0 }), { code: "ETIMEDOUT" });
    await queue.send("one");
    assert.equal((await first).body.toString(), "one");
  });

  test(`${family}: a send with timeout 0 does not wait behind one that waits`, { timeout: 20_000 }, async (t) => {
    using queue =
      family === "POSIX"
        ? PosixQueue.create(posixName(t), { maxMessages: 1, maxMessageSize: 16 })
        : SysVQueue.createPrivate({ maxBytes: 16 });
    if (queue instanceof SysVQueue) sysvId(t, queue.id);
    await queue.send("0123456789abcdef");
    const second = queue.send("two");
    await assert.rejects(queue.send("three", { timeout: 0 }), { code: "ETIMEDOUT" });
    await queue.receive();
    await second;
    assert.equal((await queue.receive()).body.toString(), "two");
    assert.equal(queue.tryReceive(), undefined);
  });

  test(`${family}: a turn's first call is tried before it returns, also when another program has the core meanwhile`, async (t) => {
    using queue =
      family === "POSIX"
        ? PosixQueue.create(posixName(t), { maxMessages: 1, maxMessageSize: 16 })
        : SysVQueue.createPrivate({ maxBytes: 16 });
    if (queue instanceof SysVQueue) sysvId(t, queue.id);
    const messages = (): number =>
      queue instanceof SysVQueue ? queue.status().messages : queue.attributes().currentMessages;
    let now = performance.now();
    t.mock.method(performance, "now", () => (now += 1000));
    await setImmediate();
    const sent = queue.send("one");
    assert.equal(messages(), 1);
    await sent;
    await setImmediate();
    const received = queue.receive();
    assert.equal(messages(), 0);
    assert.equal((await received).body.toString(), "one");
  });
}
