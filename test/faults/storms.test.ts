/** False alarms again and again, and calls that take their time: every message arrives once and in order, and the loop runs. */
import assert from "node:assert/strict";
import { after, test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { QueueError, SysVQueue } from "hostmq";
import { sysvKey } from "../helpers/names.js";
import { families, type Family, receive, send } from "../process/families.js";
import { assertHolds, holding } from "./cases.js";
import { clear, describeWithFaults, hits, inject, type Rule } from "./faults.js";

const messages = 300;
const patience = 20_000;
/** Milliseconds by which calls are late. */
const late = 20;

const each = { times: Infinity };
const storms: Record<string, Rule[]> = {
  "false alarms": [
    { call: "epoll_wait", error: "EINTR", every: 2, ...each },
    { call: "mq_timedsend", error: "EAGAIN", every: 2, ...each },
    { call: "mq_timedreceive", error: "EAGAIN", every: 2, ...each },
    { call: "msgsnd nowait", error: "EAGAIN", every: 2, ...each },
    { call: "msgrcv nowait", error: "ENOMSG", every: 2, ...each },
    { call: "msgsnd", error: "EINTR", every: 2, ...each },
    { call: "msgrcv", error: "EINTR", every: 2, ...each },
    { call: "futex", error: "EINTR", every: 2, ...each },
  ],
  "calls that begin late": [
    { call: "epoll_wait", delay: late, every: 3, ...each },
    { call: "mq_timedsend", delay: late, every: 20, ...each },
    { call: "mq_timedreceive", delay: late, every: 20, ...each },
    { call: "msgsnd", delay: late, every: 2, ...each },
    { call: "msgrcv", delay: late, every: 2, ...each },
    { call: "pthread_create", delay: late, ...each },
  ],
  "calls that end late": [
    { call: "epoll_wait", delay: late, every: 3, afterwards: true, ...each },
    { call: "mq_timedsend", delay: late, every: 20, afterwards: true, ...each },
    { call: "mq_timedreceive", delay: late, every: 20, afterwards: true, ...each },
    { call: "msgsnd", delay: late, every: 2, afterwards: true, ...each },
    { call: "msgrcv", delay: late, every: 2, afterwards: true, ...each },
  ],
};

/** Lets the rules hold for the body, sees that they were met, and holds descriptors and threads against what was there before. */
async function under(rules: readonly Rule[], t: TestContext, body: () => Promise<void>): Promise<void> {
  const before = holding();
  inject(...rules);
  try {
    await body();
    const met = rules.reduce((sum, _, index) => sum + hits(index), 0);
    t.diagnostic(`${met} calls were hit`);
    // A call that is late now and then may not be made at all, where nothing has to wait.
    if (rules === storms["false alarms"]) assert.ok(met > 0);
  } finally {
    clear();
  }
  await assertHolds(before);
}

/** A blocking call is ended by a signal, also by one that is only said to have come; then it is made again. */
function uninterrupted<Result>(call: () => Result): Result {
  for (;;) {
    try {
      return call();
    } catch (error) {
      if (!(error instanceof QueueError && error.code === "EINTR")) throw error;
    }
  }
}

function testStorm(family: Family, name: string, rules: Rule[]): void {
  test(`${family.name}, ${name}: what a C program sends is received once and in order`, async (t) => {
    const host = family.host(t);
    await under(rules, t, async () => {
      const queue = host.open();
      const sender = host.send([], messages);
      for (let n = 0; n < messages; n++) {
        const message =
          n % 3 === 0
            ? uninterrupted(() => queue.receiveSync({ timeout: patience }))
            : await receive(queue, { timeout: patience });
        assert.equal(message.body.toString(), String(n));
      }
      await sender.rest();
      queue.close();
    });
  });

  test(`${family.name}, ${name}: a C program receives what is sent, once and in order`, async (t) => {
    const host = family.host(t);
    await under(rules, t, async () => {
      const queue = host.open();
      const reader = host.receive([], messages);
      assert.equal(await reader.line(), "open");
      let read = 0;
      for (let n = 0; n < messages; n++) {
        if (n % 3 === 0) {
          uninterrupted(() => {
            queue.sendSync(String(n), { timeout: patience });
          });
        } else await send(queue, String(n), { timeout: patience });
        // The reader stands still when some 270 of its lines were not read, and a sender that blocks reads none.
        if (n % 100 === 99) for (; read <= n; read++) assert.equal((await reader.line()).split(" ")[1], String(read));
      }
      assert.equal(read, messages);
      await reader.rest();
      queue.close();
    });
  });

  test(`${family.name}, ${name}: receives that are given up take nothing along`, async (t) => {
    const host = family.host(t);
    await under(rules, t, async () => {
      const queue = host.open();
      const sender = host.send(["-d", 1000], messages / 3);
      const received: string[] = [];
      while (received.length < messages / 3) {
        const abort = new AbortController();
        const timer = setTimeout(() => {
          abort.abort();
        }, Math.random() * 20);
        try {
          received.push((await receive(queue, { signal: abort.signal, timeout: patience })).body.toString());
        } catch (error) {
          if (error !== abort.signal.reason) throw error;
        }
        clearTimeout(timer);
      }
      assert.deepEqual(received, Array.from(received.keys(), String));
      await sender.rest();
      queue.close();
    });
  });
}

/** Waits while the calls of waiting threads take far longer, and counts what a timer does meanwhile. */
function testLoop(family: Family): void {
  test(`${family.name}: the event loop runs while the thread that waits is late`, async (t) => {
    const queue = family.host(t).open();
    const longDelay = 300;
    inject(
      { call: "epoll_wait", delay: longDelay, ...each },
      { call: "msgrcv", delay: longDelay, ...each },
      { call: "pthread_create", delay: longDelay, ...each },
    );
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    // The first may meet a thread whose call began before.
    for (let round = 0; round < 3; round++) {
      const waiting = receive(queue, { timeout: patience });
      await sleep(20);
      queue.trySend("x");
      assert.equal((await waiting).body.toString(), "x");
    }
    clearInterval(timer);
    clear();
    assert.ok(ticks >= 30, `${ticks} ticks of a timer of 5 ms`);
  });
}

const worker = `
  const { parentPort, workerData } = require("node:worker_threads");
  import("hostmq").then(({ SysVQueue }) => {
    SysVQueue.fromId(workerData.id).receive();
    parentPort.postMessage("waiting");
    Atomics.wait(new Int32Array(workerData.never), 0, 0);
  });`;

async function testGivenBack(t: TestContext): Promise<void> {
  using queue = SysVQueue.create(sysvKey(t));
  const workerData = { id: queue.id, never: new SharedArrayBuffer(4) };
  const thread = new Worker(worker, { eval: true, workerData });
  await new Promise((resolve) => thread.once("message", resolve));
  await queue.send("", { type: 7 });
  // Only the waiting thread can take it, for the worker's own is blocked.
  for (let tries = 500; tries > 0 && queue.status().messages > 0; tries--) await sleep(10);
  assert.equal(queue.status().messages, 0);
  inject({ call: "msgsnd nowait", error: "EAGAIN", times: 3 });
  await thread.terminate();
  assert.equal(hits(), 3);
  clear();
  assert.equal(queue.tryReceive()?.type, 7);
}

describeWithFaults("calls that fail for no reason or are late", import.meta.url, () => {
  after(clear);
  test("a wait that goes well comes first, and a first program", async (t) => {
    for (const family of families) {
      const host = family.host(t);
      await host.send([], 1).rest();
      const queue = host.open();
      assert.equal(queue.tryReceiveMany(2).length, 1);
      const waiting = receive(queue, { timeout: patience });
      await sleep(20);
      await send(queue, "x");
      await waiting;
    }
  });
  for (const family of families) {
    for (const [name, rules] of Object.entries(storms)) testStorm(family, name, rules);
    testLoop(family);
  }
  test("a message of length 0 in a thread's hands goes back though the queue is full for a moment", testGivenBack);
});
