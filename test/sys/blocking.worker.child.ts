/** Blocks its thread in mq_receive or msgrcv, and passes on what came. */
import { parentPort, workerData } from "node:worker_threads";
import { mq_close, mq_open, mq_receive, msgrcv, O_RDONLY } from "hostmq/sys";

const { name, id } = workerData as { name?: string; id?: number };
const buffer = Buffer.alloc(64);
parentPort?.postMessage("calling");
if (name !== undefined) {
  const queue = mq_open(name, O_RDONLY);
  const { length, priority } = mq_receive(queue, buffer);
  parentPort?.postMessage([buffer.toString("utf8", 0, length), priority]);
  mq_close(queue);
} else {
  const { length, type } = msgrcv(id ?? -1, buffer);
  parentPort?.postMessage([buffer.toString("utf8", 0, length), type]);
}
