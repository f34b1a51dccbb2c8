/** hostmq/sys blocks as C does: until there is a message or room, a signal with a handler, or a point in time. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { PosixQueue } from "hostmq";
import {
  IPC_CREAT,
  IPC_NOWAIT,
  mq_close,
  mq_getattr,
  mq_open,
  mq_receive,
  mq_send,
  mq_setattr,
  mq_timedreceive,
  mq_timedsend,
  MSG_COPY,
  MSG_EXCEPT,
  MSG_NOERROR,
  msgctl,
  msgget,
  IPC_SET,
  IPC_STAT,
  msgrcv,
  msgsnd,
  O_CREAT,
  O_EXCL,
  O_NONBLOCK,
  O_RDONLY,
  O_RDWR,
  O_WRONLY,
} from "hostmq/sys";
import { posixName, sysvKey } from "../helpers/names.js";
import { nodeChild, peer } from "../helpers/peers.js";
import { blockedIn } from "./blocked.js";

const calls = new URL("./calls.child.js", import.meta.url);
const worker = new URL("./blocking.worker.child.js", import.meta.url);
const sizes = { mq_maxmsg: 2, mq_msgsize: 64 };

function posixQueue(t: TestContext, oflag = 0): { name: string; queue: number } {
  const name = posixName(t);
  const queue = mq_open(name, O_CREAT | O_EXCL | O_RDWR | oflag, 0o600, sizes);
  t.after(() => {
    mq_close(queue);
  });
  return { name, queue };
}

function sysvQueue(t: TestContext): number {
  return msgget(sysvKey(t), IPC_CREAT | 0o600);
}

/** A point in time so many milliseconds from now. */
function fromNow(milliseconds: number): { tv_sec: number; tv_nsec: number } {
  const time = Date.now() + milliseconds;
  return { tv_sec: Math.floor(time / 1000), tv_nsec: (time % 1000) * 1_000_000 };
}

test("mq_receive blocks only the worker that calls it", async (t) => {
  const { name, queue } = posixQueue(t);
  const blocked = new Worker(worker, { workerData: { name } });
  const exited = once(blocked, "exit");
  assert.deepEqual(await once(blocked, "message"), ["calling"]);
  // The event loop of this thread goes on meanwhile.
  await delay(100);
  mq_send(queue, "to the worker", 5);
  assert.deepEqual(await once(blocked, "message"), [["to the worker", 5]]);
  assert.deepEqual(await exited, [0]);
});

test("msgrcv blocks only the worker that calls it", async (t) => {
  const id = sysvQueue(t);
  const blocked = new Worker(worker, { workerData: { id } });
  const exited = once(blocked, "exit");
  assert.deepEqual(await once(blocked, "message"), ["calling"]);
  await delay(100);
  msgsnd(id, "to the worker", 5);
  assert.deepEqual(await once(blocked, "message"), [["to the worker", 5]]);
  assert.deepEqual(await exited, [0]);
});

test("mq_send waits for room", async (t) => {
  const { name, queue } = posixQueue(t);
  mq_send(queue, "1");
  mq_send(queue, "2");
  const sender = nodeChild(t, calls, ["mq_send", name]);
  assert.equal(await sender.line(), "calling");
  await blockedIn("mq_timedsend", sender.child.pid ?? 0);
  assert.equal(mq_getattr(queue).mq_curmsgs, 2);
  mq_receive(queue, Buffer.alloc(64));
  assert.equal(await sender.line(), '"done"');
  assert.deepEqual(mq_receive(queue, Buffer.alloc(64)), { length: 4, priority: 1 });
});

test("msgsnd waits for room", async (t) => {
  const id = sysvQueue(t);
  msgctl(id, IPC_SET, { msg_qbytes: 4 });
  msgsnd(id, "full", 1);
  const sender = nodeChild(t, calls, ["msgsnd", id]);
  assert.equal(await sender.line(), "calling");
  await blockedIn("msgsnd", sender.child.pid ?? 0);
  assert.equal(msgctl(id, IPC_STAT).msg_qnum, 1);
  msgrcv(id, Buffer.alloc(64), 1);
  assert.equal(await sender.line(), '"done"');
  assert.deepEqual(msgrcv(id, Buffer.alloc(64)), { length: 4, type: 3 });
});

for (const call of ["msgrcv", "msgsnd"] as const) {
  test(`a signal with a handler ends ${call} with EINTR, and the handler runs`, async (t) => {
    const id = sysvQueue(t);
    msgctl(id, IPC_SET, { msg_qbytes: 4 });
    msgsnd(id, "full", 1);
    const child = nodeChild(t, calls, [call, id]);
    assert.equal(await child.line(), "calling");
    await blockedIn(call, child.child.pid ?? 0);
    child.child.kill("SIGUSR1");
    assert.equal(await child.line(), "EINTR");
    assert.equal(await child.line(), "handled");
    assert.deepEqual(await child.exited, { code: 0, signal: null });
    assert.equal(msgctl(id, IPC_STAT).msg_qnum, 1);
  });
}

test("a signal whose handler the runtime installs with SA_RESTART does not end mq_receive", async (t) => {
  const { name, queue } = posixQueue(t);
  const child = nodeChild(t, calls, ["mq_receive", name]);
  assert.equal(await child.line(), "calling");
  await blockedIn("mq_timedreceive", child.child.pid ?? 0);
  child.child.kill("SIGUSR1");
  await delay(100);
  await blockedIn("mq_timedreceive", child.child.pid ?? 0);
  mq_send(queue, "after", 2);
  assert.equal(await child.line(), '{"length":5,"priority":2}');
});

test("a blocked mq_receive is a blocked receiver: it gets the message before all who poll", async (t) => {
  const { name } = posixQueue(t);
  const polling = PosixQueue.open(name);
  t.after(() => {
    polling.close();
  });
  const first = polling.receive();
  const blocked = nodeChild(t, calls, ["mq_receive", name]);
  assert.equal(await blocked.line(), "calling");
  await blockedIn("mq_timedreceive", blocked.child.pid ?? 0);
  await peer(t, "posix_send", ["-p", 3, name, 1]).exited;
  assert.equal(await blocked.line(), '{"length":1,"priority":3}');
  await peer(t, "posix_send", ["-f", 8, name, 1]).exited;
  assert.equal((await first).body.toString(), "8");
});

test("mq_timedreceive and mq_timedsend wait until a point in time", (t) => {
  const { queue } = posixQueue(t);
  const buffer = Buffer.alloc(64);
  const start = performance.now();
  assert.throws(() => mq_timedreceive(queue, buffer, fromNow(60)), {
    name: "QueueTimeoutError",
    code: "ETIMEDOUT",
    syscall: "mq_timedreceive",
  });
  assert.ok(performance.now() - start >= 40);
  mq_timedsend(queue, "1", 0, fromNow(10_000));
  mq_timedsend(queue, "2", 9, { tv_sec: 0, tv_nsec: 0 });
  assert.throws(
    () => {
      mq_timedsend(queue, "3", 0, fromNow(20));
    },
    { code: "ETIMEDOUT", syscall: "mq_timedsend" },
  );
  assert.throws(
    () => {
      mq_timedsend(queue, "3", 0, { tv_sec: 1, tv_nsec: 0 });
    },
    { code: "ETIMEDOUT" },
  );
  assert.throws(
    () => {
      mq_timedsend(queue, "3", 0, { tv_sec: 1, tv_nsec: 1_000_000_000 });
    },
    { code: "EINVAL" },
  );
  assert.deepEqual(mq_timedreceive(queue, buffer, fromNow(10_000)), { length: 1, priority: 9 });
  assert.deepEqual(mq_timedreceive(queue, buffer, { tv_sec: 0, tv_nsec: 0 }), { length: 1, priority: 0 });
});

test("O_NONBLOCK is set and cleared by mq_setattr, which gives what was before", (t) => {
  const { queue } = posixQueue(t);
  assert.deepEqual(mq_getattr(queue), { mq_flags: 0, ...sizes, mq_curmsgs: 0 });
  assert.equal(mq_setattr(queue, { mq_flags: O_NONBLOCK }).mq_flags, 0);
  assert.equal(mq_getattr(queue).mq_flags, O_NONBLOCK);
  assert.throws(() => mq_receive(queue, Buffer.alloc(64)), { code: "EAGAIN" });
  mq_send(queue, "1");
  mq_send(queue, "2");
  assert.throws(
    () => {
      mq_send(queue, "3");
    },
    { code: "EAGAIN" },
  );
  assert.deepEqual(mq_setattr(queue, { mq_flags: 0 }), { mq_flags: O_NONBLOCK, ...sizes, mq_curmsgs: 2 });
  assert.throws(
    () => {
      mq_timedsend(queue, "3", 0, fromNow(20));
    },
    { code: "ETIMEDOUT" },
  );
  assert.throws(() => mq_setattr(queue, { mq_flags: O_EXCL }), { code: "EINVAL" });
});

test("the flags of mq_open do as in C", (t) => {
  const { name, queue } = posixQueue(t, O_NONBLOCK);
  assert.equal(mq_getattr(queue).mq_flags, O_NONBLOCK);
  assert.throws(() => mq_open(name, O_CREAT | O_EXCL | O_RDWR), { code: "EEXIST" });
  const [reader, writer] = [mq_open(name, O_RDONLY | O_CREAT), mq_open(name, O_WRONLY)];
  t.after(() => {
    mq_close(reader);
    mq_close(writer);
  });
  assert.throws(
    () => {
      mq_send(reader, "x");
    },
    { code: "EBADF" },
  );
  assert.throws(() => mq_receive(writer, Buffer.alloc(64)), { code: "EBADF" });
  mq_send(writer, new Uint8Array(0), 32_767);
  assert.deepEqual(mq_receive(reader, Buffer.alloc(64)), { length: 0, priority: 32_767 });
  assert.throws(
    () => {
      mq_send(writer, "x", 32_768);
    },
    { code: "EINVAL" },
  );
  assert.throws(
    () => {
      mq_close(0);
    },
    { code: "EBADF" },
  );
});

test("the flags of msgrcv do as in C", (t) => {
  const id = sysvQueue(t);
  const buffer = Buffer.alloc(4);
  const receive = (type: number, flags: number): [string, number | bigint] => {
    const { length, type: received } = msgrcv(id, buffer, type, flags | IPC_NOWAIT);
    return [buffer.toString("latin1", 0, length), received];
  };
  for (const [body, type] of [
    ["1st", 7],
    ["2nd", 5],
    ["3rd", 3],
    ["longer", 9],
  ] as const)
    msgsnd(id, body, type);
  assert.deepEqual(receive(0, MSG_COPY), ["1st", 7]);
  assert.deepEqual(receive(2, MSG_COPY), ["3rd", 3]);
  assert.throws(() => receive(9, MSG_COPY), { code: "ENOMSG" });
  assert.deepEqual(receive(7, MSG_EXCEPT), ["2nd", 5]);
  assert.deepEqual(receive(-7, 0), ["3rd", 3]);
  assert.throws(() => receive(9, 0), { code: "E2BIG", name: "MessageTooLargeError" });
  assert.deepEqual(receive(9, MSG_NOERROR), ["long", 9]);
  assert.deepEqual(receive(7, 0), ["1st", 7]);
  assert.throws(() => receive(0, 0), { code: "ENOMSG" });
  assert.throws(() => msgrcv(id, buffer, 0, MSG_COPY), { code: "EINVAL" });
  assert.throws(
    () => {
      msgsnd(id, "x", 0);
    },
    { code: "EINVAL" },
  );
});

test("types above 2^53 are exact, as bigints", async (t) => {
  const id = sysvQueue(t);
  const largest = 2n ** 63n - 1n;
  msgsnd(id, "largest", largest);
  msgsnd(id, "exact", 2n ** 53n + 1n);
  msgsnd(id, "number", Number.MAX_SAFE_INTEGER);
  msgsnd(id, "small", 5n);
  const received = peer(t, "sysv_receive", ["-t", String(largest), `id:${id}`, 1]);
  assert.deepEqual(await received.rest(), ["open", `message - ${largest} 7`, "received 1"]);
  const buffer = Buffer.alloc(16);
  assert.deepEqual(msgrcv(id, buffer, 2n ** 53n + 1n), { length: 5, type: 2n ** 53n + 1n });
  assert.deepEqual(msgrcv(id, buffer, Number.MAX_SAFE_INTEGER), { length: 6, type: Number.MAX_SAFE_INTEGER });
  assert.deepEqual(msgrcv(id, buffer), { length: 5, type: 5 });
});
