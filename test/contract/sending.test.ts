/** What both families promise of sending: DESIGN's rows `send`, `trySend`, `sendSync`, `trySendMany`. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { MessageTooLargeError, QueueTimeoutError } from "hostmq";
import { peer } from "../helpers/peers.js";
import { drain, families, fill, numbered, numberOf, room } from "./families.js";
import { assertWaits, inOrderOfSettling } from "./pending.js";

const timedOut = (error: unknown): boolean => error instanceof QueueTimeoutError && error.code === "ETIMEDOUT";
/** Beyond what a timer of Node can hold. */
const hugeTimeouts = [2 ** 31, 2 ** 32 + 5, 2 ** 53, Infinity];

for (const family of families) {
  describe(`${family.name}: send`, () => {
    test("the promise resolves when the kernel has the message", async (t) => {
      const place = family.place(t);
      await place.open().send("hello", family.rank(7));
      const message = place.open().tryReceive();
      assert.equal(message?.body.toString(), "hello");
      assert.equal(family.rankOf(message), 7);
    });

    test("strings, Uint8Arrays, Buffers and parts of them arrive at a C peer as exactly their bytes", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      await queue.send("é\u0000🙂");
      await queue.send(new Uint8Array([0, 255, 1]));
      await queue.send(Buffer.from("abc"));
      await queue.send(Buffer.from("012345").subarray(2, 4));
      const rank = family.defaultRank;
      assert.deepEqual(await peer(t, family.receiver, ["-x", place.address, 4]).rest(), [
        "open",
        `message - ${rank} 7 c3a900f09f9982`,
        `message - ${rank} 3 00ff01`,
        `message - ${rank} 3 616263`,
        `message 23 ${rank} 2 3233`,
        "received 4",
      ]);
    });

    test("it waits while the queue is full, and goes on when another takes a message", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      fill(queue);
      const send = queue.send(numbered(99));
      await assertWaits(send);
      assert.equal(numberOf(place.open().tryReceive() ?? assert.fail()), 0);
      await send;
      assert.deepEqual(drain(queue), [1, 2, 3, 99]);
    });

    test("sends of one handle enter the queue in call order, also when they wait", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      const count = 6 * room;
      const sends = Array.from({ length: count }, async (_, n) => {
        await queue.send(numbered(n));
        return n;
      });
      const receiver = peer(t, family.receiver, ["-d", 500, place.address, count]);
      const numbers = Array.from({ length: count }, (_, n) => n);
      assert.deepEqual(await inOrderOfSettling(sends), numbers);
      const lines = (await receiver.rest()).filter((line) => line.startsWith("message"));
      assert.deepEqual(
        lines.map((line) => Number(line.split(" ")[1])),
        numbers,
      );
    });

    test("a bad argument between two sends disturbs neither", async (t) => {
      const queue = family.place(t).open();
      const [first, bad, last] = [queue.send("1"), queue.send(7 as unknown as string), queue.send("2")];
      await assert.rejects(bad, TypeError);
      await Promise.all([first, last]);
      assert.deepEqual(drain(queue), [1, 2]);
    });

    test("timeout 0 tries once", async (t) => {
      const queue = family.place(t).open();
      await queue.send("room", { timeout: 0 });
      queue.tryReceive();
      fill(queue);
      await assert.rejects(queue.send(numbered(9), { timeout: 0 }), timedOut);
      assert.deepEqual(drain(queue), [0, 1, 2, 3]);
    });

    test("timeout 0 behind a send that waits ends at once too", async (t) => {
      const queue = family.place(t).open();
      fill(queue);
      const waiting = queue.send(numbered(8));
      await assert.rejects(queue.send(numbered(9), { timeout: 0 }), timedOut);
      await assertWaits(waiting);
      queue.tryReceive();
      await waiting;
      assert.deepEqual(drain(queue), [1, 2, 3, 8]);
    });

    test("after its timeout it rejects, and the message is never sent", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      fill(queue);
      const start = performance.now();
      await assert.rejects(queue.send(numbered(9), { timeout: 50 }), timedOut);
      assert.ok(performance.now() - start >= 49, "too early");
      assert.deepEqual(drain(place.open()), [0, 1, 2, 3]);
      await assertWaits(place.open().receive());
    });

    for (const timeout of hugeTimeouts) {
      test(`a timeout of ${timeout} ms waits`, async (t) => {
        const queue = family.place(t).open();
        fill(queue);
        const send = queue.send(numbered(9), { timeout });
        await assertWaits(send);
        queue.tryReceive();
        await send;
        assert.deepEqual(drain(queue), [1, 2, 3, 9]);
      });
    }

    test("aborted before the call it rejects with the signal's reason, and sends nothing", async (t) => {
      const queue = family.place(t).open();
      const reason = new Error("mine");
      await assert.rejects(queue.send("no", { signal: AbortSignal.abort(reason) }), (error) => error === reason);
      assert.equal(queue.tryReceive(), undefined);
    });

    test("aborted while it waits it rejects with the signal's reason, sends nothing, and later sends go on", async (t) => {
      const queue = family.place(t).open();
      fill(queue);
      const abort = new AbortController();
      const aborted = queue.send(numbered(8), { signal: abort.signal });
      const next = queue.send(numbered(9));
      await assertWaits(aborted);
      abort.abort("my reason");
      await assert.rejects(aborted, (error) => error === "my reason");
      await assertWaits(next);
      assert.equal(numberOf(await queue.receive()), 0);
      await next;
      assert.deepEqual(drain(queue), [1, 2, 3, 9]);
    });

    test("what the queue can never hold is refused at once, also when the queue is full", async (t) => {
      const queue = family.place(t).open();
      const large = Buffer.alloc(family.largest + 1);
      await assert.rejects(queue.send(large), MessageTooLargeError);
      fill(queue);
      await assert.rejects(queue.send(large), MessageTooLargeError);
      assert.deepEqual(drain(queue), [0, 1, 2, 3]);
    });

    test("a body of maximum size that waits behind others arrives whole", async (t) => {
      const queue = family.place(t).open();
      fill(queue);
      const body = Buffer.alloc(family.largest, 0xa5);
      const send = queue.send(body);
      await assertWaits(send);
      assert.deepEqual(queue.tryReceiveMany(room).map(numberOf), [0, 1, 2, 3]);
      await send;
      assert.ok(queue.tryReceive()?.body.equals(body));
    });

    test("a body may be changed as soon as the call has returned", async (t) => {
      const queue = family.place(t).open();
      fill(queue);
      const body = Buffer.from(numbered(5));
      const sends = [queue.send(body), queue.send(body)];
      body.fill("9");
      for (let n = 0; n < room; n++) await queue.receive();
      await Promise.all(sends);
      assert.deepEqual(drain(queue), [5, 5]);
    });
  });

  describe(`${family.name}: trySend`, () => {
    test("true when there was room, false when there is none", (t) => {
      const queue = family.place(t).open();
      for (let n = 0; n < room; n++) assert.equal(queue.trySend(numbered(n), family.rank(2)), true);
      assert.equal(queue.trySend(numbered(9)), false);
      const message = queue.tryReceive() ?? assert.fail();
      assert.equal(family.rankOf(message), 2);
      assert.deepEqual([numberOf(message), ...drain(queue)], [0, 1, 2, 3]);
    });

    test("it does not overtake sends of this handle that wait", async (t) => {
      const queue = family.place(t).open();
      fill(queue);
      const waiting = queue.send(numbered(8));
      queue.tryReceive();
      // The room is the waiting send's, whether that has been told of it yet or not.
      assert.equal(queue.trySend(numbered(9)), false);
      await waiting;
      assert.deepEqual(drain(queue), [1, 2, 3, 8]);
    });

    test("what the queue can never hold is an error and not a matter of room", (t) => {
      const queue = family.place(t).open();
      fill(queue);
      assert.throws(() => queue.trySend(Buffer.alloc(family.largest + 1)), MessageTooLargeError);
    });
  });

  describe(`${family.name}: sendSync`, () => {
    test("it blocks this thread until there is room", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      const count = 5 * room;
      const receiver = peer(t, family.receiver, ["-d", 2000, place.address, count]);
      for (let n = 0; n < count; n++) queue.sendSync(numbered(n), family.rank(3));
      const lines = await receiver.rest();
      assert.deepEqual(
        lines.slice(1, -1),
        Array.from({ length: count }, (_, n) => `message ${n} 3 64`),
      );
    });

    test("timeout 0 tries once, and a longer one is kept", (t) => {
      const queue = family.place(t).open();
      queue.sendSync(numbered(0), { timeout: 0 });
      queue.tryReceive();
      fill(queue);
      assert.throws(() => {
        queue.sendSync(numbered(9), { timeout: 0 });
      }, timedOut);
      const start = performance.now();
      assert.throws(() => {
        queue.sendSync(numbered(9), { timeout: 50 });
      }, timedOut);
      assert.ok(performance.now() - start >= 49, "too early");
      assert.deepEqual(drain(queue), [0, 1, 2, 3]);
    });

    for (const timeout of hugeTimeouts) {
      test(`a timeout of ${timeout} ms waits`, async (t) => {
        const place = family.place(t);
        const queue = place.open();
        fill(queue);
        const receiver = peer(t, family.receiver, [place.address, room + 1]);
        queue.sendSync(numbered(9), { timeout });
        assert.equal((await receiver.rest()).at(-1), `received ${room + 1}`);
      });
    }

    test("sends of this handle that wait go first", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      fill(queue);
      const waiting = [queue.send(numbered(7)), queue.send(numbered(8))];
      await assertWaits(waiting[0] ?? assert.fail());
      const receiver = peer(t, family.receiver, [place.address, room + 3]);
      queue.sendSync(numbered(9));
      await Promise.all(waiting);
      const lines = await receiver.rest();
      assert.deepEqual(
        lines.slice(1, -1).map((line) => Number(line.split(" ")[1])),
        [0, 1, 2, 3, 7, 8, 9],
      );
    });

    test("after its timeout behind sends that wait, those go on", async (t) => {
      const queue = family.place(t).open();
      fill(queue);
      const waiting = queue.send(numbered(8));
      await assertWaits(waiting);
      assert.throws(() => {
        queue.sendSync(numbered(9), { timeout: 10 });
      }, timedOut);
      queue.tryReceive();
      await waiting;
      assert.deepEqual(drain(queue), [1, 2, 3, 8]);
    });
  });

  describe(`${family.name}: trySendMany`, () => {
    test("it sends the first so many for which there is room, in order, and says how many", (t) => {
      const queue = family.place(t).open();
      const bodies = Array.from({ length: 9 }, (_, n) => numbered(n));
      assert.equal(queue.trySendMany(bodies.slice(0, 3), family.rank(5)), 3);
      assert.equal(queue.trySendMany(bodies.slice(3)), 1);
      assert.equal(queue.trySendMany(bodies), 0);
      assert.equal(queue.trySendMany([]), 0);
      const messages = queue.tryReceiveMany(9);
      assert.deepEqual(messages.map(numberOf), [0, 1, 2, 3]);
      assert.deepEqual(messages.map(family.rankOf), [5, 5, 5, family.defaultRank]);
    });

    test("it does not overtake sends of this handle that wait", async (t) => {
      const queue = family.place(t).open();
      fill(queue);
      const waiting = queue.send(numbered(8));
      queue.tryReceive();
      assert.equal(queue.trySendMany([numbered(9)]), 0);
      await waiting;
      assert.deepEqual(drain(queue), [1, 2, 3, 8]);
    });

    test("a body that the queue can never hold is an error when it is the first, and the end when it is not", (t) => {
      const queue = family.place(t).open();
      const large = Buffer.alloc(family.largest + 1);
      assert.throws(() => queue.trySendMany([large, "1"]), MessageTooLargeError);
      assert.equal(queue.trySendMany(["1", large, "2"]), 1);
      assert.deepEqual(drain(queue), [1]);
    });

    test("a bad body anywhere is refused before any is sent", (t) => {
      const queue = family.place(t).open();
      assert.throws(() => queue.trySendMany(["1", null as unknown as string]), TypeError);
      assert.equal(queue.tryReceive(), undefined);
    });
  });
}
