/** Makes one blocking call of `hostmq/sys` and tells how it ended: `calls.child.js CALL NAME|ID`. Handles SIGUSR1. */
import { mq_open, mq_receive, mq_send, msgrcv, msgsnd, O_RDWR } from "hostmq/sys";

const [call = "", queue = ""] = process.argv.slice(2);
const calls: Record<string, () => unknown> = {
  mq_receive: () => mq_receive(mq_open(queue, O_RDWR), Buffer.alloc(64)),
  mq_send: () => {
    mq_send(mq_open(queue, O_RDWR), "sent", 1);
  },
  msgrcv: () => msgrcv(Number(queue), Buffer.alloc(64), 7),
  msgsnd: () => {
    msgsnd(Number(queue), "sent", 3);
  },
};
process.on("SIGUSR1", () => {
  console.log("handled");
  process.exit(0);
});
console.log("calling");
try {
  console.log(JSON.stringify(calls[call]?.() ?? "done"));
  process.exit(0);
} catch (error) {
  console.log((error as NodeJS.ErrnoException).code);
  // The handler runs in a later turn of the loop.
  setTimeout(() => process.exit(3), 10_000);
}
