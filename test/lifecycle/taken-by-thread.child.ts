/** `taken-by-thread.child.js KEY ENDING`: waits for a message, sleeps until told on stdin, and ends before it could hear. */
import { readSync } from "node:fs";
import { SysVQueue } from "hostmq";

const [key, ending] = process.argv.slice(2);
const queue = SysVQueue.open(Number(key));
void queue.receive();
setImmediate(() => {
  console.log("waiting");
  readSync(0, Buffer.alloc(1));
  if (ending === "exit") process.exit(0);
  if (ending === "throw") throw new Error("on purpose");
  queue.unref();
});
