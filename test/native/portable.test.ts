/**
 * The addon that is compiled from other systems' sources over Linux's headers, by scripts/test-portable: what those systems
 * lack is refused and harms nothing. HOSTMQ_TEST_AS names the system.
 */
import assert from "node:assert/strict";
import test, { describe } from "node:test";
import { PosixQueue, SysVQueue } from "hostmq";
import * as sys from "hostmq/sys";
import { posixName, sysvKey, uniqueName } from "../helpers/names.js";
import { peer } from "../helpers/peers.js";

const as = process.env.HOSTMQ_TEST_AS;
const notSupported = { name: "QueueError", code: "ENOSYS" };
const other = as === undefined ? "only scripts/test-portable has such an addon" : false;

describe("System V without what only Linux has", { skip: other }, () => {
  test("a copy is refused and takes nothing", (t) => {
    const queue = SysVQueue.create(sysvKey(t));
    queue.trySend("one");
    assert.throws(() => queue.peek(), notSupported);
    assert.throws(() => [...queue.browse()], notSupported);
    assert.throws(() => sys.msgrcv(queue.id, Buffer.alloc(9), 0, sys.MSG_COPY | sys.IPC_NOWAIT), notSupported);
    assert.equal(queue.status().messages, 1);
    queue.close();
  });

  test("a receive of all but one type is refused and takes nothing, waiting or not", async (t) => {
    const queue = SysVQueue.create(sysvKey(t));
    queue.trySend("one", { type: 1 });
    queue.trySend("two", { type: 2 });
    assert.throws(() => queue.tryReceive({ except: 1 }), notSupported);
    assert.throws(() => queue.tryReceiveMany(5, { except: 1 }), notSupported);
    assert.throws(() => queue.receiveInto(Buffer.alloc(99), { except: 1 }), notSupported);
    assert.throws(() => queue.receiveSync({ except: 1, timeout: 10 }), notSupported);
    await assert.rejects(queue.receive({ except: 1, timeout: 10 }), notSupported);
    assert.equal(queue.status().messages, 2);
    queue.close();
  });

  test("what tells of all queues is refused", () => {
    for (const command of [sys.MSG_INFO, sys.IPC_INFO] as const) {
      assert.throws(() => sys.msgctl(0, command), notSupported);
    }
    for (const command of [sys.MSG_STAT, sys.MSG_STAT_ANY] as const) {
      assert.throws(() => sys.msgctl(0, command), notSupported);
    }
    assert.throws(() => SysVQueue.list(), notSupported);
  });
});

describe("without POSIX queues", { skip: as === "darwin" ? false : "this system has them" }, () => {
  test("every call is refused with ENOSYS", () => {
    const name = uniqueName();
    assert.throws(() => PosixQueue.open(name), notSupported);
    assert.throws(() => PosixQueue.create(name, { maxMessages: 1_000_000, exactMode: true }), notSupported);
    assert.throws(() => PosixQueue.openOrCreate(name), notSupported);
    assert.throws(() => {
      PosixQueue.unlink(name);
    }, notSupported);
    assert.throws(() => sys.mq_open(name, sys.O_RDWR | sys.O_CREAT), notSupported);
    assert.throws(() => {
      sys.mq_unlink(name);
    }, notSupported);
    assert.throws(() => PosixQueue.fromDescriptor(0), notSupported);
  });
});

describe(
  "POSIX queues whose O_NONBLOCK is kept from the kernel",
  { skip: as === "netbsd" ? false : "NetBSD's way" },
  () => {
    test("a try does not wait, and a plain call of hostmq/sys does", async (t) => {
      const name = posixName(t);
      const queue = PosixQueue.create(name, { maxMessages: 1, maxMessageSize: 16 });
      assert.equal(queue.tryReceive(), undefined);
      assert.equal(queue.trySend("one"), true);
      assert.equal(queue.trySend("two"), false);
      assert.equal(sys.mq_getattr(queue.descriptor).mq_flags, sys.O_NONBLOCK);
      const waiting = sys.mq_open(name, sys.O_RDWR);
      assert.equal(sys.mq_getattr(waiting).mq_flags, 0);
      const sender = peer(t, "posix_send", [name, 1]);
      assert.equal(sys.mq_receive(waiting, Buffer.alloc(16)).length, 3);
      await sender.exited;
      sys.mq_receive(waiting, Buffer.alloc(16));
      const start = performance.now();
      const soon = { tv_sec: Math.floor(Date.now() / 1000) + 1, tv_nsec: 0 };
      assert.throws(() => sys.mq_timedreceive(waiting, Buffer.alloc(16), soon), { code: "ETIMEDOUT" });
      assert.ok(performance.now() - start < 5000);
      sys.mq_setattr(waiting, { mq_flags: sys.O_NONBLOCK });
      assert.throws(() => sys.mq_receive(waiting, Buffer.alloc(16)), { code: "EAGAIN" });
      assert.throws(() => sys.mq_setattr(waiting, { mq_flags: 1 }), { code: "EINVAL" });
      sys.mq_close(waiting);
      queue.close();
    });

    test("a function cannot be called by mq_notify", (t) => {
      const queue = PosixQueue.create(posixName(t));
      const event = { sigev_notify: sys.SIGEV_THREAD, sigev_notify_function: () => undefined };
      assert.throws(() => {
        sys.mq_notify(queue.descriptor, event);
      }, notSupported);
      queue.close();
    });
  },
);
