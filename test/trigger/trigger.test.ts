/** `hostmq/trigger`: fires when a condition comes true, once, and takes nothing. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import { PosixQueue, SysVQueue } from "hostmq";
import { Trigger } from "hostmq/trigger";
import type { TriggerCondition, TriggerEvent, TriggerOptions } from "hostmq/trigger";
import { posixName, sysvKey } from "../helpers/names.js";
import type { TestScope } from "../helpers/names.js";

/** Long enough for several looks, and the bound on waiting for one firing. */
const quiet = 350;
const patience = 5000;

function posix(t: TestScope): PosixQueue {
  const queue = PosixQueue.create(posixName(t), { maxMessages: 10, maxMessageSize: 16 });
  t.after(() => {
    queue.close();
  });
  return queue;
}

function sysv(t: TestScope): SysVQueue {
  const queue = SysVQueue.create(sysvKey(t));
  t.after(() => {
    queue.close();
  });
  return queue;
}

interface Watched {
  readonly trigger: Trigger;
  readonly events: TriggerEvent[];
  /** Waits until it has fired so often. */
  readonly fired: (times: number) => Promise<void>;
}

function watched(
  t: TestScope,
  queue: PosixQueue | SysVQueue,
  condition: TriggerCondition,
  options?: TriggerOptions,
  then?: () => unknown,
): Watched {
  const events: TriggerEvent[] = [];
  const trigger = new Trigger(
    queue,
    condition,
    (event) => {
      events.push(event);
      return then?.();
    },
    options,
  );
  t.after(() => {
    trigger.close();
  });
  return {
    trigger,
    events,
    async fired(times) {
      const end = performance.now() + patience;
      while (events.length < times && performance.now() < end) await sleep(2);
      assert.equal(events.length, times);
    },
  };
}

test("fires at the tenth qualifying message of a mixed stream, once, and again after it was false", async (t) => {
  const queue = sysv(t);
  const { events, fired } = watched(t, queue, { messages: 10, types: { from: 100, to: 199 } });
  for (let sent = 0; sent < 9; sent++) {
    queue.trySend("counts", { type: 100 + sent * 12 });
    for (const type of [1, 99, 200, 2n ** 60n]) queue.trySend("does not", { type });
  }
  await sleep(quiet);
  assert.equal(events.length, 0);
  const begin = performance.now();
  queue.trySend("the tenth", { type: 199 });
  await fired(1);
  t.diagnostic(`fired ${Math.round(performance.now() - begin)} ms after the tenth`);
  assert.match(events[0]?.reason ?? "", /10 messages of these types there, at least 10/u);
  assert.equal(events[0]?.messages, 46);
  for (let sent = 0; sent < 5; sent++) queue.trySend("more", { type: 150 });
  queue.trySend("other", { type: 5 });
  await sleep(quiet);
  assert.equal(events.length, 1);
  while (queue.tryReceive({ upTo: 199 }) !== undefined);
  await sleep(quiet);
  for (let sent = 0; sent < 10; sent++) queue.trySend("again", { type: 150 });
  await fired(2);
});

for (const [family, make] of [
  ["POSIX", posix],
  ["System V", sysv],
] as const) {
  test(`${family}: counts messages, and takes none of them, empty ones neither`, async (t) => {
    const queue: PosixQueue | SysVQueue = make(t);
    const { events, fired } = watched(t, queue, { messages: 3 });
    queue.trySendMany(["", ""]);
    await sleep(quiet);
    assert.equal(events.length, 0);
    queue.trySend("");
    await fired(1);
    assert.equal(queue.tryReceiveMany(9).length, 3);
  });

  test(`${family}: fires for the first message, and for every one when asked`, async (t) => {
    const queue: PosixQueue | SysVQueue = make(t);
    const first = watched(t, queue, { message: "first" });
    const every = watched(t, queue, { message: "every" });
    await sleep(50);
    queue.trySend("a");
    await first.fired(1);
    await every.fired(1);
    queue.trySend("b");
    await every.fired(2);
    await sleep(quiet);
    assert.deepEqual([first.events.length, every.events.length], [1, 2]);
    queue.tryReceiveMany(9);
    await sleep(quiet);
    queue.trySend("c");
    await first.fired(2);
    await every.fired(3);
  });

  test(`${family}: fires when the oldest has waited and when nobody reads`, async (t) => {
    const queue: PosixQueue | SysVQueue = make(t);
    const oldest = watched(t, queue, { oldest: 400 });
    const unread = watched(t, queue, { unread: 700 });
    queue.trySend("a");
    await oldest.fired(1);
    assert.ok((oldest.events[0]?.oldest ?? 0) >= 400);
    await unread.fired(1);
    assert.ok((unread.events[0]?.unread ?? 0) >= 700);
    await sleep(quiet);
    assert.deepEqual([oldest.events.length, unread.events.length], [1, 1]);
  });

  test(`${family}: an idle trigger uses no processor to speak of`, async (t) => {
    const queue: PosixQueue | SysVQueue = make(t);
    watched(t, queue, { messages: 2 });
    await sleep(300);
    const before = process.cpuUsage();
    await sleep(2000);
    const { user, system } = process.cpuUsage(before);
    const used = (user + system) / 1000;
    t.diagnostic(`${used.toFixed(1)} ms in 2000 ms`);
    assert.ok(used < 100, `${used} ms`);
  });
}

test("keeps the minimum interval and the most runs at once, and fires later if the condition still holds", async (t) => {
  const queue = posix(t);
  let running = 0;
  let most = 0;
  const slow = async (): Promise<void> => {
    most = Math.max(most, ++running);
    await sleep(400);
    running--;
  };
  const every = watched(t, queue, { message: "every" }, { interval: 20, maxConcurrent: 2 }, slow);
  const spaced = watched(t, queue, { message: "every" }, { interval: 20, minInterval: 500, maxConcurrent: 9 });
  for (let sent = 0; sent < 6; sent++) {
    queue.trySend("x");
    await sleep(60);
  }
  await sleep(1000);
  assert.equal(most, 2);
  // What came while it was held back is told in one firing.
  for (const { events } of [every, spaced]) {
    assert.equal(
      events.reduce((sum, { arrived }) => sum + arrived, 0),
      6,
    );
  }
  const times = spaced.events.map(({ at }) => at);
  for (const [index, at] of times.entries()) {
    if (index > 0) assert.ok(at - (times[index - 1] ?? 0) >= 500);
  }
});

test("fires again after a back-off when it failed, as long as the condition holds", async (t) => {
  const queue = posix(t);
  queue.trySend("x");
  let failures = 0;
  const { events, fired } = watched(t, queue, { messages: 1 }, { interval: 10, backoff: 150 }, () => {
    if (++failures <= 2) throw new Error("not yet");
  });
  await fired(3);
  await sleep(quiet);
  assert.equal(events.length, 3);
  const [first = 0, second = 0, third = 0] = events.map(({ at }) => at);
  assert.ok(second - first >= 150 && third - second >= 300, `${second - first} ${third - second}`);
});

test("ends with the queue: rejects when it is removed, resolves when trigger or handle is closed", async (t) => {
  const removed = sysv(t);
  const one = watched(t, removed, { messages: 5 }, { interval: 20 });
  removed.remove();
  await assert.rejects(one.trigger.ended, { code: "EIDRM" });
  for (const make of [posix, sysv]) {
    for (const bodies of [[], ["x"]]) {
      const queue: PosixQueue | SysVQueue = make(t);
      for (const body of bodies) queue.trySend(body);
      const two = watched(t, queue, { messages: 5 }, { interval: 20 });
      two.trigger.close();
      two.trigger.close();
      await two.trigger.ended;
      const three = watched(t, queue, { messages: 5 }, { interval: 20 });
      await sleep(50);
      queue.close();
      await three.trigger.ended;
      const four = watched(t, queue, { messages: 5 });
      await four.trigger.ended;
    }
  }
});

test("refuses what the family cannot tell, and wrong arguments, before it looks", (t) => {
  const queue = posix(t);
  const nothing = (): void => undefined;
  assert.throws(
    () => new Trigger(queue, { messages: 1, types: { from: 1 } }, nothing),
    /TypeError.*POSIX queue tells only/su,
  );
  assert.throws(() => new Trigger(queue, {}, nothing), TypeError);
  assert.throws(() => new Trigger(queue, { messages: 1, oldest: 1 }, nothing), TypeError);
  assert.throws(() => new Trigger(queue, { messages: 0 }, nothing), RangeError);
  assert.throws(() => new Trigger(queue, { mesages: 1 } as TriggerCondition, nothing), /did you mean "messages"/u);
  assert.throws(() => new Trigger(queue, { messages: 1 }, nothing, { interval: 0 }), RangeError);
});
