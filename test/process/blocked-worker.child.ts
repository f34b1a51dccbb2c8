/** A worker that raises a flag, blocks in `receiveSync` or `sendSync` without a timeout, and tells the body or "sent". */
import { parentPort, workerData } from "node:worker_threads";
import { PosixQueue, SysVQueue } from "hostmq";

const { family, address, method, flag } = workerData as {
  family: string;
  address: string | number;
  method: string;
  flag: Int32Array;
};
const queue = family === "POSIX" ? PosixQueue.open(String(address)) : SysVQueue.open(Number(address));
Atomics.store(flag, 0, 1);
Atomics.notify(flag, 0);
if (method === "receiveSync") parentPort?.postMessage(queue.receiveSync().body.toString());
else {
  queue.sendSync("by the worker");
  parentPort?.postMessage("sent");
}
