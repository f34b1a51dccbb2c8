/** PosixQueue.onNotEmpty: one call for one edge. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { PosixQueue } from "hostmq";
import { posixName, type TestScope } from "../helpers/names.js";
import { nodeChild, peer } from "../helpers/peers.js";

/** Milliseconds after which a callback that has not come is taken not to come. */
const patience = 80;

function create(t: TestScope): PosixQueue {
  const queue = PosixQueue.create(posixName(t), { maxMessages: 4, maxMessageSize: 32 });
  t.after(() => {
    queue.close();
  });
  return queue;
}

describe("onNotEmpty", () => {
  test("a queue that is not empty already counts, but not within the call", async (t) => {
    const queue = create(t);
    queue.trySend("x");
    let within = true;
    await new Promise<void>((resolve) => {
      queue.onNotEmpty(() => {
        assert.equal(within, false);
        resolve();
      });
      within = false;
    });
    assert.equal(queue.attributes().currentMessages, 1);
  });

  test("a message of a C peer calls back once, and takes nothing", async (t) => {
    const queue = create(t);
    let calls = 0;
    const called = new Promise<void>((resolve) => {
      queue.onNotEmpty(() => {
        calls++;
        resolve();
      });
    });
    await delay(patience);
    assert.equal(calls, 0);
    await peer(t, "posix_send", [queue.name, 3]).exited;
    await called;
    await delay(patience);
    assert.equal(calls, 1);
    assert.equal(queue.attributes().currentMessages, 3);
  });

  test("asked again after each call it tells of each message", async (t) => {
    const queue = create(t);
    for (let round = 0; round < 5; round++) {
      const called = new Promise<void>((resolve) => {
        queue.onNotEmpty(resolve);
      });
      peer(t, "posix_send", [queue.name, 1]);
      await called;
      assert.ok(queue.tryReceive());
    }
  });

  test("what was cancelled is not called, and cancelling again is harmless", async (t) => {
    const queue = create(t);
    let cancelled = 0;
    let kept = 0;
    const cancel = queue.onNotEmpty(() => cancelled++);
    queue.onNotEmpty(() => kept++);
    cancel();
    cancel();
    queue.trySend("x");
    await delay(patience);
    assert.deepEqual([cancelled, kept], [0, 1]);
    cancel();
  });

  test("cancelling in the moment of the message", async (t) => {
    const queue = create(t);
    let calls = 0;
    const cancel = queue.onNotEmpty(() => calls++);
    queue.trySend("x");
    cancel();
    await delay(patience);
    assert.equal(calls, 0);
  });

  test("close cancels it", async (t) => {
    const queue = create(t);
    let calls = 0;
    queue.onNotEmpty(() => calls++);
    using other = PosixQueue.open(queue.name);
    queue.close();
    other.trySend("x");
    await delay(patience);
    assert.equal(calls, 0);
  });

  test("beside a receive that waits on the same handle, neither is in the other's way", async (t) => {
    const queue = create(t);
    const receive = queue.receive();
    const called = new Promise<void>((resolve) => {
      queue.onNotEmpty(resolve);
    });
    peer(t, "posix_send", [queue.name, 2]);
    assert.equal((await receive).body.toString(), "0");
    await called;
    assert.equal((await queue.receive()).body.toString(), "1");
  });

  test("two processes at once are both told", async (t) => {
    const queue = create(t);
    const script = new URL("./not-empty.child.js", import.meta.url);
    const programs = [nodeChild(t, script, [queue.name]), nodeChild(t, script, [queue.name])];
    for (const program of programs) assert.equal(await program.line(), "waiting");
    queue.trySend("x");
    for (const program of programs) {
      assert.equal(await program.line(), "not empty");
      assert.deepEqual(await program.exited, { code: 0, signal: null });
    }
  });

  test("after unref it does not keep the process alive", async (t) => {
    const queue = create(t);
    const program = nodeChild(t, new URL("./not-empty.child.js", import.meta.url), [queue.name, "unref"]);
    assert.deepEqual(await program.exited, { code: 0, signal: null });
    assert.deepEqual(await program.rest(), ["waiting"]);
  });

  test("what is no function is refused", (t) => {
    assert.throws(() => create(t).onNotEmpty(undefined as unknown as () => void), TypeError);
  });
});
