/** SysVQueue: keys, ids, status, configure, list, removal, ftok. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { ftok, QueueClosedError, QueueError, QueueRemovedError, SysVQueue } from "hostmq";
import { sysvId, sysvKey, type TestScope } from "../helpers/names.js";
import { nodeChild, peer, runToEnd, skipUnless } from "../helpers/peers.js";
import { assertWaits } from "../contract/pending.js";

/** A status tells times to the second. */
const second = 1000;

function code(expected: string): (error: unknown) => boolean {
  return (error) => error instanceof QueueError && error.code === expected;
}

function opened(t: TestScope, queue: SysVQueue): SysVQueue {
  t.after(() => {
    queue.close();
  });
  return queue;
}

function systemLimit(name: string): number {
  return Number(readFileSync(`/proc/sys/kernel/${name}`, "utf8"));
}

// CAP_SYS_RESOURCE is bit 24.
const capabilities = /^CapEff:\s*([0-9a-f]+)/mu.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0";
const anySize = (BigInt(`0x${capabilities}`) & (1n << 24n)) !== 0n && "CAP_SYS_RESOURCE may have any size";

describe("open, create, openOrCreate, createPrivate, fromId", () => {
  test("open needs a queue that exists, create one that does not, openOrCreate neither", (t) => {
    const key = sysvKey(t);
    assert.throws(() => SysVQueue.open(key), code("ENOENT"));
    const first = opened(t, SysVQueue.openOrCreate(key, { mode: 0o640 }));
    assert.throws(() => SysVQueue.create(key), code("EEXIST"));
    const second = opened(t, SysVQueue.openOrCreate(key, { mode: 0o600, maxBytes: 10 }));
    assert.equal(second.id, first.id);
    assert.equal(opened(t, SysVQueue.open(key)).id, first.id);
    assert.equal(second.status().mode, 0o640);
    assert.equal(second.status().maxBytes, systemLimit("msgmnb"));
  });

  test("0600 without the option, and exactly the mode with it, whatever the umask", (t) => {
    const mask = process.umask(0o777);
    try {
      const queues = [SysVQueue.create(sysvKey(t)), SysVQueue.openOrCreate(sysvKey(t)), SysVQueue.createPrivate()];
      sysvId(t, queues[2]?.id ?? assert.fail());
      for (const queue of queues) assert.equal(opened(t, queue).status().mode, 0o600);
      assert.equal(opened(t, SysVQueue.create(sysvKey(t), { mode: 0o642 })).status().mode, 0o642);
    } finally {
      process.umask(mask);
    }
  });

  test("processes that race to openOrCreate one queue get one, also while others remove it", async (t) => {
    const key = sysvKey(t);
    const script = new URL("./open-race.child.js", import.meta.url);
    const programs = [nodeChild(t, script, [key]), nodeChild(t, script, [key])];
    for (const program of programs) assert.equal(await program.line(), "ready");
    for (const program of programs) program.child.stdin.end();
    for (const program of programs) assert.deepEqual(await program.exited, { code: 0, signal: null }, program.stderr);
  });

  test("a key may be given unsigned, as ipcs writes it, and is told signed, as C has it", (t) => {
    const key = sysvKey(t) | -0x80000000;
    const queue = opened(t, SysVQueue.create(key >>> 0));
    sysvId(t, queue.id);
    assert.ok(key < 0);
    assert.equal(queue.key, key);
    assert.equal(queue.status().key, key);
    assert.equal(opened(t, SysVQueue.open(key)).id, queue.id);
    assert.equal(opened(t, SysVQueue.fromId(queue.id)).key, key);
  });

  test("what is no key is refused before the call; 0 points to createPrivate", () => {
    for (const key of [2 ** 32, -(2 ** 31) - 1, 1.5, NaN]) assert.throws(() => SysVQueue.create(key), RangeError);
    assert.throws(() => SysVQueue.create("1" as unknown as number), TypeError);
    for (const method of ["open", "create", "openOrCreate"] as const) {
      assert.throws(() => SysVQueue[method](0), /createPrivate/u);
    }
  });

  test("a private queue is another one each time, and is reached by its id", async (t) => {
    const [one, two] = [opened(t, SysVQueue.createPrivate()), opened(t, SysVQueue.createPrivate({ maxBytes: 64 }))];
    sysvId(t, one.id);
    sysvId(t, two.id);
    assert.notEqual(one.id, two.id);
    assert.equal(one.key, 0);
    assert.equal(two.status().maxBytes, 64);
    const receive = opened(t, SysVQueue.fromId(one.id)).receive();
    await peer(t, "sysv_send", ["-f", 4, `id:${one.id}`, 1]).exited;
    assert.equal((await receive).body.toString(), "4");
  });

  test("fromId needs a queue that exists", (t) => {
    const queue = opened(t, SysVQueue.create(sysvKey(t)));
    queue.remove();
    assert.throws(
      () => SysVQueue.fromId(queue.id),
      (error) => error instanceof QueueError && ["EINVAL", "EIDRM"].includes(error.code),
    );
    assert.throws(() => SysVQueue.fromId(1.5), RangeError);
  });

  test("a queue that cannot have the size asked for is not left behind", { skip: anySize }, (t) => {
    const key = sysvKey(t);
    assert.throws(() => SysVQueue.create(key, { maxBytes: 2 ** 31 - 1 }), code("EPERM"));
    assert.throws(() => SysVQueue.open(key), code("ENOENT"));
  });
});

describe("status", () => {
  test("every field, before and after a message", async (t) => {
    const start = Math.floor(Date.now() / second) * second;
    const key = sysvKey(t);
    const queue = opened(t, SysVQueue.create(key, { mode: 0o642, maxBytes: 100 }));
    const { changedAt, ...fresh } = queue.status();
    const [uid, gid] = [process.geteuid?.() ?? -1, process.getegid?.() ?? -1];
    assert.deepEqual(fresh, {
      key,
      id: queue.id,
      messages: 0,
      bytes: 0,
      maxBytes: 100,
      mode: 0o642,
      uid,
      gid,
      creatorUid: uid,
      creatorGid: gid,
      lastSenderPid: undefined,
      lastReceiverPid: undefined,
      lastSentAt: undefined,
      lastReceivedAt: undefined,
    });
    const recent = (date: Date | undefined): void => {
      assert.ok(date !== undefined && date.getTime() >= start && date.getTime() <= Date.now(), String(date));
    };
    recent(changedAt);

    const sender = peer(t, "sysv_send", ["-s", "10,7", key, 2]);
    await sender.exited;
    const receiver = peer(t, "sysv_receive", [key, 1]);
    await receiver.exited;
    const used = queue.status();
    assert.deepEqual([used.messages, used.bytes], [1, 7]);
    assert.deepEqual([used.lastSenderPid, used.lastReceiverPid], [sender.child.pid, receiver.child.pid]);
    recent(used.lastSentAt);
    recent(used.lastReceivedAt);
    queue.tryReceive();
    assert.equal(queue.status().lastReceiverPid, process.pid);
  });
});

describe("configure", () => {
  test("changes what is given and nothing else, for everybody", (t) => {
    const queue = opened(t, SysVQueue.create(sysvKey(t), { mode: 0o600 }));
    const other = opened(t, SysVQueue.fromId(queue.id));
    const before = queue.status();
    queue.configure({ mode: 0o664 });
    queue.configure({ maxBytes: 99 });
    queue.configure({});
    const after = other.status();
    assert.deepEqual(after, { ...before, mode: 0o664, maxBytes: 99, changedAt: after.changedAt });
  });

  test("uid and gid", { skip: process.geteuid?.() !== 0 && "only root may give a queue away" }, (t) => {
    const queue = opened(t, SysVQueue.create(sysvKey(t)));
    queue.configure({ uid: 12345 });
    queue.configure({ gid: 23456 });
    const { uid, gid, creatorUid, creatorGid } = queue.status();
    assert.deepEqual([uid, gid, creatorUid, creatorGid], [12345, 23456, 0, process.getegid?.()]);
  });

  test("above msgmnb it is EPERM without the privilege, and the error tells the limit", { skip: anySize }, (t) => {
    const limit = systemLimit("msgmnb");
    const queue = opened(t, SysVQueue.create(sysvKey(t)));
    assert.throws(
      () => {
        queue.configure({ maxBytes: limit + 1 });
      },
      (error) => code("EPERM")(error) && (error as Error).message.includes(String(limit)),
    );
    assert.equal(queue.status().maxBytes, limit);
  });

  test("a size that the kernel would cut to another one is refused", (t) => {
    const queue = opened(t, SysVQueue.create(sysvKey(t)));
    const before = queue.status();
    for (const maxBytes of [2 ** 31, 2 ** 32 + 5, 2 ** 40, -1, 1.5]) {
      assert.throws(() => {
        queue.configure({ maxBytes });
      }, RangeError);
      assert.throws(() => SysVQueue.createPrivate({ maxBytes }), RangeError);
    }
    assert.deepEqual(queue.status(), before);
  });

  test("more room lets a send that waits go on", async (t) => {
    const queue = opened(t, SysVQueue.create(sysvKey(t), { maxBytes: 10 }));
    queue.trySend("x".repeat(10));
    const send = queue.send("y");
    await assertWaits(send);
    queue.configure({ maxBytes: 20 });
    await send;
    assert.equal(queue.status().messages, 2);
  });

  test("a message larger than the queue's bytes is refused, not waited for, also after the queue shrank", async (t) => {
    const queue = opened(t, SysVQueue.create(sysvKey(t), { maxBytes: 100 }));
    queue.trySend("x".repeat(100));
    queue.tryReceive();
    queue.configure({ maxBytes: 50 });
    for (const body of ["x".repeat(101), "x".repeat(51)]) {
      await assert.rejects(queue.send(body), { name: "MessageTooLargeError" });
      assert.throws(() => queue.trySend(body), { name: "MessageTooLargeError" });
      assert.throws(
        () => {
          queue.sendSync(body);
        },
        { name: "MessageTooLargeError" },
      );
      assert.throws(() => queue.trySendMany([body]), { name: "MessageTooLargeError" });
    }
    assert.equal(queue.status().messages, 0);
  });
});

describe("remove", () => {
  test("waiting receivers and senders of this and another process get QueueRemovedError", async (t) => {
    const key = sysvKey(t);
    const queue = opened(t, SysVQueue.create(key, { maxBytes: 8 }));
    queue.trySend("12345678");
    const script = new URL("./removed.child.js", import.meta.url);
    const programs = [nodeChild(t, script, [key, "send"]), nodeChild(t, script, [key, "receive"])];
    const cReceiver = peer(t, "sysv_receive", ["-t", 9, key, 1]);
    for (const program of programs) assert.equal(await program.line(), "waiting");
    assert.equal(await cReceiver.line(), "open");
    const calls: Promise<unknown>[] = [
      queue.receive({ type: 9 }),
      queue.receive({ except: 1 }),
      queue.send("x"),
      queue.send("y"),
      opened(t, SysVQueue.open(key)).receive({ type: 5 }),
    ];
    await assertWaits(Promise.race(calls));
    opened(t, SysVQueue.open(key)).remove();
    for (const call of calls) {
      await assert.rejects(call, (error) => error instanceof QueueRemovedError && error.code === "EIDRM");
    }
    for (const program of programs) {
      assert.equal(await program.line(), "QueueRemovedError EIDRM");
      assert.deepEqual(await program.exited, { code: 0, signal: null });
    }
    assert.match(await cReceiver.line(), /^error msgrcv 43 /u);
  });

  test("afterwards every method of the handle tells it, and close is fine", (t) => {
    const queue = opened(t, SysVQueue.create(sysvKey(t)));
    queue.remove();
    assert.throws(() => queue.status(), QueueRemovedError);
    assert.throws(() => {
      queue.configure({ mode: 0o600 });
    }, QueueRemovedError);
    assert.throws(() => {
      queue.remove();
    }, QueueRemovedError);
    assert.throws(() => queue.peek(), QueueRemovedError);
    assert.throws(() => [...queue.browse()], QueueRemovedError);
    queue.close();
  });

  test("a handle of a removed queue does not reach a new one of the same key", (t) => {
    const key = sysvKey(t);
    const old = opened(t, SysVQueue.create(key));
    old.remove();
    const fresh = opened(t, SysVQueue.create(key));
    assert.notEqual(fresh.id, old.id);
    assert.throws(() => old.trySend("x"), QueueRemovedError);
    assert.equal(fresh.status().messages, 0);
  });
});

describe("use after close", () => {
  test("every method of its own throws", (t) => {
    const queue = SysVQueue.create(sysvKey(t));
    queue.close();
    const uses: (() => unknown)[] = [
      () => queue.status(),
      () => queue.peek(),
      () => [...queue.browse()],
      () => {
        queue.configure({ mode: 0o600 });
      },
      () => {
        queue.remove();
      },
    ];
    for (const use of uses) assert.throws(use, QueueClosedError);
    SysVQueue.fromId(queue.id).close();
  });
});

describe("list", () => {
  const rowsOf = (text: string, column: number): string[] =>
    text
      .split("\n")
      .map((line) => line.trim().split(/\s+/u)[column] ?? "")
      .filter((value) => /^\d+$/u.test(value));

  test("one status for each queue, as the queue's own and as /proc/sysvipc/msg has it", (t) => {
    const queue = opened(t, SysVQueue.create(sysvKey(t), { mode: 0o620 }));
    queue.trySend("12345");
    const listed = SysVQueue.list().filter(({ id }) => id === queue.id);
    assert.deepEqual(listed, [queue.status()]);
    const [header = "", ...rows] = readFileSync("/proc/sysvipc/msg", "utf8").split("\n");
    const names = header.trim().split(/\s+/u);
    const row = rows.map((line) => line.trim().split(/\s+/u)).find((values) => Number(values[1]) === queue.id) ?? [];
    const value = (name: string): number => Number(row[names.indexOf(name)]);
    const status = listed[0] ?? assert.fail();
    assert.deepEqual(
      [status.key, status.bytes, status.messages, status.lastSenderPid, status.uid, status.gid],
      ["key", "cbytes", "qnum", "lspid", "uid", "gid"].map(value),
    );
    assert.equal(status.mode, Number.parseInt(row[names.indexOf("perms")] ?? "", 8) & 0o777);
    assert.equal(status.lastSentAt?.getTime(), value("stime") * second);
  });

  test("it has the queues that ipcs -q has", { skip: skipUnless("ipcs", "ipcs", ["-q"]) }, (t) => {
    const queues = [0, 1, 2].map(() => opened(t, SysVQueue.create(sysvKey(t))));
    queues[1]?.remove();
    const ids = queues.map(({ id }) => id);
    // Others make and remove queues meanwhile, so only ours are compared.
    const ours = (seen: number[]): number[] => ids.filter((id) => seen.includes(id));
    const listed = ours(SysVQueue.list().map(({ id }) => id));
    assert.deepEqual(listed, ours(rowsOf(runToEnd("ipcs", ["-q"]).stdout, 1).map(Number)));
    assert.deepEqual(listed, [ids[0], ids[2]]);
  });
});

describe("ftok", () => {
  const projects = [1, 65, 127, 128, 200, 255, 256 + 7, -1];

  test("the same value as C's, negative ones included, for a file and a folder", async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "hostmq-ftok-"));
    t.after(() => {
      rmSync(folder, { recursive: true });
    });
    const file = join(folder, "é");
    writeFileSync(file, "");
    for (const path of [file, folder, "/"]) {
      const keys = projects.map((project) => ftok(path, project));
      const expected = await peer(t, "sysv_ftok", [path, ...projects]).rest();
      assert.deepEqual(
        keys.map((key) => `key ${key}`),
        expected,
      );
      assert.ok(keys.some((key) => key < 0) && keys.some((key) => key > 0));
    }
  });

  test("a file that is not there is ENOENT, and wrong arguments are refused", () => {
    assert.throws(() => ftok("/no/such/file", 1), code("ENOENT"));
    assert.throws(() => ftok("/", 1.5), RangeError);
    assert.throws(() => ftok("a\0b", 1), RangeError);
    assert.throws(() => ftok(1 as unknown as string, 1), TypeError);
  });
});
