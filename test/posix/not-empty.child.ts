/** NAME [unref]: says "waiting", and "not empty" once the queue is. */
import { PosixQueue } from "hostmq";

const [name = "", unref] = process.argv.slice(2);
const queue = PosixQueue.open(name);
queue.onNotEmpty(() => {
  console.log("not empty");
});
if (unref !== undefined) queue.unref();
console.log("waiting");
