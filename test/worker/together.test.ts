/** Several workers use queues at the same time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PosixQueue, SysVQueue } from "hostmq";
import { posixName, sysvKey } from "../helpers/names.js";
import { startWorker } from "./workers.js";

const workers = 4;
const messages = 2000;
const rounds = 300;

test(`${workers} workers that read the same queues get each message exactly once`, async (t) => {
  const queues = { name: posixName(t), key: sysvKey(t) };
  using posix = PosixQueue.create(queues.name, { maxMessages: 4, maxMessageSize: 64 });
  using sysv = SysVQueue.create(queues.key);
  const started = await Promise.all(Array.from({ length: workers }, () => startWorker({ act: "count", queues })));
  for (const queue of [posix, sysv]) {
    for (let number = 0; number < messages; number++) await queue.send(String(number));
    // One for each, which then reads no more.
    for (let reader = 0; reader < workers; reader++) await queue.send("");
  }
  const taken = (await Promise.all(started.map(({ said }) => said))) as { posix: number[]; sysv: number[] }[];
  const all = Array.from({ length: messages }, (_, number) => number);
  for (const family of ["posix", "sysv"] as const) {
    for (const each of taken)
      assert.deepEqual(
        each[family],
        each[family].toSorted((a, b) => a - b),
        "order of a reader",
      );
    const together = taken.flatMap((each) => each[family]).sort((a, b) => a - b);
    assert.deepEqual(together, all, family);
  }
  for (const { exited } of started) assert.equal(await exited, 0);
});

test(`${workers} workers and the main thread use queues of their own at the same time`, async (t) => {
  const started = Array.from({ length: workers }, () =>
    startWorker({ act: "talk", queues: { name: posixName(t), key: sysvKey(t) }, rounds }),
  );
  using queue = PosixQueue.create(posixName(t), { maxMessages: 1, maxMessageSize: 64 });
  for (let round = 0; round < rounds; round++) {
    const received = queue.receive();
    await queue.send(String(round));
    assert.equal((await received).body.toString(), String(round));
  }
  for (const { exited } of await Promise.all(started)) assert.equal(await exited, 0);
});
