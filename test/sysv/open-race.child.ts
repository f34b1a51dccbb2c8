/** KEY: says "ready"; once its input ends, opens or creates the queue at the same moments as others, and removes it. */
import { QueueRemovedError, SysVQueue } from "hostmq";

const duration = 1000;
/** Milliseconds; the clock is the same for all, so that they meet where each of them begins a period. */
const period = 10;
const current = (): number => Math.floor(Date.now() / period);
const key = Number(process.argv[2]);

function remove(queue: SysVQueue): void {
  try {
    queue.remove();
  } catch (error) {
    if (!(error instanceof QueueRemovedError)) throw error;
  }
}

console.log("ready");
process.stdin.resume().once("end", () => {
  const end = performance.now() + duration;
  while (performance.now() < end) {
    const before = current();
    while (current() === before);
    using queue = SysVQueue.openOrCreate(key);
    remove(queue);
  }
});
