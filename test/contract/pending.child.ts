/** FAMILY ADDRESS CALL [unref] [ref]: makes the call, says "pending", and "settled" if that happens before the process ends. */
import { PosixQueue, SysVQueue } from "hostmq";
import { numbered } from "./families.js";

const [family, address = "", call = "", ...steps] = process.argv.slice(2);
const queue = family === "POSIX" ? PosixQueue.open(address) : SysVQueue.open(Number(address));

async function pending(): Promise<void> {
  if (call === "receive") await queue.receive();
  else if (call === "receive with a timeout") await queue.receive({ timeout: 2 ** 31 });
  else if (call === "send") await queue.send(numbered(9));
  else return;
  console.log("settled");
}

const settled = pending();
for (const step of steps) {
  if (step === "unref") queue.unref();
  else queue.ref();
}
console.log("pending");
await Promise.race([settled, new Promise((resolve) => setImmediate(resolve))]);
