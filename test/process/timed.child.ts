/**
 * Waits in vain in every timed call and says "METHOD MILLISECONDS" for each; first, "clock HOURS", the difference of two
 * looks at the wall clock.
 *   timed.child.js FAMILY EMPTY FULL TIMEOUT TIMES
 */
import { PosixQueue, QueueTimeoutError, SysVQueue } from "hostmq";

const [family, empty, full, timeout, times] = process.argv.slice(2) as [string, string, string, string, string];
const open = (address: string): PosixQueue | SysVQueue =>
  family === "POSIX" ? PosixQueue.open(address) : SysVQueue.open(Number(address));
const [reader, writer] = [open(empty), open(full)];
const options = { timeout: Number(timeout) };
const calls: Record<string, () => unknown> = {
  receiveSync: () => reader.receiveSync(options),
  sendSync: () => {
    writer.sendSync("waits for room", options);
  },
  receive: () => reader.receive(options),
  send: () => writer.send("waits for room", options),
};

console.log(`clock ${Math.round(Math.abs(Date.now() - Date.now()) / 3_600_000)}`);
for (const [method, call] of Object.entries(calls)) {
  for (let time = 0; time < Number(times); time++) {
    const startedAt = performance.now();
    try {
      await call();
    } catch (error) {
      if (!(error instanceof QueueTimeoutError)) throw error;
    }
    console.log(`${method} ${performance.now() - startedAt}`);
  }
}
