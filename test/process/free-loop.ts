/** A thousand receives wait on a hundred queues, and everything else runs as if they were not there. */
import assert from "node:assert/strict";
import { lookup } from "node:dns/promises";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Queue, receive } from "./families.js";

export const queues = 100;
const receives = 1000;
const observation = 1000;
/** CPU milliseconds in the time of observation that the test's own surroundings may need. */
const idleAllowance = 60;
/** Files, and names, that are looked for at once: many more than the pool has threads. */
const jobs = 50;
/** A generous bound for all of them. */
const jobsTime = 10_000;
/** A thread that is no longer needed ends a moment later. */
const retirement = 5000;

/** `open` gives a handle on the n-th of the queues; `selectors` are gone through by the receives of a queue. */
export async function assertFree(t: TestContext, open: (n: number) => Queue, selectors: object[]): Promise<void> {
  const warnings: string[] = [];
  const onWarning = (warning: Error): number => warnings.push(`${warning.name}: ${warning.message}`);
  process.on("warning", onWarning);
  t.after(() => process.off("warning", onWarning));
  const handles = Array.from({ length: queues }, (_, n) => open(n));
  t.after(() => {
    for (const handle of handles) handle.close();
  });
  // The pool's own threads are there before they are counted.
  await runJobs();
  const threadsBefore = threads();

  const abort = new AbortController();
  const pending = Array.from({ length: receives }, (_, n) => {
    const selector = selectors[Math.floor(n / queues) % selectors.length];
    return receive(handles[n % queues] as Queue, { ...selector, signal: abort.signal });
  });
  const settled = Promise.allSettled(pending);
  await sleep(observation);

  const before = process.cpuUsage();
  await sleep(observation);
  const { user, system } = process.cpuUsage(before);
  const used = (user + system) / 1000;
  t.diagnostic(`${used.toFixed(1)} ms of CPU time in ${observation} ms, ${threads() - threadsBefore} threads`);
  assert.ok(used < idleAllowance, `idle, ${used} ms of CPU time in ${observation} ms`);

  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const startedAt = performance.now();
  await runJobs();
  const took = performance.now() - startedAt;
  assert.ok(took < jobsTime, `${jobs} files and names took ${took} ms`);
  await sleep(200);
  clearInterval(timer);
  // At least one in ten: the machine may be busy.
  const expected = (performance.now() - startedAt) / 10;
  assert.ok(ticks >= expected, `${ticks} ticks of a timer of 1 ms in ${expected * 10} ms`);

  // Each queue still answers, to the receive that came first.
  for (const handle of handles) assert.equal(handle.trySend("hello"), true);
  const first = await Promise.all(pending.slice(0, queues));
  for (const { body } of first) assert.equal(body.toString(), "hello");

  const reason = new Error("enough");
  abort.abort(reason);
  const outcomes = await settled;
  const rejected = outcomes.filter((outcome): outcome is PromiseRejectedResult => outcome.status === "rejected");
  assert.equal(rejected.length, receives - queues);
  for (const outcome of rejected) assert.equal(outcome.reason, reason);
  for (const handle of handles) assert.equal(handle.tryReceive(), undefined);

  const end = performance.now() + retirement;
  while (threads() > threadsBefore + 1 && performance.now() < end) await sleep(50);
  // The one that may stay watches descriptors.
  assert.ok(threads() <= threadsBefore + 1, `${threads() - threadsBefore} threads too many`);
  assert.deepEqual(warnings, []);
}

async function runJobs(): Promise<void> {
  const file = fileURLToPath(import.meta.url);
  await Promise.all(Array.from({ length: jobs }, (_, n) => (n % 2 === 0 ? readFile(file) : lookup("localhost"))));
}

function threads(): number {
  return readdirSync("/proc/self/task").length;
}
