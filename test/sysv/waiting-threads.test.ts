/** The threads that wait for System V queues. Alone in its file, for it counts the threads of the process. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { SysVQueue } from "hostmq";
import { collectGarbage } from "../helpers/garbage.js";
import { sysvKey, type TestScope } from "../helpers/names.js";

/** Milliseconds within which threads must have started or ended. */
const patience = 10_000;

function opened(t: TestScope, queue: SysVQueue): SysVQueue {
  t.after(() => {
    queue.close();
  });
  return queue;
}

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + patience;
  while (!condition() && performance.now() < end) await delay(20);
  assert.ok(condition(), `${threads()} threads`);
}

function threads(): number {
  return Number(/^Threads:\s*(\d+)/mu.exec(readFileSync("/proc/self/status", "utf8"))?.[1]);
}

describe("waiting threads", () => {
  test("they end when nobody has waited for a while, and waiting works after that", async (t) => {
    const queue = opened(t, SysVQueue.create(sysvKey(t), { maxBytes: 8 }));
    const before = threads();
    const selections = [{ type: 1 }, { type: 2 }, { upTo: 3 }, { except: 99 }];
    for (let round = 0; round < 2; round++) {
      queue.trySend("12345678", { type: 99 });
      const abort = new AbortController();
      const waits = [
        ...selections.map((selection) => queue.receive({ ...selection, signal: abort.signal })),
        queue.send("x", { type: 98, signal: abort.signal }),
      ];
      const settled = Promise.allSettled(waits);
      await until(() => threads() >= before + waits.length);
      abort.abort();
      await settled;
      await until(() => threads() <= before);
      queue.tryReceiveMany(9);
    }
  });

  test("close ends them at once", async (t) => {
    const queue = opened(t, SysVQueue.create(sysvKey(t)));
    const before = threads();
    const receives = Promise.allSettled([1, 2, 3].map((type) => queue.receive({ type })));
    await until(() => threads() === before + 3);
    queue.close();
    assert.equal(threads(), before);
    await receives;
  });
});

test("receives that found their messages at their turn of the loop leave nothing behind for each selector", async (t) => {
  const queue = opened(t, SysVQueue.create(sysvKey(t)));
  const receive = async (from: number, to: number): Promise<void> => {
    for (let type = from; type < to; type++) {
      queue.trySend("x", { type });
      await queue.receive({ type });
    }
    collectGarbage();
  };
  // What is compiled meanwhile is on the heap too, with some engines late.
  await receive(1, 150_000);
  const before = process.memoryUsage().heapUsed;
  // Every 256th waits for its turn, and has a line of its own for that.
  await receive(150_000, 400_000);
  const grown = process.memoryUsage().heapUsed - before;
  assert.ok(grown < 500_000, `${grown} bytes`);
});
