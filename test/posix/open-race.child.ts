/** NAME: says "ready"; once its input ends, opens or creates the queue at the same moments as others, and unlinks it. */
import { PosixQueue, QueueError } from "hostmq";

const duration = 1000;
/** Milliseconds; the clock is the same for all, so that they meet where each of them begins a period. */
const period = 10;
const current = (): number => Math.floor(Date.now() / period);
const name = process.argv[2] ?? "";

function unlink(): void {
  try {
    PosixQueue.unlink(name);
  } catch (error) {
    if (!(error instanceof QueueError && error.code === "ENOENT")) throw error;
  }
}

console.log("ready");
process.stdin.resume().once("end", () => {
  const end = performance.now() + duration;
  while (performance.now() < end) {
    const before = current();
    while (current() === before);
    using queue = PosixQueue.openOrCreate(name, { maxMessages: 2, maxMessageSize: 16 });
    queue.trySend("x");
    unlink();
  }
});
