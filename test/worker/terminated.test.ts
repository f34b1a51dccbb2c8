/** Workers that are terminated while their calls wait: nothing is lost and nothing stays behind in the process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PosixQueue, SysVQueue } from "hostmq";
import { posixName, sysvKey } from "../helpers/names.js";
import { descriptors, eventually, startWorker, threads } from "./workers.js";

const workers = 100;
const atOnce = 5;

test(`${workers} workers terminated while they wait to receive and to send leave nothing behind`, async (t) => {
  const [empty, full] = [
    { name: posixName(t), key: sysvKey(t) },
    { name: posixName(t), key: sysvKey(t) },
  ];
  const sizes = { maxMessages: 4, maxMessageSize: 64 };
  using emptyPosix = PosixQueue.create(empty.name, sizes);
  using fullPosix = PosixQueue.create(full.name, sizes);
  using emptySysv = SysVQueue.create(empty.key, { maxBytes: 256 });
  using fullSysv = SysVQueue.create(full.key, { maxBytes: 256 });
  while (fullPosix.trySend("early"));
  while (fullSysv.trySend("early"));
  const inFull = fullSysv.status().messages;

  const round = async (count: number): Promise<void> => {
    const started = await Promise.all(Array.from({ length: count }, () => startWorker({ act: "wait", empty, full })));
    await Promise.all(started.map(({ worker }) => worker.terminate()));
    for (const { exited } of started) assert.equal(await exited, 1);
  };
  // What the runtime keeps for later workers is no leak.
  await round(atOnce);
  const before = { descriptors: descriptors().length, threads: threads() };
  for (let done = 0; done < workers; done += atOnce) await round(atOnce);

  assert.ok(await eventually(() => threads() <= before.threads), `${threads()} threads of ${before.threads}`);
  assert.ok(descriptors().length <= before.descriptors, `${descriptors().join(" ")}, of ${before.descriptors}`);
  assert.deepEqual([fullPosix.attributes().currentMessages, fullSysv.status().messages], [4, inFull]);
  for (const queue of [fullPosix, fullSysv]) {
    for (const { body } of queue.tryReceiveMany(100)) assert.equal(body.toString(), "early");
  }
  for (const queue of [emptyPosix, emptySysv]) {
    await queue.send("late");
    assert.equal((await queue.receive()).body.toString(), "late");
  }
});

test("a zero-length message that a terminated worker's thread had taken goes back to the queue", async (t) => {
  using queue = SysVQueue.create(sysvKey(t));
  const { worker } = await startWorker({ act: "hold", key: queue.key ?? 0 });
  await queue.send("", { type: 7 });
  // Only the waiting thread can have taken it: its JavaScript sleeps.
  assert.ok(await eventually(() => queue.status().messages === 0));
  await worker.terminate();
  assert.equal(queue.status().messages, 1);
  const message = queue.tryReceive({ type: 7 });
  assert.deepEqual([message?.type, message?.body.length], [7, 0]);
});

test("a message with a body stays in the queue whatever becomes of the worker that waits", async (t) => {
  using queue = SysVQueue.create(sysvKey(t));
  const { worker } = await startWorker({ act: "hold", key: queue.key ?? 0 });
  await queue.send("x", { type: 7 });
  await worker.terminate();
  assert.equal(queue.tryReceive({ type: 7 })?.body.toString(), "x");
});

test("descriptors that a worker did not close are closed when it ends", async (t) => {
  const names = Array.from({ length: 3 }, () => posixName(t));
  for (const name of names) PosixQueue.create(name, { maxMessages: 1, maxMessageSize: 16 }).close();
  const open = (): number => descriptors().filter((target) => names.some((name) => target.startsWith(name))).length;
  const twice = [...names, ...names];
  const { exited } = await startWorker({ act: "open", names: twice });
  assert.equal(await exited, 0);
  assert.equal(open(), 0);
});

for (const family of ["posix", "sysv"] as const) {
  test(`a worker that is blocked in receiveSync can be terminated (${family})`, async (t) => {
    const queues = { name: posixName(t), key: sysvKey(t) };
    const { worker } = await startWorker({ act: "block", queues, family });
    const began = performance.now();
    assert.equal(await worker.terminate(), 1);
    const took = performance.now() - began;
    assert.ok(took < 3000, `terminated after ${took} ms`);
  });
}
