/**
 * Receives and sends with promises while signals arrive, for so many messages; says "open", then "CODE COUNT" for each code
 * of an error, then "received COUNT", then "handled COUNT". Ends with its input, for an ending Node takes its handlers away.
 *   stormed.child.js FAMILY ADDRESS MESSAGES SIGNAL
 */
import { once } from "node:events";
import { PosixQueue, QueueError, SysVQueue } from "hostmq";

const [family, address, messages, signal] = process.argv.slice(2) as [string, string, string, string];
const queue = family === "POSIX" ? PosixQueue.open(address) : SysVQueue.open(Number(address));
const codes = new Map<string, number>();
let handled = 0;
process.on(signal, () => {
  handled++;
});
const note = (error: unknown): undefined => {
  if (!(error instanceof QueueError)) throw error;
  codes.set(error.code, (codes.get(error.code) ?? 0) + 1);
};

console.log("open");
let received = 0;
while (received < Number(messages)) {
  const message = await queue.receive({ timeout: 5 }).catch(note);
  if (message === undefined) continue;
  received++;
  // There and back: waits now for a message, now for room.
  if (message.body.toString() === "0") while (await queue.send("again", { timeout: 5 }).then(() => true, note));
}
for (const [code, count] of codes) console.log(`${code} ${count}`);
console.log(`received ${received}`);
console.log(`handled ${handled}`);
process.stdin.resume();
await once(process.stdin, "end");
