/** NAME: says "ready"; once its input ends, opens or creates the queue at the same moments as others, and unlinks it. */
import { PosixQueue, QueueError } from "hostmq";

const rounds = 100;
/** Milliseconds; the clock is the same for all, so that they meet where each of them begins a period. */
const period = 10;
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
  for (let round = 0; round < rounds; round++) {
    while (Date.now() % period !== 0);
    using queue = PosixQueue.openOrCreate(name, { maxMessages: 2, maxMessageSize: 16 });
    queue.trySend("x");
    while (Date.now() % period === 0);
    unlink();
  }
});
