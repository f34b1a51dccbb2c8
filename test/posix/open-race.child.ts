/** NAME: says "ready"; once its input ends, opens or creates the queue, uses and unlinks it, again and again. */
import { PosixQueue, QueueError } from "hostmq";

const rounds = 150;
const name = process.argv[2] ?? "";

console.log("ready");
process.stdin.resume().once("end", () => {
  for (let round = 0; round < rounds; round++) {
    using queue = PosixQueue.openOrCreate(name, { maxMessages: 2, maxMessageSize: 16 });
    queue.trySend("x");
    try {
      PosixQueue.unlink(name);
    } catch (error) {
      if (!(error instanceof QueueError && error.code === "ENOENT")) throw error;
    }
  }
});
