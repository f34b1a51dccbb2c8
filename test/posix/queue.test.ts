/** PosixQueue: opening and creating, names, access, modes, sizes, attributes, unlink and list. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { MessageTooLargeError, PosixQueue, QueueClosedError, QueueError } from "hostmq";
import { posixName, type TestScope } from "../helpers/names.js";
import { nodeChild, peer } from "../helpers/peers.js";

const small = { maxMessages: 2, maxMessageSize: 32 };
const racers = 2;

function code(expected: string): (error: unknown) => boolean {
  return (error) => error instanceof QueueError && error.code === expected;
}

function opened(t: TestScope, queue: PosixQueue): PosixQueue {
  t.after(() => {
    queue.close();
  });
  return queue;
}

/** What the kernel keeps, by a descriptor: no mqueue filesystem needs to be mounted. */
function permissions({ name }: PosixQueue): number | undefined {
  return PosixQueue.list().find((queue) => queue.name === name)?.mode;
}

function systemDefault(name: string): number {
  return Number(readFileSync(`/proc/sys/fs/mqueue/${name}`, "utf8"));
}

describe("open, create, openOrCreate", () => {
  test("open needs a queue that exists", (t) => {
    const name = posixName(t);
    assert.throws(() => PosixQueue.open(name), code("ENOENT"));
    opened(t, PosixQueue.create(name, small)).trySend("1");
    assert.equal(opened(t, PosixQueue.open(name)).tryReceive()?.body.toString(), "1");
  });

  test("create needs a queue that does not exist", (t) => {
    const name = posixName(t);
    opened(t, PosixQueue.create(name, small));
    assert.throws(() => PosixQueue.create(name, small), code("EEXIST"));
  });

  test("openOrCreate does either, and an existing queue keeps its sizes and mode", (t) => {
    const name = posixName(t);
    const first = opened(t, PosixQueue.openOrCreate(name, { ...small, mode: 0o640, exactMode: true }));
    const second = opened(t, PosixQueue.openOrCreate(name, { maxMessages: 4, maxMessageSize: 8, mode: 0o600 }));
    first.trySend("1");
    assert.equal(second.tryReceive()?.body.toString(), "1");
    assert.equal(second.attributes().maxMessageSize, 32);
    assert.equal(permissions(second), 0o640);
  });

  test("processes that race to openOrCreate one queue get the same one, also while others unlink it", async (t) => {
    const name = posixName(t);
    const script = new URL("./open-race.child.js", import.meta.url);
    const programs = Array.from({ length: racers }, () => nodeChild(t, script, [name]));
    for (const program of programs) assert.equal(await program.line(), "ready");
    for (const program of programs) program.child.stdin.end();
    for (const program of programs) assert.deepEqual(await program.exited, { code: 0, signal: null }, program.stderr);
  });

  test("a C peer opens what Node created, and the other way round", async (t) => {
    const [ours, theirs] = [posixName(t), posixName(t)];
    const created = opened(t, PosixQueue.create(ours, small));
    const receiver = peer(t, "posix_receive", [ours, 1]);
    created.trySend("5", { priority: 3 });
    assert.deepEqual(await receiver.rest(), ["open", "message 5 3 1", "received 1"]);
    assert.equal(await peer(t, "posix_create", [theirs, 3, 40]).line(), "queue 3 40 0");
    assert.deepEqual(opened(t, PosixQueue.open(theirs)).attributes(), {
      maxMessages: 3,
      maxMessageSize: 40,
      currentMessages: 0,
    });
  });

  test("a queue descriptor is closed in programs that are started", (t) => {
    const { descriptor } = opened(t, PosixQueue.create(posixName(t), small));
    const flags = /^flags:\s*([0-7]+)/mu.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, "utf8"))?.[1];
    assert.equal(Number.parseInt(flags ?? "", 8) & 0o2000000, 0o2000000);
  });
});

describe("access", () => {
  test("a handle for reading cannot send, one for writing cannot receive", async (t) => {
    const name = posixName(t);
    opened(t, PosixQueue.create(name, { ...small, access: "write" })).trySend("1");
    const reader = opened(t, PosixQueue.open(name, { access: "read" }));
    assert.throws(() => reader.trySend("2"), code("EBADF"));
    await assert.rejects(reader.send("2"), code("EBADF"));
    assert.equal(reader.tryReceive()?.body.toString(), "1");
    const writer = opened(t, PosixQueue.open(name, { access: "write" }));
    assert.throws(() => writer.tryReceive(), code("EBADF"));
    assert.throws(() => writer.receiveSync(), code("EBADF"));
    await assert.rejects(writer.receive(), code("EBADF"));
    await writer.send("3");
    assert.equal((await reader.receive()).body.toString(), "3");
  });
});

describe("mode", () => {
  const withUmask = (umask: number, run: () => void): void => {
    const before = process.umask(umask);
    try {
      run();
    } finally {
      process.umask(before);
    }
  };

  test("0600 without the option, whatever the umask leaves", (t) => {
    withUmask(0, () => {
      assert.equal(permissions(opened(t, PosixQueue.create(posixName(t), small))), 0o600);
    });
  });

  test("the umask takes bits away", (t) => {
    withUmask(0o027, () => {
      const queue = opened(t, PosixQueue.create(posixName(t), { ...small, mode: 0o666 }));
      assert.equal(permissions(queue), 0o640);
    });
  });

  test("exactMode beats the umask", (t) => {
    withUmask(0o077, () => {
      for (const access of ["read", "write", "readwrite"] as const) {
        const options = { ...small, mode: 0o662, exactMode: true, access };
        const queue = opened(t, PosixQueue.openOrCreate(posixName(t), options));
        assert.equal(permissions(queue), 0o662);
      }
    });
  });
});

describe("sizes", () => {
  test("both given", (t) => {
    const queue = opened(t, PosixQueue.create(posixName(t), { maxMessages: 3, maxMessageSize: 17 }));
    assert.deepEqual(queue.attributes(), { maxMessages: 3, maxMessageSize: 17, currentMessages: 0 });
  });

  test("one given: the other is the system's default", (t) => {
    const few = opened(t, PosixQueue.create(posixName(t), { maxMessages: 1 }));
    assert.equal(few.attributes().maxMessages, 1);
    assert.equal(few.attributes().maxMessageSize, systemDefault("msgsize_default"));
    few.close();
    const short = opened(t, PosixQueue.create(posixName(t), { maxMessageSize: 9 }));
    assert.equal(short.attributes().maxMessages, systemDefault("msg_default"));
    assert.equal(short.attributes().maxMessageSize, 9);
  });

  test("none given: the system's defaults", (t) => {
    const { maxMessages, maxMessageSize } = opened(t, PosixQueue.create(posixName(t))).attributes();
    assert.equal(maxMessages, systemDefault("msg_default"));
    assert.equal(maxMessageSize, systemDefault("msgsize_default"));
  });

  test("attributes count the messages", (t) => {
    const queue = opened(t, PosixQueue.create(posixName(t), small));
    for (const currentMessages of [0, 1, 2]) {
      assert.deepEqual(queue.attributes(), { ...small, currentMessages });
      queue.trySend("x");
    }
  });
});

describe("names", () => {
  test('"jobs" is "/jobs"', (t) => {
    const name = posixName(t);
    const queue = opened(t, PosixQueue.create(name.slice(1), small));
    assert.equal(queue.name, name);
    queue.trySend("1");
    assert.equal(opened(t, PosixQueue.open(name)).tryReceive()?.body.toString(), "1");
    PosixQueue.unlink(name.slice(1));
    assert.throws(() => PosixQueue.open(name), code("ENOENT"));
  });

  test("255 bytes after the slash are the most, counted in UTF-8", (t) => {
    const base = posixName(t);
    const longest = base + "é".repeat((256 - Buffer.byteLength(base)) >> 1);
    const name = longest.padEnd(longest.length + 256 - Buffer.byteLength(longest), "x");
    assert.equal(Buffer.byteLength(name), 256);
    const queue = opened(t, PosixQueue.create(name, small));
    PosixQueue.unlink(name);
    assert.equal(queue.name, name);
    assert.throws(() => PosixQueue.create(`${name}x`, small), RangeError);
  });

  const refused: Record<string, RegExp> = {
    "": /at least one character/u,
    "/": /at least one character/u,
    "/a/b": /no slash but the first/u,
    "//a": /no slash but the first/u,
    "a/b": /no slash but the first/u,
    "/.": /other than "\." and "\.\."/u,
    "..": /other than "\." and "\.\."/u,
    "/a\0b": /without a NUL/u,
  };
  for (const [name, rule] of Object.entries(refused)) {
    test(`${JSON.stringify(name)} is refused before the call, naming the rule`, () => {
      for (const method of ["open", "create", "openOrCreate", "unlink"] as const) {
        assert.throws(
          () => PosixQueue[method](name),
          (error) => error instanceof RangeError && rule.test(error.message) && !("syscall" in error),
        );
      }
    });
  }
});

describe("unlink, list", () => {
  test("handles that are open keep an unlinked queue; a new one under the name is another", async (t) => {
    const name = posixName(t);
    const [one, two] = [opened(t, PosixQueue.create(name, small)), opened(t, PosixQueue.open(name))];
    PosixQueue.unlink(name);
    assert.throws(() => {
      PosixQueue.unlink(name);
    }, code("ENOENT"));
    const another = opened(t, PosixQueue.create(name, small));
    const receive = two.receive();
    await one.send("old");
    assert.equal((await receive).body.toString(), "old");
    assert.equal(another.tryReceive(), undefined);
  });

  test("list tells of a queue what the kernel does, and takes nothing", (t) => {
    const queue = opened(t, PosixQueue.create(posixName(t), { ...small, mode: 0o600 }));
    queue.trySend("abc");
    queue.trySend("de");
    const listed = PosixQueue.list().filter(({ name }) => name === queue.name);
    assert.equal(listed.length, 1);
    const { bytes, messages, mode, uid, gid } = listed[0] ?? assert.fail();
    assert.equal(bytes, 5);
    assert.ok(messages === undefined || messages === 2);
    assert.deepEqual([mode, uid, gid], [0o600, process.geteuid?.(), process.getegid?.()]);
    assert.equal(queue.attributes().currentMessages, 2);
    PosixQueue.unlink(queue.name);
    assert.ok(!PosixQueue.list().some(({ name }) => name === queue.name));
  });
});

describe("priorities", () => {
  test("higher ones come first, first in first out within one, up to 32767", (t) => {
    const queue = opened(t, PosixQueue.create(posixName(t), { maxMessages: 6, maxMessageSize: 8 }));
    const sent: [string, number | undefined][] = [
      ["a", undefined],
      ["b", 5],
      ["c", 32767],
      ["d", 0],
      ["e", 5],
      ["f", 1],
    ];
    for (const [body, priority] of sent) queue.trySend(body, { priority });
    assert.deepEqual(
      queue.tryReceiveMany(9).map(({ body, priority }) => [body.toString(), priority]),
      [
        ["c", 32767],
        ["b", 5],
        ["e", 5],
        ["f", 1],
        ["a", 0],
        ["d", 0],
      ],
    );
  });

  test("32768 and what is no priority is refused before the call", async (t) => {
    const queue = opened(t, PosixQueue.create(posixName(t), small));
    for (const priority of [32768, -1, 1.5, NaN, 2 ** 53]) {
      await assert.rejects(queue.send("x", { priority }), RangeError);
      assert.throws(() => queue.trySend("x", { priority }), RangeError);
      assert.throws(() => queue.trySendMany(["x"], { priority }), RangeError);
    }
    assert.throws(() => queue.trySend("x", { priority: "1" as unknown as number }), TypeError);
    assert.equal(queue.attributes().currentMessages, 0);
  });
});

describe("receiveInto", () => {
  test("a buffer shorter than the queue's longest message is refused, and the message stays", (t) => {
    const queue = opened(t, PosixQueue.create(posixName(t), small));
    queue.trySend("x");
    assert.throws(
      () => queue.receiveInto(Buffer.alloc(31)),
      (error) => error instanceof RangeError && error.message.includes("32"),
    );
    assert.equal(queue.attributes().currentMessages, 1);
    assert.deepEqual(queue.receiveInto(Buffer.alloc(32)), { length: 1, priority: 0 });
  });
});

describe("too large", () => {
  test("the error tells both sizes", (t) => {
    const queue = opened(t, PosixQueue.create(posixName(t), small));
    assert.throws(
      () => queue.trySend("x".repeat(33)),
      (error) => error instanceof MessageTooLargeError && /33.*32|32.*33/su.test(error.message),
    );
  });
});

describe("use after close", () => {
  test("descriptor, attributes and onNotEmpty throw, name stays", (t) => {
    const queue = PosixQueue.create(posixName(t), small);
    queue.close();
    assert.throws(() => queue.descriptor, QueueClosedError);
    assert.throws(() => queue.attributes(), QueueClosedError);
    assert.throws(() => queue.onNotEmpty(() => undefined), QueueClosedError);
    assert.ok(queue.name.startsWith("/"));
  });
});
