/** Blocking calls: they keep their time, whatever the wall clock does, and block only their own thread. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { root, start } from "../helpers/peers.js";
import { families, type Host } from "./families.js";

const timeout = 50;
const longest = 150;
/** For a machine that is busy; a clock that is followed is an hour off. */
const longestMedian = 1000;
const times = 5;
/** Milliseconds in which the main thread goes on while a worker is blocked. */
const observation = 300;
const fewestTicks = 30;
/** Under it the wall clock jumps. A sanitizer's library has to be the first. */
const preloaded = [process.env.LD_PRELOAD ?? "", join(root, "build/peers/preload/wandering_clock.so")].join(" ").trim();

function fill(host: Host): void {
  const queue = host.open();
  while (queue.trySend("filler"));
  while (queue.trySend(""));
}

for (const family of families) {
  test(`${family.name}: a timeout of ${timeout} ms is kept, however the wall clock wanders`, async (t) => {
    const [empty, full] = [family.host(t), family.host(t)];
    fill(full);
    const script = fileURLToPath(new URL("./timed.child.js", import.meta.url));
    const args = [script, family.name, empty.address, full.address, timeout, times];
    for (const wandering of [false, true]) {
      const env = wandering ? { LD_PRELOAD: preloaded } : {};
      const child = start(t, process.execPath, args, { env });
      const [clock, ...lines] = await child.rest();
      assert.deepEqual(await child.exited, { code: 0, signal: null }, child.stderr);
      assert.equal(clock !== "clock 0", wandering, clock);
      assert.equal(lines.length, 4 * times);
      for (const method of ["receiveSync", "sendSync", "receive", "send"]) {
        const took = lines
          .filter((line) => line.startsWith(`${method} `))
          .map((line) => Number(line.split(" ")[1]))
          .sort((a, b) => a - b);
        t.diagnostic(`${method}${wandering ? ", wandering" : ""}: ${took.map((time) => time.toFixed(1)).join(" ")}`);
        assert.ok((took[0] as number) >= timeout, `${method} took only ${took[0]} ms`);
        assert.ok((took[0] as number) <= longest, `${method} took ${took[0]} ms at the least`);
        // Not the longest: a busy machine may hold up any one of them.
        const median = took[Math.floor(times / 2)] as number;
        assert.ok(median <= longestMedian, `${method} took ${median} ms`);
      }
    }
  });

  for (const method of ["receiveSync", "sendSync"] as const) {
    test(`${family.name}: ${method} blocks only its own worker`, async (t) => {
      const host = family.host(t);
      if (method === "sendSync") fill(host);
      const script = new URL("./blocked-worker.child.js", import.meta.url);
      const flag = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
      const workerData = { family: family.name, address: host.address, method, flag };
      const worker = new Worker(script, { workerData });
      t.after(() => worker.terminate());
      let answered = false;
      const answer = once(worker, "message").finally(() => (answered = true));
      while (Atomics.load(flag, 0) === 0) await sleep(10);

      let ticks = 0;
      const timer = setInterval(() => ticks++, 1);
      await sleep(observation);
      clearInterval(timer);
      assert.ok(ticks >= fewestTicks, `${ticks} ticks of a timer of 1 ms in ${observation} ms`);
      assert.equal(answered, false);
      // This thread uses the same queue meanwhile.
      if (method === "receiveSync") assert.equal(host.open().trySend("for the worker"), true);
      else assert.equal(host.open().tryReceiveMany(4).length, 4);
      assert.deepEqual(await answer, [method === "receiveSync" ? "for the worker" : "sent"]);
    });
  }
}
