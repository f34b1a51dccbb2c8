/** When a wait begins with turns of the event loop, and when it does not; and that what waits then can leave. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { test, type TestContext } from "node:test";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { AdaptiveWaiting } from "#hostmq/adaptive-waiting";
import { PosixQueue, SysVQueue } from "hostmq";
import { posixName, sysvId } from "./helpers/names.js";

/** Another side that answers after so many milliseconds, and tries that take some, each after a turn of the loop or the core's. */
class Conversation {
  now = 1;
  readonly adaptive = new AdaptiveWaiting(() => this.now);

  /** One wait: the turns that were polled, and whether the wait had to be armed. */
  wait(answerAfter: number, { turn = 0.002, wake = 0.05, whileAsleep = 0 } = {}): { turns: number; armed: boolean } {
    const answerAt = this.now + answerAfter;
    let turns = 0;
    while (this.adaptive.polls()) {
      turns++;
      this.now += turn;
      if (whileAsleep === 0 && this.now >= answerAt) {
        this.adaptive.found();
        return { turns, armed: false };
      }
    }
    this.now = Math.max(answerAt, this.now + whileAsleep) + wake;
    this.adaptive.found();
    return { turns, armed: true };
  }

  waits(count: number, answerAfter: number, how = {}): { turns: number; armed: number } {
    const sum = { turns: 0, armed: 0 };
    for (let i = 0; i < count; i++) {
      const { turns, armed } = this.wait(answerAfter, how);
      sum.turns += turns;
      sum.armed += armed ? 1 : 0;
    }
    return sum;
  }
}

test("a wait is armed at once until short waits have shown that polling may pay", () => {
  const conversation = new Conversation();
  assert.deepEqual(conversation.waits(8, 0.01), { turns: 0, armed: 8 });
  assert.deepEqual(conversation.wait(0.01), { turns: 5, armed: false });
});

test("polling goes on while it finds what is awaited", () => {
  const conversation = new Conversation();
  conversation.waits(8, 0.01);
  assert.equal(conversation.waits(1000, 0.01).armed, 0);
});

test("turns grow while they find what is awaited", () => {
  const conversation = new Conversation();
  conversation.waits(8, 0.01);
  conversation.waits(4, 0.01);
  const { turns, armed } = conversation.wait(0.04, { turn: 0.001 });
  assert.ok(!armed && turns > 16, `${turns} turns`);
});

test("long waits never poll", () => {
  const conversation = new Conversation();
  assert.deepEqual(conversation.waits(1000, 5), { turns: 0, armed: 1000 });
});

test("polling falls to none within a few waits when messages become rare, and ends after 50 microseconds each", () => {
  const conversation = new Conversation();
  conversation.waits(1000, 0.01);
  const start = conversation.now;
  const { turns, armed } = conversation.waits(8, 5);
  assert.equal(armed, 8);
  assert.ok(turns > 0 && conversation.now - start < 8 * 5.05 + 8 * 0.052, `${turns} turns`);
  assert.deepEqual(conversation.waits(1000, 5), { turns: 0, armed: 1000 });
});

test("where the other side answers only a sleeper, what polling is tried costs less than one turn for twenty waits", () => {
  const conversation = new Conversation();
  const { turns, armed } = conversation.waits(100_000, 0, { whileAsleep: 0.005, wake: 0.005 });
  assert.equal(armed, 100_000);
  assert.ok(turns > 0 && turns < 5000, `${turns} turns`);
});

test("polling is given up while another program takes each core that it offers, and then costs next to nothing", () => {
  const conversation = new Conversation();
  conversation.waits(8, 0.01);
  const start = conversation.now;
  let taken = 0;
  for (let i = 0; i < 100_000; i++) taken += conversation.wait(0.01, { turn: 3 }).turns;
  assert.ok(taken > 0 && taken < 60, `${taken} turns of the other program`);
  assert.ok(conversation.now - start < 100_000 * 0.06 + 60 * 3);
});

test("polling that has paid outlasts a turn of another program now and then", () => {
  const conversation = new Conversation();
  conversation.waits(8, 0.01);
  for (let i = 0; i < 20; i++) {
    assert.equal(conversation.waits(1000, 0.01).armed, 0);
    assert.equal(conversation.wait(0.01, { turn: 3 }).armed, false);
  }
  assert.equal(conversation.wait(0.01).armed, false);
});

test("the first try of a wait that polls is made in the same turn of the loop, the others in the next ones", () => {
  const conversation = new Conversation();
  conversation.waits(8, 0.01);
  const tries = [1, 2, 3].map(() => conversation.adaptive.polls());
  assert.deepEqual(tries, ["in this turn", "in the next turn", "in the next turn"]);
});

test("a wait that was abandoned is not part of the next", () => {
  const conversation = new Conversation();
  conversation.waits(7, 0.01);
  conversation.adaptive.polls();
  conversation.now += 1000;
  conversation.adaptive.abandoned();
  conversation.wait(0.01);
  assert.equal(conversation.wait(0.01).armed, false);
});

for (const family of ["POSIX", "System V"]) {
  /** Two handles on one queue whose receives are answered so fast that they poll; echoes run in the same thread. */
  async function polling(t: TestContext): Promise<PosixQueue | SysVQueue> {
    const queue =
      family === "POSIX"
        ? PosixQueue.create(posixName(t), { maxMessages: 4, maxMessageSize: 16 })
        : SysVQueue.createPrivate();
    if (queue instanceof SysVQueue) sysvId(t, queue.id);
    t.after(() => {
      queue.close();
    });
    for (let i = 0; i < 40; i++) {
      const receive = queue.receive();
      setImmediate(() => queue.trySend("short"));
      await receive;
    }
    return queue;
  }

  test(`${family}: a receive that polls can be aborted, time out, try once and be closed, and takes nothing`, async (t) => {
    const queue = await polling(t);
    const controller = new AbortController();
    const aborted = queue.receive({ signal: controller.signal });
    controller.abort();
    await assert.rejects(aborted, { name: "AbortError" });
    assert.ok(queue.trySend("kept"));
    assert.equal((await queue.receive()).body.toString(), "kept");
    await assert.rejects(queue.receive({ timeout: 1 }), { code: "ETIMEDOUT" });
    const waits = queue.receive();
    await assert.rejects(queue.receive({ timeout: 0 }), { code: "ETIMEDOUT" });
    queue.trySend("late");
    assert.equal((await waits).body.toString(), "late");
    const closed = queue.receive();
    queue.close();
    await assert.rejects(closed, { code: "ERR_HOSTMQ_CLOSED" });
  });

  test(`${family}: receives that poll settle in call order, and timers run meanwhile`, async (t) => {
    const queue = await polling(t);
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const order: string[] = [];
    const start = performance.now();
    while (ticks < 10 && performance.now() - start < 10_000) {
      const both = [1, 2].map(async () => order.push((await queue.receive()).body.toString()));
      setImmediate(() => queue.trySendMany(["a", "b"]));
      await Promise.all(both);
      assert.deepEqual(order.splice(0), ["a", "b"]);
    }
    clearInterval(timer);
    assert.ok(ticks >= 10, `${ticks} ticks`);
  });
}

test("waits that polling would end do not keep alive a process that nothing else keeps", async (t) => {
  const name = posixName(t);
  PosixQueue.create(name, { maxMessages: 2, maxMessageSize: 16 }).close();
  const program = `
    const queue = require("hostmq").PosixQueue.open(${JSON.stringify(name)});
    let waits = 0;
    process.on("exit", () => console.log(waits));
    (async () => {
      for (let i = 0; i < 40; i++) {
        const received = queue.receive();
        setImmediate(() => queue.trySend("x"));
        await received;
      }
      queue.unref();
      for (; waits < 100_000; waits++) {
        const received = queue.receive();
        queue.trySend("x");
        await received;
      }
    })();`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", program]);
  assert.ok(Number(stdout) < 1000, `${stdout} waits`);
});

test("a conversation with another thread goes on while both sides change between polling and sleeping", async (t) => {
  const [there, back] = [posixName(t), posixName(t)];
  using asked = PosixQueue.create(there, { maxMessages: 2, maxMessageSize: 16 });
  using answered = PosixQueue.create(back, { maxMessages: 2, maxMessageSize: 16 });
  const echo = `
    const { workerData: [there, back] } = require("node:worker_threads");
    const { PosixQueue } = require("hostmq");
    const [asked, answered] = [PosixQueue.open(there), PosixQueue.open(back)];
    (async () => {
      for await (const { body } of asked) {
        if (body.length === 0) break;
        await answered.send(body);
      }
    })();`;
  const worker = new Worker(echo, { eval: true, workerData: [there, back] });
  for (let i = 0; i < 3000; i++) {
    await asked.send(`${i}`);
    assert.equal((await answered.receive()).body.toString(), `${i}`);
    if (i % 500 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const exited = once(worker, "exit");
  await asked.send("");
  await exited;
});
