/**
 * Blocks in `receiveSync` or `sendSync` and says how that ended: "waiting", then "OUTCOME MILLISECONDS", then which handlers
 * ran: "handled NAME…". Ends with its input, for an ending Node takes its handlers away.
 *   blocked.child.js FAMILY ADDRESS METHOD TIMEOUT HANDLED…    TIMEOUT - for none; HANDLED are names of signals
 */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { PosixQueue, QueueError, SysVQueue } from "hostmq";

const [family, address, method, timeout, ...signals] = process.argv.slice(2) as [string, string, string, string];
const queue = family === "POSIX" ? PosixQueue.open(address) : SysVQueue.open(Number(address));
const options = timeout === "-" ? {} : { timeout: Number(timeout) };
const handled = new Set<string>();
for (const signal of signals) process.on(signal, () => handled.add(signal));

console.log("waiting");
const startedAt = performance.now();
let outcome = "done";
try {
  if (method === "receiveSync") queue.receiveSync(options);
  else queue.sendSync("waits for room", options);
} catch (error) {
  if (!(error instanceof QueueError)) throw error;
  outcome = error.code;
}
console.log(`${outcome} ${performance.now() - startedAt}`);
process.stdin.resume();
await once(process.stdin, "end");
// Handlers run in a turn of the loop.
await sleep(50);
console.log(["handled", ...[...handled].sort()].join(" "));
