/**
 * A process at the limits of its user: each failure names the limit, waiting calls neither hang nor lose anything, and all works
 * again once the limit is lifted. As an ordinary user of our own, for root is above some of them.
 */
import assert from "node:assert/strict";
import { closeSync, openSync } from "node:fs";
import { test, type TestContext } from "node:test";
import { PosixQueue, type QueueError, SysVQueue } from "hostmq";
import { mq_notify, SIGEV_THREAD, type Sigevent } from "hostmq/sys";
import { ownUid } from "../errors/provoked-limits.js";
import { posixName, sysvKey } from "../helpers/names.js";
import { peer } from "../helpers/peers.js";
import { describeInPrivateNamespace } from "../helpers/private-namespace.js";

const small = { maxMessages: 4, maxMessageSize: 64 };
const isRoot = process.getuid?.() === 0;
const roomy = { nofile: 1024, nproc: 4096, msgqueue: 819_200, sigpending: 1024 };

type SetLimit = (name: keyof typeof roomy, soft?: number) => Promise<void>;

/** A test that may set limits of this process; after it they are lifted. */
function testAtLimits(name: string, body: (t: TestContext, set: SetLimit) => Promise<void>): void {
  test(name, async (t) => {
    // Started before the first limit, under which it could not be.
    const program = peer(t, "set_limit", [process.pid]);
    assert.equal(await program.line(), "ready");
    const set: SetLimit = async (limit, soft = roomy[limit]) => {
      program.child.stdin.write(`${limit} ${soft}\n`);
      assert.equal(await program.line(), "set");
    };
    try {
      await body(t, set);
    } finally {
      for (const limit of Object.keys(roomy) as (keyof typeof roomy)[]) await set(limit);
    }
  });
}

/** The first descriptor that is free. */
function firstFree(): number {
  const descriptor = openSync("/dev/null", "r");
  closeSync(descriptor);
  return descriptor;
}

function posixQueue(t: TestContext): PosixQueue {
  const queue = PosixQueue.create(posixName(t), small);
  t.after(() => {
    queue.close();
  });
  return queue;
}

function sysvQueue(t: TestContext): SysVQueue {
  const queue = SysVQueue.create(sysvKey(t));
  t.after(() => {
    queue.close();
  });
  return queue;
}

/** What a failure must say. */
function naming(code: string, syscall: string, limit: RegExp): (error: QueueError) => true {
  return (error) => {
    assert.deepEqual([error.code, error.syscall], [code, syscall], error.message);
    assert.match(error.message, limit);
    return true;
  };
}

async function passOne(queue: PosixQueue | SysVQueue): Promise<void> {
  const waiting = queue.receive({ timeout: 10_000 });
  await queue.send("through", { timeout: 10_000 });
  assert.equal((await waiting).body.toString(), "through");
}

const options = { ...(isRoot && { uid: ownUid }) };
describeInPrivateNamespace("a process at its limits", import.meta.url, options, () => {
  // The thread that waits for POSIX queues starts once, so that the order of the tests matters.

  testAtLimits("no threads: waiting fails and names the limit, trying goes on", async (t, set) => {
    const [posix, sysv] = [posixQueue(t), sysvQueue(t)];
    await set("nproc", 1);
    for (const queue of [posix, sysv]) {
      await assert.rejects(queue.receive(), naming("EAGAIN", "pthread_create", /RLIMIT_NPROC.*ulimit -u/su));
      assert.equal(queue.trySend("tried"), true);
      assert.equal(queue.tryReceive()?.body.toString(), "tried");
      assert.throws(() => queue.receiveSync({ timeout: 10 }), { code: "ETIMEDOUT" });
    }
    await set("nproc");
    await passOne(sysv);
  });

  testAtLimits("no descriptors: opening and the first wait fail and name the limit", async (t, set) => {
    const queue = posixQueue(t);
    const notified: Sigevent = { sigev_notify: SIGEV_THREAD, sigev_notify_function: () => undefined };
    for (const [spare, syscall] of [
      [0, "epoll_create1"],
      [1, "eventfd"],
    ] as const) {
      await set("nofile", firstFree() + spare);
      await assert.rejects(queue.receive(), naming("EMFILE", syscall, /RLIMIT_NOFILE.*ulimit -n/su));
      await set("nofile");
    }
    await set("nofile", firstFree());
    assert.throws(() => PosixQueue.open(queue.name), naming("EMFILE", "mq_open", /RLIMIT_NOFILE.*ulimit -n/su));
    assert.throws(
      () => {
        mq_notify(queue.descriptor, notified);
      },
      naming("EMFILE", "socket", /RLIMIT_NOFILE.*ulimit -n/su),
    );
    assert.equal(queue.trySend("tried"), true);
    assert.equal(queue.tryReceive()?.body.toString(), "tried");
    await set("nofile");
    PosixQueue.open(queue.name).close();
    mq_notify(queue.descriptor, notified);
    mq_notify(queue.descriptor, null);
    await passOne(queue);
  });

  testAtLimits("no descriptors: System V queues need none", async (t, set) => {
    const queue = sysvQueue(t);
    await set("nofile", firstFree());
    await passOne(queue);
    SysVQueue.open(queue.key ?? 0).close();
  });

  testAtLimits("no bytes for POSIX queues: creating fails and names the limit", async (t, set) => {
    await set("msgqueue", 100);
    const name = posixName(t);
    assert.throws(() => PosixQueue.create(name, small), naming("EMFILE", "mq_open", /RLIMIT_MSGQUEUE.*ulimit -q/su));
    assert.throws(() => PosixQueue.open(name), { code: "ENOENT" });
    await set("msgqueue");
    PosixQueue.create(name, small).close();
  });

  testAtLimits("no pending signals: waits still end, and a blocking call names the limit", async (t, set) => {
    const [posix, sysv] = [posixQueue(t), sysvQueue(t)];
    for (const queue of [posix, sysv]) {
      await set("sigpending", 0);
      await assert.rejects(queue.receive({ timeout: 50 }), { code: "ETIMEDOUT" });
      const abort = new AbortController();
      const waiting = queue.receive({ signal: abort.signal });
      setTimeout(() => {
        abort.abort("enough");
      }, 50);
      await assert.rejects(waiting, (reason) => reason === "enough");
      await passOne(queue);
    }
    assert.throws(() => posix.receiveSync({ timeout: 10 }), { code: "ETIMEDOUT" });
    assert.throws(
      () => sysv.receiveSync({ timeout: 10 }),
      naming("EAGAIN", "timer_create", /RLIMIT_SIGPENDING.*ulimit -i/su),
    );
    await set("sigpending");
    assert.throws(() => sysv.receiveSync({ timeout: 10 }), { code: "ETIMEDOUT" });
  });
});
