/**
 * Goes through every path of the waiting threads: arrival, room, abort, close, removal, a message of length zero, workers
 * that are ended in the middle. Made to be run under sanitizers; ends by itself with status 0.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { Worker, isMainThread, parentPort } from "node:worker_threads";
import { PosixQueue, SysVQueue } from "hostmq";

// Fewer under valgrind, which is slow.
const [rounds = 40, workers = 4] = process.argv.slice(2).map(Number);

function posixQueue(): PosixQueue {
  const name = `/hostmq-test-${process.env.HOSTMQ_TEST_RUN ?? "alone"}-threads-${process.pid}-${Math.random()}`;
  const queue = PosixQueue.create(name, { maxMessages: 2, maxMessageSize: 64 });
  PosixQueue.unlink(name);
  return queue;
}

type Queue = PosixQueue | SysVQueue;

/** Waits, and is called back while the answer may be on its way. */
async function race(queue: Queue, body: string): Promise<void> {
  const controller = new AbortController();
  const receive = queue.receive({ signal: controller.signal });
  await queue.send(body);
  if (Math.random() < 0.5) await new Promise(setImmediate);
  controller.abort();
  const [outcome] = await Promise.allSettled([receive]);
  if (outcome.status === "rejected") assert.equal(queue.tryReceive()?.body.toString(), body);
  else assert.equal(outcome.value.body.toString(), body);
}

async function fill(queue: Queue): Promise<number> {
  const controller = new AbortController();
  let sent = 0;
  while (queue.trySend("x".repeat(64))) sent++;
  const waiting = [queue.send("y", { signal: controller.signal }), queue.send("z", { signal: controller.signal })].map(
    (send) =>
      send.then(
        () => sent++,
        () => undefined,
      ),
  );
  await new Promise(setImmediate);
  queue.tryReceive();
  controller.abort();
  await Promise.all(waiting);
  return sent - 1;
}

async function exercise(): Promise<void> {
  for (const make of [posixQueue, () => SysVQueue.createPrivate({ maxBytes: 128 })]) {
    const queue: Queue = make();
    for (let round = 0; round < rounds; round++) await race(queue, round % 3 === 0 ? "" : String(round));
    const left = await fill(queue);
    assert.equal(queue.tryReceiveMany(10).length, left);
    const ended: Promise<unknown>[] = [Promise.allSettled([queue.receive(), queue.receive()])];
    if (queue instanceof SysVQueue) {
      ended.push(
        Promise.allSettled([queue.receive({ type: 5 }), queue.receive({ upTo: 3 }), queue.receive({ except: 9 })]),
      );
      await new Promise(setImmediate);
      queue.remove();
    }
    queue.close();
    await Promise.all(ended);
  }
}

/** Ends while every kind of thread waits, with a message of length zero in the hands of one. */
async function abandon(): Promise<void> {
  const sysv = SysVQueue.createPrivate({ maxBytes: 64 });
  const full = SysVQueue.createPrivate({ maxBytes: 1 });
  full.trySend("x");
  void sysv.receive().catch(() => undefined);
  void sysv.receive({ type: 7 }).catch(() => undefined);
  void full.send("x").catch(() => undefined);
  void posixQueue().receive();
  sysv.trySend("");
  await new Promise(setImmediate);
  parentPort?.postMessage([sysv.id, full.id]);
}

if (isMainThread) {
  await exercise();
  for (let i = 0; i < workers; i++) {
    const worker = new Worker(new URL(import.meta.url));
    const [ids] = (await once(worker, "message")) as [number[]];
    await worker.terminate();
    for (const id of ids) SysVQueue.fromId(id).remove();
  }
} else {
  await exercise();
  await abandon();
}
