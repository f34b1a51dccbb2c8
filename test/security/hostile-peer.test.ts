/** What a peer that may write, and one that owns the queue, can do at most: no crash, no call that hangs, no message misread. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { json, MessageDecodeError, PosixQueue, QueueTimeoutError, SysVQueue } from "hostmq";
import { IPC_CREAT, IPC_PRIVATE, IPC_RMID, mq_open, mq_send, msgctl, msgget, msgsnd, O_RDWR } from "hostmq/sys";
import { posixName, sysvKey } from "../helpers/names.js";
import { peer } from "../helpers/peers.js";

const most = 2n ** 63n - 1n;

test("a peer that fills the queue makes a sender wait, for as long as the sender wants, and nobody else", async (t) => {
  const name = posixName(t);
  using posix = PosixQueue.create(name, { maxMessages: 2, maxMessageSize: 16 });
  const key = sysvKey(t);
  using sysv = SysVQueue.create(key, { maxBytes: 32 });
  for (const [queue, words] of [
    [posix, ["posix_send", name]],
    [sysv, ["sysv_send", key]],
  ] as const) {
    const handle: PosixQueue | SysVQueue = queue;
    assert.equal((await peer(t, words[0], ["-s", 16, words[1], 2]).exited).code, 0);
    while (handle.trySend(Buffer.alloc(16)));
    assert.equal(handle.trySend("x"), false);
    await assert.rejects(handle.send("x", { timeout: 30 }), QueueTimeoutError);
    assert.throws(() => {
      handle.sendSync("x", { timeout: 30 });
    }, QueueTimeoutError);
    let turns = 0;
    const controller = new AbortController();
    const waiting = handle.send("x", { signal: controller.signal });
    for (; turns < 100; turns++) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await assert.rejects(waiting, { name: "AbortError" });
    assert.equal(turns, 100, "the event loop went on");
  }
});

test("the largest and smallest types and priorities, zero bytes and the longest bodies come as they are", (t) => {
  const name = posixName(t);
  using posix = PosixQueue.create(name, { maxMessages: 4, maxMessageSize: 64 });
  const raw = mq_open(name, O_RDWR);
  for (const [length, priority] of [
    [0, 32767],
    [64, 0],
  ] as const)
    mq_send(raw, Buffer.alloc(length, 0xff), priority);
  assert.deepEqual(
    posix.tryReceiveMany(9).map(({ body, priority }) => [body.length, priority]),
    [
      [0, 32767],
      [64, 0],
    ],
  );
  const key = sysvKey(t);
  using sysv = SysVQueue.create(key);
  for (const type of [most, 2n ** 53n, 1]) msgsnd(sysv.id, Buffer.alloc(0), type, 0);
  assert.deepEqual(
    sysv.tryReceiveMany(9).map(({ body, type }) => [body.length, type]),
    [
      [0, most],
      [0, 2n ** 53n],
      [0, 1],
    ],
  );
});

test("bodies that do not decode reject the one receive each, with the bytes, and use no more memory than the queue", async (t) => {
  const name = posixName(t);
  using queue = PosixQueue.create(name, { maxMessages: 8, maxMessageSize: 512, codec: json<{ id: number }>() });
  using peerQueue = PosixQueue.open(name);
  const bodies = [
    "",
    "{",
    "\xff",
    "[".repeat(512),
    '{"__proto__":{"admin":true}}',
    '{"a":{"constructor":{"prototype":1}}}',
  ];
  for (const body of bodies) peerQueue.trySend(Buffer.from(body, "latin1"));
  for (const body of bodies.slice(0, -1)) {
    await assert.rejects(queue.receive(), (error) => {
      assert.ok(error instanceof MessageDecodeError);
      assert.deepEqual(Buffer.from(error.bytes), Buffer.from(body, "latin1"));
      return true;
    });
  }
  // A key of that name is an ordinary one, and changes nothing.
  const { body } = await queue.receive();
  assert.deepEqual(Object.keys(body), ["a"]);
  assert.equal(({} as { admin?: boolean }).admin, undefined);
});

test("a queue that is removed and made anew under its key or name is another one", async (t) => {
  const name = posixName(t);
  const key = sysvKey(t);
  using posix = PosixQueue.create(name);
  using sysv = SysVQueue.create(key);
  const waiting = sysv.receive();
  // As its owner may.
  PosixQueue.unlink(name);
  msgctl(sysv.id, IPC_RMID);
  using laterPosix = PosixQueue.create(name);
  using laterSysv = SysVQueue.create(key);
  await assert.rejects(waiting, { code: "EIDRM" });
  laterPosix.trySend("forged");
  laterSysv.trySend("forged");
  assert.equal(posix.tryReceive(), undefined);
  assert.notEqual(laterSysv.id, sysv.id);
  assert.throws(() => sysv.tryReceive(), { code: /^E(IDRM|INVAL)$/u });
});

test("a peer that makes and removes queues by the ten thousand gets an old id back at last, and only then", (t) => {
  const key = sysvKey(t);
  const first = SysVQueue.create(key);
  const { id } = first;
  first.remove();
  const seen = new Set<number>([id]);
  let rounds = 0;
  // The kernel counts places on and each place's uses: 32768 places at least.
  for (; rounds < 32_768; rounds++) {
    const next = msgget(IPC_PRIVATE, IPC_CREAT | 0o600);
    msgctl(next, IPC_RMID);
    assert.ok(!seen.has(next), `after ${rounds} queues`);
    seen.add(next);
  }
});
