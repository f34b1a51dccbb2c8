/** What to receive from a System V queue: selectors, types, truncation, copies. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import {
  json,
  type MessageDecodeError,
  MessageTooLargeError,
  type SysVMessage,
  SysVQueue,
  type SysVReceiveOptions,
} from "hostmq";
import { sysvKey, type TestScope } from "../helpers/names.js";
import { peer } from "../helpers/peers.js";
import { assertWaits } from "../contract/pending.js";

const largestType = 2n ** 63n - 1n;

function create(t: TestScope): SysVQueue & { key: number } {
  const queue = SysVQueue.create(sysvKey(t));
  t.after(() => {
    queue.close();
  });
  return queue as SysVQueue & { key: number };
}

function sendTypes(queue: SysVQueue, ...types: (number | bigint)[]): void {
  types.forEach((type, n) => {
    assert.ok(queue.trySend(String(n), { type }));
  });
}

const short = (message: SysVMessage<Buffer> | undefined): string | undefined =>
  message && `${message.body.toString()}:${message.type}`;

describe("selectors", () => {
  const cases: [string, SysVReceiveOptions, string[]][] = [
    ["none: the oldest", {}, ["0:3", "1:1", "2:2", "3:1", "4:3"]],
    ["type: exactly that type, oldest first", { type: 3 }, ["0:3", "4:3"]],
    ["upTo: the lowest type that is at most so high", { upTo: 2 }, ["1:1", "3:1", "2:2"]],
    ["except: the oldest of any other type", { except: 1 }, ["0:3", "2:2", "4:3"]],
    ["type as a bigint", { type: 3n }, ["0:3", "4:3"]],
  ];
  for (const [title, options, expected] of cases) {
    test(title, async (t) => {
      const roads: Record<string, (queue: SysVQueue) => Promise<(string | undefined)[]>> = {
        tryReceive: async (queue) => Promise.resolve(expected.map(() => short(queue.tryReceive(options)))),
        tryReceiveMany: async (queue) => Promise.resolve(queue.tryReceiveMany(99, options).map(short)),
        receiveSync: async (queue) => Promise.resolve(expected.map(() => short(queue.receiveSync(options)))),
        receive: async (queue) => (await Promise.all(expected.map(() => queue.receive(options)))).map(short),
        messages: async (queue) => {
          const seen: (string | undefined)[] = [];
          for await (const message of queue.messages(options)) {
            seen.push(short(message));
            if (seen.length === expected.length) break;
          }
          return seen;
        },
        receiveInto: async (queue) => {
          const buffer = Buffer.alloc(64);
          return Promise.resolve(
            expected.map(() => {
              const { length, type } = queue.receiveInto(buffer, options) ?? assert.fail();
              return `${buffer.toString("utf8", 0, length)}:${type}`;
            }),
          );
        },
      };
      for (const [road, take] of Object.entries(roads)) {
        const queue = create(t);
        sendTypes(queue, 3, 1, 2, 1, 3);
        assert.deepEqual(await take(queue), expected, road);
        assert.equal(queue.tryReceive(options), undefined, road);
        assert.equal(queue.status().messages, 5 - expected.length, road);
      }
    });
  }

  test("receives that wait for different types each get theirs, whatever the order", async (t) => {
    const queue = create(t);
    const receives = [queue.receive({ type: 1 }), queue.receive({ except: 1 }), queue.receive({ type: 1 })];
    await assertWaits(Promise.race(receives));
    peer(t, "sysv_send", ["-t", "5,1,1", queue.key, 3]);
    assert.deepEqual((await Promise.all(receives)).map(short), ["1:1", "0:5", "2:1"]);
  });

  test("a receive by type waits while there are others, also for a zero-length message", async (t) => {
    const queue = create(t);
    sendTypes(queue, 1, 2);
    const receive = queue.receive({ upTo: 0x7fff_ffff, truncate: 10 });
    assert.equal(short(await receive), "0:1");
    const seven = queue.receive({ type: 7 });
    await assertWaits(seven);
    await peer(t, "sysv_send", ["-s", 0, "-t", 7, queue.key, 1]).exited;
    assert.equal(short(await seven), ":7");
    assert.equal(queue.status().messages, 1);
  });

  test("more than one of them, and types that are none, are refused before the call", async (t) => {
    const queue = create(t);
    sendTypes(queue, 1);
    // From JavaScript: the first of them do not compile.
    const wrong: [object, typeof TypeError | typeof RangeError][] = [
      [{ type: 1, upTo: 2 }, TypeError],
      [{ type: 1, except: 1 }, TypeError],
      [{ upTo: 1, except: 2 }, TypeError],
      [{ type: 0 }, RangeError],
      [{ upTo: -1 }, RangeError],
      [{ except: largestType + 1n }, RangeError],
      [{ type: 2 ** 53 }, RangeError],
      [{ truncate: -1 }, RangeError],
      [{ types: 1 }, TypeError],
    ];
    for (const [given, kind] of wrong) {
      const options = given as SysVReceiveOptions;
      await assert.rejects(queue.receive(options), kind);
      assert.throws(() => queue.tryReceive(options), kind);
      assert.throws(() => queue.receiveSync(options), kind);
      assert.throws(() => queue.tryReceiveMany(1, options), kind);
      assert.throws(() => queue.messages(options), kind);
      assert.throws(() => queue.receiveInto(Buffer.alloc(9), options), kind);
    }
    assert.equal(queue.status().messages, 1);
  });
});

describe("types", () => {
  test("numbers up to 2^53-1, bigints up to 2^63-1, exact on every road and to C", async (t) => {
    const queue = create(t);
    const types = [1, 2 ** 31, 2 ** 53 - 1, 2n ** 53n, 2n ** 53n + 1n, largestType];
    for (const type of types) {
      await queue.send("x", { type });
      assert.equal(queue.trySendMany(["x", "x"], { type }), 2);
      queue.sendSync("x", { type });
      assert.equal((await queue.receive({ type })).type, type);
      assert.equal(queue.receiveSync({ upTo: type }).type, type);
      assert.equal(queue.tryReceiveMany(1)[0]?.type, type);
      assert.equal(queue.receiveInto(Buffer.alloc(1))?.type, type);
      queue.trySend("9", { type });
      assert.equal((await peer(t, "sysv_receive", [queue.key, 1]).rest())[1], `message 9 ${type} 1`);
      const waiting = queue.receive({ type });
      await peer(t, "sysv_send", ["-t", String(type), "-s", 0, queue.key, 1]).exited;
      assert.equal((await waiting).type, type);
    }
  });

  test("a bigint that a number can hold comes back as a number", (t) => {
    const queue = create(t);
    queue.trySend("x", { type: 5n });
    assert.equal(queue.tryReceive()?.type, 5);
  });

  test("the handle's own type goes with sends that name none", (t) => {
    const { key } = create(t);
    using queue = SysVQueue.open(key, { type: 12 });
    queue.trySend("a");
    queue.trySend("b", { type: 3 });
    assert.deepEqual(queue.tryReceiveMany(2).map(short), ["a:12", "b:3"]);
  });
});

describe("truncate", () => {
  test("cuts what is longer and says so; what just fits is whole and not flagged", async (t) => {
    const queue = create(t);
    const take: ((truncate: number) => Promise<SysVMessage<Buffer>>)[] = [
      (truncate) => queue.receive({ truncate }),
      (truncate) => Promise.resolve(queue.receiveSync({ truncate })),
      (truncate) => Promise.resolve(queue.tryReceive({ truncate }) ?? assert.fail()),
      (truncate) => Promise.resolve(queue.tryReceiveMany(1, { truncate })[0] ?? assert.fail()),
    ];
    for (const receive of take) {
      for (const [truncate, expected] of [
        [4, { body: "hell", truncated: true }],
        [5, { body: "hello", truncated: undefined }],
        [6, { body: "hello", truncated: undefined }],
        [0, { body: "", truncated: true }],
      ] as const) {
        queue.trySend("hello");
        const message = await receive(truncate);
        assert.deepEqual({ body: message.body.toString(), truncated: message.truncated }, expected);
      }
    }
    assert.equal(queue.status().messages, 0);
  });

  test("a receive that cuts waits like any other", async (t) => {
    const queue = create(t);
    const receive = queue.receive({ type: 2, truncate: 3 });
    await assertWaits(receive);
    peer(t, "sysv_send", ["-t", 2, "-s", 50, "-f", 123456, queue.key, 1]);
    const { body, truncated } = await receive;
    assert.deepEqual([body.toString(), truncated], ["123", true]);
  });

  test("without it a message that does not fit into receiveInto stays", (t) => {
    const queue = create(t);
    queue.trySend("hello");
    assert.throws(() => queue.receiveInto(Buffer.alloc(4)), MessageTooLargeError);
    assert.equal(queue.status().messages, 1);
    const buffer = Buffer.alloc(8, ".");
    assert.equal(queue.receiveInto(buffer, { truncate: 2 })?.length, 2);
    assert.equal(buffer.toString(), "he......");
  });
});

describe("browse, peek", () => {
  test("a body that the codec refuses stays in the queue, and the error says so; a receive takes it, and says that", (t) => {
    const key = sysvKey(t);
    using raw = SysVQueue.create(key);
    raw.trySend("{", { type: 7 });
    using queue = SysVQueue.open(key, { codec: json<unknown>() });
    for (const look of [() => queue.peek(), () => [...queue.browse()]]) {
      assert.throws(look, (error: MessageDecodeError) => {
        assert.match(error.hint ?? "", /still in the queue/u);
        assert.deepEqual([error.bytes.toString(), error.type], ["{", 7]);
        return true;
      });
      assert.equal(raw.status().messages, 1);
    }
    assert.throws(() => queue.tryReceive(), { code: "ERR_HOSTMQ_DECODE", hint: /has left the queue/u });
    assert.equal(raw.status().messages, 0);
  });

  test("they give copies, oldest first, and take nothing", async (t) => {
    const queue = create(t);
    await peer(t, "sysv_send", ["-t", "3,1,2", "-s", "1,0,40", queue.key, 3]).exited;
    const before = queue.status();
    const lengths = Array.from(queue.browse(), ({ body, type }) => [body.length, type]);
    assert.deepEqual(lengths, [
      [1, 3],
      [0, 1],
      [40, 2],
    ]);
    assert.equal(queue.peek()?.type, 3);
    assert.equal(queue.peek(2)?.type, 2);
    assert.equal(queue.peek(3), undefined);
    assert.deepEqual(queue.status(), before);
    assert.equal(before.lastReceiverPid, undefined);
    assert.equal(before.messages, 3);
  });

  test("an empty queue has nothing to browse, and a place that is none is refused", (t) => {
    const queue = create(t);
    assert.deepEqual([...queue.browse()], []);
    assert.equal(queue.peek(), undefined);
    for (const index of [-1, 0.5, 2 ** 31]) assert.throws(() => queue.peek(index), RangeError);
  });

  test("a message longer than any before is copied whole", (t) => {
    const queue = create(t);
    queue.trySend("x".repeat(8192));
    assert.equal(queue.peek()?.body.length, 8192);
  });
});

describe("a message of msgmax bytes from C", () => {
  test("is received without naming a size, after the receive began and before", async (t) => {
    const queue = create(t);
    const msgmax = Number(readFileSync("/proc/sys/kernel/msgmax", "utf8"));
    const size = Math.min(msgmax, queue.status().maxBytes);
    const receive = queue.receive();
    await assertWaits(receive);
    await peer(t, "sysv_send", ["-s", size, queue.key, 1]).exited;
    assert.equal((await receive).body.length, size);
    await peer(t, "sysv_send", ["-s", size, queue.key, 1]).exited;
    assert.equal(queue.tryReceive()?.body.length, size);
  });
});
