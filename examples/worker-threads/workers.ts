/**
 * One queue, several worker threads. Each thread opens a handle of its own by name; handles do not travel between threads.
 */
import { once } from "node:events";
import { isMainThread, threadId, Worker, workerData } from "node:worker_threads";
import { json, PosixQueue } from "hostmq";

type Job = { kind: "square"; value: number } | { kind: "end" };

const codec = json<Job>();
const idle = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

async function main(name: string): Promise<void> {
  using jobs = PosixQueue.create(name, { codec, maxMessages: 8, maxMessageSize: 128 });
  try {
    const workers = [1, 2, 3].map(() => new Worker(new URL(import.meta.url), { workerData: name }));
    const exits = workers.map((worker) => once(worker, "exit"));
    for (let value = 1; value <= 9; value += 1) await jobs.send({ kind: "square", value });
    await Promise.all(workers.map(() => jobs.send({ kind: "end" })));
    await Promise.all(exits);
  } finally {
    PosixQueue.unlink(name);
  }
}

/** Blocks this thread alone: the loop of the main thread and of the other workers goes on. */
function work(name: string): void {
  using jobs = PosixQueue.open(name, { codec, access: "read" });
  for (;;) {
    const { body: job } = jobs.receiveSync();
    if (job.kind === "end") return;
    // Stands for work that takes its time, and leaves the next job to another worker.
    Atomics.wait(idle, 0, 0, 20);
    console.log(`worker ${threadId}: ${job.value} x ${job.value} = ${job.value ** 2}`);
  }
}

if (isMainThread) await main(process.argv[2] ?? `/hostmq-example-workers-${process.pid}`);
else work(workerData as string);
