/** Receives from a POSIX queue with a handle that goes out of scope while the receive waits. */
import { setTimeout as sleep } from "node:timers/promises";
import { PosixQueue } from "hostmq";

const name = process.argv[2] as string;
const pending = (() => PosixQueue.open(name).receive())();
for (let time = 0; time < 5; time++) {
  await sleep(10);
  (globalThis as unknown as { gc: () => void }).gc();
}
console.log("collected");
console.log(`received ${(await pending).body.toString()}`);
