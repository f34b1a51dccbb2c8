/** KEY: says "ready"; once its input ends, opens or creates the queue at the same moments as others, and removes it. */
import { QueueRemovedError, SysVQueue } from "hostmq";

const rounds = 100;
/** Milliseconds; the clock is the same for all, so that they meet where each of them begins a period. */
const period = 10;
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
  for (let round = 0; round < rounds; round++) {
    while (Date.now() % period !== 0);
    using queue = SysVQueue.openOrCreate(key);
    while (Date.now() % period === 0);
    remove(queue);
  }
});
