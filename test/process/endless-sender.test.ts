/** C programs send without end, and the program that consumes still does everything else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { families } from "./families.js";
import { spin } from "./moments.js";

const observation = 1000;
const fewestMessages = 1000;
/** Microseconds of work for each message, in which the senders fill the queue again: it is never found empty. */
const work = 100;
const fewestTicks = 30;
/** Milliseconds; without turns of the loop the timer would not fire before the end. */
const longestGap = 500;

for (const family of families) {
  test(`${family.name}: timers fire while for await consumes from senders that never stop`, async (t) => {
    const host = family.host(t);
    const senders = [host.send([], 0), host.send([], 0)];
    let received = 0;
    let ticks = 0;
    let gap = 0;
    let last = performance.now();
    const end = last + observation;
    const timer = setInterval(() => {
      const now = performance.now();
      gap = Math.max(gap, now - last);
      last = now;
      ticks++;
    }, 1);
    for await (const message of host.open()) {
      assert.ok(message.body.length > 0);
      received++;
      spin(work);
      if (performance.now() > end) break;
    }
    gap = Math.max(gap, performance.now() - last);
    clearInterval(timer);
    for (const { child } of senders) child.kill("SIGKILL");
    t.diagnostic(`${received} messages, ${ticks} ticks, longest gap ${gap.toFixed(1)} ms`);
    assert.ok(received >= fewestMessages, `${received} messages`);
    assert.ok(ticks >= fewestTicks && gap < longestGap, `${ticks} ticks, longest gap ${gap} ms`);
  });
}
