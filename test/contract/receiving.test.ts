/** What both families promise of receiving: DESIGN's rows `receive`, `tryReceive`, `receiveSync`, `receiveInto`, `tryReceiveMany`. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { QueueTimeoutError } from "hostmq";
import { peer } from "../helpers/peers.js";
import { drain, families, fill, numberOf, unit } from "./families.js";
import { assertWaits, inOrderOfSettling } from "./pending.js";

const timedOut = (error: unknown): boolean => error instanceof QueueTimeoutError && error.code === "ETIMEDOUT";
/** Beyond what a timer of Node can hold. */
const hugeTimeouts = [2 ** 31, 2 ** 32 + 5, 2 ** 53, Infinity];

for (const family of families) {
  describe(`${family.name}: receive`, () => {
    test("it gives a message that is there, with its priority or type", async (t) => {
      const queue = family.place(t).open();
      await queue.send("hello", family.rank(9));
      const message = await queue.receive();
      assert.ok(Buffer.isBuffer(message.body));
      assert.equal(message.body.toString(), "hello");
      assert.equal(family.rankOf(message), 9);
    });

    test("it waits for a message of a C peer", async (t) => {
      const place = family.place(t);
      const receive = place.open().receive();
      await assertWaits(receive);
      peer(t, family.sender, [family.rankOption, 4, "-f", 42, place.address, 1]);
      const message = await receive;
      assert.equal(message.body.toString(), "42");
      assert.equal(family.rankOf(message), 4);
    });

    test("receives of one handle settle in call order, and give the messages in theirs", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      const count = 24;
      const receives = Array.from({ length: count }, async (_, call) => [call, numberOf(await queue.receive())]);
      peer(t, family.sender, ["-s", unit, place.address, count]);
      assert.deepEqual(
        await inOrderOfSettling(receives),
        Array.from({ length: count }, (_, n) => [n, n]),
      );
    });

    test("it takes one message and leaves the others", async (t) => {
      const place = family.place(t);
      fill(place.open());
      assert.equal(numberOf(await place.open().receive()), 0);
      assert.deepEqual(drain(place.open()), [1, 2, 3]);
    });

    test("a body stays what it was while others are received", async (t) => {
      const queue = family.place(t).open();
      fill(queue);
      const bodies = [await queue.receive(), await queue.receive(), ...queue.tryReceiveMany(1), queue.receiveSync()];
      fill(queue);
      drain(queue);
      assert.deepEqual(bodies.map(numberOf), [0, 1, 2, 3]);
      assert.ok(bodies.every(({ body }) => body.length === unit));
    });

    test("timeout 0 tries once", async (t) => {
      const queue = family.place(t).open();
      await assert.rejects(queue.receive({ timeout: 0 }), timedOut);
      queue.trySend("1");
      assert.equal(numberOf(await queue.receive({ timeout: 0 })), 1);
    });

    test("timeout 0 behind a receive that waits ends at once too", async (t) => {
      const queue = family.place(t).open();
      const waiting = queue.receive();
      await assert.rejects(queue.receive({ timeout: 0 }), timedOut);
      await assertWaits(waiting);
      queue.trySend("1");
      assert.equal(numberOf(await waiting), 1);
    });

    test("after its timeout it rejects, and takes no message after that", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      const start = performance.now();
      await assert.rejects(queue.receive({ timeout: 50 }), timedOut);
      assert.ok(performance.now() - start >= 49, "too early");
      place.open().trySend("1");
      assert.deepEqual(drain(queue), [1]);
    });

    for (const timeout of hugeTimeouts) {
      test(`a timeout of ${timeout} ms waits`, async (t) => {
        const queue = family.place(t).open();
        const receive = queue.receive({ timeout });
        await assertWaits(receive);
        queue.trySend("1");
        assert.equal(numberOf(await receive), 1);
      });
    }

    test("time is measured on a clock that nobody sets", async (t) => {
      const place = family.place(t);
      const now = Date.now;
      t.after(() => {
        Date.now = now;
      });
      const queue = place.open();
      const receive = queue.receive({ timeout: 3_600_000 });
      const expired = assert.rejects(queue.receive({ timeout: 100 }), timedOut);
      Date.now = () => now() + 86_400_000;
      await assertWaits(receive);
      Date.now = () => now() - 86_400_000;
      await expired;
      place.open().trySend("1");
      assert.equal(numberOf(await receive), 1);
    });

    test("aborted before the call it rejects with the signal's reason, and takes nothing", async (t) => {
      const queue = family.place(t).open();
      queue.trySend("1");
      const reason = new Error("mine");
      await assert.rejects(queue.receive({ signal: AbortSignal.abort(reason) }), (error) => error === reason);
      assert.deepEqual(drain(queue), [1]);
    });

    test("aborted while it waits it rejects with the signal's reason, and the message is the next one's", async (t) => {
      const queue = family.place(t).open();
      const abort = new AbortController();
      const aborted = queue.receive({ signal: abort.signal });
      const next = queue.receive();
      await assertWaits(aborted);
      abort.abort("my reason");
      await assert.rejects(aborted, (error) => error === "my reason");
      queue.trySend("1");
      assert.equal(numberOf(await next), 1);
    });

    test("aborted alone while it waits it leaves the next message in the kernel", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      const receive = queue.receive({ signal: AbortSignal.timeout(30) });
      await assert.rejects(receive, { name: "TimeoutError" });
      place.open().trySend("1");
      await assertWaits(new Promise(() => undefined));
      assert.deepEqual(drain(place.open()), [1]);
    });

    test("two handles that wait get one message each", async (t) => {
      const place = family.place(t);
      const receives = [place.open().receive(), place.open().receive()];
      await assertWaits(Promise.race(receives));
      peer(t, family.sender, [place.address, 2]);
      assert.deepEqual((await Promise.all(receives)).map(numberOf).sort(), [0, 1]);
    });
  });

  describe(`${family.name}: tryReceive`, () => {
    test("undefined when there is no message, the message when there is one", (t) => {
      const queue = family.place(t).open();
      assert.equal(queue.tryReceive(), undefined);
      queue.trySend("1", family.rank(6));
      const message = queue.tryReceive() ?? assert.fail();
      assert.equal(numberOf(message), 1);
      assert.equal(family.rankOf(message), 6);
      assert.equal(queue.tryReceive(), undefined);
    });
  });

  describe(`${family.name}: receiveSync`, () => {
    test("it gives what is there, and blocks this thread until a C peer sends", (t) => {
      const place = family.place(t);
      const queue = place.open();
      queue.trySend("7");
      assert.equal(numberOf(queue.receiveSync()), 7);
      peer(t, family.sender, ["-f", 8, family.rankOption, 5, place.address, 1]);
      const message = queue.receiveSync();
      assert.equal(numberOf(message), 8);
      assert.equal(family.rankOf(message), 5);
    });

    test("timeout 0 tries once, and a longer one is kept, taking nothing", (t) => {
      const queue = family.place(t).open();
      assert.throws(() => queue.receiveSync({ timeout: 0 }), timedOut);
      const start = performance.now();
      assert.throws(() => queue.receiveSync({ timeout: 50 }), timedOut);
      assert.ok(performance.now() - start >= 49, "too early");
      queue.trySend("1");
      assert.equal(numberOf(queue.receiveSync({ timeout: 0 })), 1);
    });

    for (const timeout of hugeTimeouts) {
      test(`a timeout of ${timeout} ms waits`, (t) => {
        const place = family.place(t);
        const queue = place.open();
        peer(t, family.sender, ["-f", 8, place.address, 1]);
        assert.equal(numberOf(queue.receiveSync({ timeout })), 8);
      });
    }
  });

  describe(`${family.name}: receiveInto`, () => {
    test("it writes the body, returns its length and priority or type, and touches nothing else", (t) => {
      const queue = family.place(t).open();
      queue.trySend("abc", family.rank(8));
      const buffer = new Uint8Array(family.largest + 5).fill(0xee);
      const received = queue.receiveInto(buffer) ?? assert.fail();
      assert.equal(received.length, 3);
      assert.equal(family.rankOf(received), 8);
      assert.equal(Buffer.from(buffer.subarray(0, 3)).toString(), "abc");
      assert.ok(buffer.subarray(3).every((byte) => byte === 0xee));
    });

    test("it writes into a part of a buffer only", (t) => {
      const queue = family.place(t).open();
      queue.trySend(Buffer.alloc(family.largest, "x"));
      const whole = Buffer.alloc(family.largest + 16, ".");
      assert.equal(queue.receiveInto(whole.subarray(8, 8 + family.largest))?.length, family.largest);
      assert.equal(whole.toString(), "........".concat("x".repeat(family.largest), "........"));
    });

    test("undefined when there is no message: it does not wait", (t) => {
      assert.equal(family.place(t).open().receiveInto(Buffer.alloc(family.largest)), undefined);
    });
  });

  describe(`${family.name}: tryReceiveMany`, () => {
    test("it gives what is there, at most so many, in order", (t) => {
      const queue = family.place(t).open();
      assert.deepEqual(queue.tryReceiveMany(5), []);
      fill(queue);
      assert.deepEqual(queue.tryReceiveMany(3).map(numberOf), [0, 1, 2]);
      assert.deepEqual(queue.tryReceiveMany(3).map(numberOf), [3]);
    });

    test("each message has its own body and its own priority or type", (t) => {
      const queue = family.place(t).open();
      for (const [body, rank] of [
        ["a", 1],
        ["", 1],
        ["ccc", 1],
      ] as const)
        queue.trySend(body, family.rank(rank));
      const messages = queue.tryReceiveMany(2 ** 31 - 1);
      assert.deepEqual(
        messages.map((message) => [message.body.toString(), family.rankOf(message)]),
        [
          ["a", 1],
          ["", 1],
          ["ccc", 1],
        ],
      );
    });

    test("a max that is not a count is refused before anything is taken", (t) => {
      const queue = family.place(t).open();
      queue.trySend("1");
      for (const max of [0, -1, 1.5, NaN, 2 ** 31]) assert.throws(() => queue.tryReceiveMany(max), RangeError);
      assert.deepEqual(drain(queue), [1]);
    });
  });
}
