import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { eventModes } from "../lib/event-modes.mjs";

// The other end is a thread of the same process: a reference, no way to talk to another program.
const code = `
  const { parentPort, workerData: { work, count } } = require("node:worker_threads");
  let left = count;
  parentPort.on("message", (body) => {
    if (work === "ping") parentPort.postMessage(body);
    if (--left > 0) return;
    if (work === "send") parentPort.postMessage("all");
    parentPort.close();
  });
  parentPort.postMessage("ready");`;

async function start(work, { count }) {
  const worker = new Worker(code, { eval: true, workerData: { work, count } });
  await once(worker, "message");
  return worker;
}

export default {
  modes: {
    port: {
      ...eventModes({}),
      label: "worker_threads (one process)",
      family: "posix",
      starts: true,
      async sender(context) {
        const worker = await start("send", context);
        return {
          async all() {
            for (let i = 0; i < context.count; i++) worker.postMessage(context.body);
            await once(worker, "message");
          },
        };
      },
      async pinger(context) {
        const worker = await start("ping", context);
        return {
          onAnswer: (listener) => worker.on("message", listener),
          ask: () => worker.postMessage(context.body),
        };
      },
    },
  },
};
