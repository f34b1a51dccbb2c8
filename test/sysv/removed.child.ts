/** KEY send|receive: says "waiting", then the error with which the call ends. */
import { QueueError, SysVQueue } from "hostmq";

const [key, call] = process.argv.slice(2);
const queue = SysVQueue.open(Number(key));
const pending = call === "send" ? queue.send("x") : queue.receive({ type: 9 });
console.log("waiting");
await pending.catch((error: unknown) => {
  if (!(error instanceof QueueError)) throw error;
  console.log(`${error.name} ${error.code}`);
});
