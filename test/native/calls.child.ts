/**
 * Makes every call of the addon, with what succeeds and with what the kernel refuses. Made to be run under sanitizers and
 * valgrind; ends by itself with status 0.
 */
import assert from "node:assert/strict";
import { closeSync, openSync } from "node:fs";
import { PosixQueue, QueueError, SysVQueue, ftok } from "hostmq";
import * as sys from "hostmq/sys";

// Fewer under valgrind, which is slow.
const [rounds = 20] = process.argv.slice(2).map(Number);
const name = `/hostmq-test-${process.env.HOSTMQ_TEST_RUN ?? "alone"}-calls-${process.pid}`;

/** Of every kind of body that takes a way of its own: none, short and long strings, beyond one byte a character, bytes. */
const bodies: readonly (string | Uint8Array)[] = [
  "",
  "short",
  "x".repeat(512),
  "€".repeat(170),
  "a\ud800b",
  Buffer.alloc(512, 7),
  new Uint8Array(new SharedArrayBuffer(64)),
  new Uint8Array(16).subarray(3, 9),
];

function refused(call: () => unknown, code: string): void {
  assert.throws(call, (error) => error instanceof QueueError && error.code === code);
}

function throughQueue(queue: PosixQueue | SysVQueue): void {
  for (const body of bodies) {
    assert.equal(queue.trySend(body), true);
    assert.deepEqual(queue.tryReceive()?.body, Buffer.from(body as string));
    queue.sendSync(body, { timeout: 1000 });
    const into = Buffer.alloc(512);
    const got = queue.receiveInto(into);
    assert.deepEqual(into.subarray(0, got?.length), Buffer.from(body as string));
  }
  const sent = queue.trySendMany(bodies);
  assert.equal(queue.tryReceiveMany(sent).length, sent);
  assert.deepEqual(queue.tryReceiveMany(3), []);
  assert.equal(queue.tryReceive(), undefined);
  assert.equal(queue.receiveInto(Buffer.alloc(512)), undefined);
  assert.throws(() => queue.receiveSync({ timeout: 5 }), { code: "ETIMEDOUT" });
  assert.throws(() => queue.trySend("x".repeat(1_000_000)), { name: "MessageTooLargeError" });
  while (queue.trySend("full"));
  assert.throws(() => {
    queue.sendSync("no room", { timeout: 5 });
  });
  while (queue.tryReceive() !== undefined);
}

function posix(): void {
  refused(() => PosixQueue.open(name), "ENOENT");
  using queue = PosixQueue.create(name, { maxMessages: 8, maxMessageSize: 512, mode: 0o640, exactMode: true });
  try {
    refused(() => PosixQueue.create(name), "EEXIST");
    throughQueue(queue);
    assert.equal(queue.attributes().maxMessages, 8);
    using again = PosixQueue.open(name, { access: "read" });
    queue.trySend("high", { priority: 32767 });
    assert.throws(() => again.receiveInto(Buffer.alloc(1)));
    assert.equal(again.receiveSync().priority, 32767);
    const stop = queue.onNotEmpty(() => undefined);
    stop();
    assert.ok(PosixQueue.list().length >= 1);
  } finally {
    PosixQueue.unlink(name);
  }
  refused(() => {
    PosixQueue.unlink(name);
  }, "ENOENT");
  const file = openSync("/dev/null", "r");
  refused(() => PosixQueue.fromDescriptor(file), "EBADF");
  closeSync(file);
}

function sysv(): void {
  using queue = SysVQueue.createPrivate({ maxBytes: 8192 });
  try {
    throughQueue(queue);
    for (const type of [1, 7, 2n ** 62n]) queue.trySend(String(type), { type });
    assert.equal(queue.tryReceive({ type: 2n ** 62n })?.type, 2n ** 62n);
    assert.equal(queue.tryReceive({ except: 1, truncate: 0 })?.truncated, true);
    assert.equal(queue.tryReceive({ upTo: 5 })?.type, 1);
    queue.trySend("seen");
    for (const { body } of queue.browse()) assert.equal(body.toString(), "seen");
    queue.configure({ mode: 0o660, maxBytes: 4096 });
    assert.equal(queue.status().maxBytes, 4096);
    assert.ok(SysVQueue.list().length >= 1);
  } finally {
    queue.remove();
  }
  assert.throws(() => queue.tryReceive());
  refused(() => SysVQueue.fromId(queue.id), "EINVAL");
  assert.notEqual(ftok("/", 65), 0);
  refused(() => ftok("/nowhere", 65), "ENOENT");
}

function cFunctions(): void {
  const { O_CREAT, O_RDWR, O_NONBLOCK, IPC_PRIVATE, IPC_RMID, IPC_STAT, IPC_NOWAIT } = sys;
  const queue = sys.mq_open(name, O_RDWR | O_CREAT | O_NONBLOCK, 0o600, { mq_maxmsg: 1, mq_msgsize: 64 });
  sys.mq_unlink(name);
  sys.mq_send(queue, "x", 3);
  refused(() => {
    sys.mq_send(queue, "x", 3);
  }, "EAGAIN");
  const buffer = Buffer.alloc(64);
  assert.deepEqual(sys.mq_receive(queue, buffer), { length: 1, priority: 3 });
  refused(() => sys.mq_receive(queue, buffer), "EAGAIN");
  assert.equal(sys.mq_getattr(queue).mq_msgsize, 64);
  sys.mq_close(queue);
  const id = sys.msgget(IPC_PRIVATE, 0o600);
  sys.msgsnd(id, "y", 9, 0);
  assert.deepEqual(sys.msgrcv(id, buffer, 0, 0), { length: 1, type: 9 });
  refused(() => sys.msgrcv(id, buffer, 0, IPC_NOWAIT), "ENOMSG");
  assert.ok(sys.msgctl(id, IPC_STAT));
  sys.msgctl(id, IPC_RMID);
}

for (let round = 0; round < rounds; round++) {
  posix();
  sysv();
  cFunctions();
}
