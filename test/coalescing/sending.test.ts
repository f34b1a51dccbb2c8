/** Sends of a handle with `coalesce`: what travels together, when it leaves, and what becomes of a send that is withdrawn. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { MessageTooLargeError, QueueClosedError, QueueRemovedError, QueueTimeoutError } from "hostmq";
import { drain, families, fill, frameSize, inKernel, numbers } from "./places.js";

const patience = 10_000;
/** Long enough that the wait for room is under way. */
const aMoment = 30;

for (const family of families) {
  describe(`${family.name}, sends that coalesce`, () => {
    it("puts the sends of a tick into one message of the kernel, in order", async (t) => {
      const place = family.place(t);
      const [queue, reader] = [place.open(), place.open()];
      const sent = numbers(0, 20).map((n) => queue.send(String(n)));
      assert.equal(inKernel(queue), 0);
      await Promise.all(sent);
      assert.equal(inKernel(queue), 1);
      assert.deepEqual(drain(reader), numbers(0, 20));
    });

    it("has a message in the kernel at the end of its tick, and when its send has resolved", async (t) => {
      const queue = family.place(t).open();
      void queue.send("1");
      let tickEnded = false;
      queueMicrotask(() => {
        process.nextTick(() => (tickEnded = inKernel(queue) === 1));
      });
      await nextTurn();
      assert.equal(tickEnded, true);
      await queue.send("2");
      assert.equal(inKernel(queue), 2);
    });

    it("lets what microtasks of the tick send travel along", async (t) => {
      const queue = family.place(t).open();
      const working = (async () => {
        for (const n of numbers(0, 5)) {
          void queue.send(String(n));
          await Promise.resolve();
        }
      })();
      await nextTurn();
      await working;
      assert.equal(inKernel(queue), 1);
      assert.deepEqual(drain(queue), numbers(0, 5));
    });

    it("does not keep back a frame that is full", (t) => {
      const queue = family.place(t).open();
      for (const n of numbers(0, 60)) queue.send(String(n).padStart(10, "0")).catch(() => undefined);
      assert.equal(inKernel(queue), 1);
    });

    it("keeps the order of sends of different kinds", async (t) => {
      const place = family.place(t);
      const [queue, plain] = [place.open(), place.openPlain()];
      const kinds = [5, 5, 9, 5, 9, 9];
      await Promise.all(kinds.map((kind, n) => queue.send(String(n), family.rank(kind))));
      assert.equal(inKernel(queue), 4);
      // The kernel puts higher priorities first; types stay in the order of their arrival.
      const inOrder = family.name === "POSIX" ? [9, 9, 5, 5] : [5, 9, 5, 9];
      const frames = plain.tryReceiveMany(10);
      assert.deepEqual(frames.map(family.rankOf), inOrder);
      for (const { body, ...kind } of frames) assert.equal(plain.trySend(body, kind), true);
      const received = queue.tryReceiveMany(10).map(({ body }) => Number(body.toString()));
      assert.deepEqual(received, family.name === "POSIX" ? [2, 4, 5, 0, 1, 3] : numbers(0, 6));
    });

    it("lets no trySend, trySendMany or sendSync overtake the sends of the tick", async (t) => {
      const place = family.place(t);
      const [queue, reader] = [place.open(), place.open()];
      const first = queue.send("0");
      assert.equal(queue.trySend("1"), true);
      assert.equal(inKernel(queue), 1);
      const second = queue.send("2");
      assert.equal(queue.trySendMany(["3", "4"]), 2);
      const third = queue.send("5", family.rank(2));
      queue.sendSync("6", family.rank(2));
      const fourth = queue.send("7", family.rank(2));
      assert.equal(queue.trySend("8", family.rank(2)), true);
      assert.equal(inKernel(queue), 4);
      await Promise.all([first, second, third, fourth]);
      const order = family.name === "POSIX" ? [5, 6, 7, 8, 0, 1, 2, 3, 4] : numbers(0, 9);
      assert.deepEqual(drain(reader), order);
    });

    it("sends with trySendMany as many as there is room for", (t) => {
      const place = family.place(t);
      const [queue, reader] = [place.open(), place.open()];
      const bodies = numbers(0, 1000).map(String);
      const sent = queue.trySendMany(bodies);
      assert.ok(sent > 40 && sent < 1000, String(sent));
      assert.equal(queue.trySendMany(bodies.slice(sent)), 0);
      assert.equal(queue.trySend(String(sent)), false);
      assert.deepEqual(drain(reader), numbers(0, sent));
    });

    it("fills frames while the queue is full, and resolves each send when its frame is in the kernel", async (t) => {
      const place = family.place(t);
      const [queue, reader] = [place.open(), place.open()];
      const filled = fill(queue);
      let resolved = 0;
      const sent: Promise<void>[] = [];
      for (const n of numbers(filled, filled + 40)) {
        sent.push(
          queue.send(String(n)).then(() => {
            resolved++;
          }),
        );
        if (n % 10 === 0) await sleep(1);
      }
      assert.equal(queue.trySend("overtakes"), false);
      assert.equal(resolved, 0);
      const before = inKernel(queue);
      assert.equal(Number(reader.tryReceive()?.body.toString()), 0);
      await Promise.all(sent);
      // What waited came in very few frames, and not in forty.
      assert.ok(inKernel(queue) < before + 4, `${inKernel(queue)} messages of the kernel`);
      assert.deepEqual(drain(reader), numbers(1, filled + 40));
    });

    it("refuses a message that fits no frame, and says what a frame takes", async (t) => {
      const queue = family.place(t).open();
      const good = queue.send("good");
      const largest = frameSize - 20;
      const refused = {
        name: "MessageTooLargeError",
        code: "EMSGSIZE",
        message: new RegExp(
          `${largest + 1} bytes is over the ${largest} that fit a frame .*at most ${frameSize} bytes.*20`,
          "u",
        ),
      };
      await assert.rejects(queue.send("x".repeat(largest + 1)), refused);
      await assert.rejects(queue.send("é".repeat(largest / 2) + "x"), MessageTooLargeError);
      assert.throws(() => queue.trySend(Buffer.alloc(largest + 1)), refused);
      assert.throws(() => {
        queue.sendSync(Buffer.alloc(largest + 1));
      }, refused);
      assert.throws(() => queue.trySendMany([Buffer.alloc(largest + 1)]), refused);
      await good;
      assert.equal(queue.trySendMany(["1", Buffer.alloc(largest + 1)]), 1);
      assert.equal(queue.tryReceiveMany(10).length, 2);
      await queue.send(Buffer.alloc(largest, 7));
      assert.deepEqual(queue.tryReceive()?.body, Buffer.alloc(largest, 7));
    });

    it("takes a send that is aborted out of its frame, in its tick and while it waits", async (t) => {
      const place = family.place(t);
      const [queue, reader] = [place.open(), place.open()];
      const inTick = new AbortController();
      const outcomes = numbers(0, 6).map((n) =>
        n % 2 === 0 ? queue.send(String(n)) : queue.send(String(n), { signal: inTick.signal }),
      );
      inTick.abort(new Error("in its tick"));
      const early = await Promise.allSettled(outcomes);
      assert.deepEqual(
        early.map(({ status }) => status === "fulfilled"),
        [true, false, true, false, true, false],
      );
      assert.deepEqual(drain(reader), [0, 2, 4]);

      const filled = fill(queue);
      const waiting = new AbortController();
      const other = new AbortController();
      const late = numbers(0, 9).map((n) =>
        queue.send(String(n + filled), n % 3 === 0 ? { signal: waiting.signal } : { signal: other.signal }),
      );
      await sleep(aMoment);
      waiting.abort(new Error("while it waits"));
      await assert.rejects(late[3] as Promise<void>, /while it waits/u);
      assert.deepEqual(
        drain(reader).filter((n) => n >= filled),
        [],
      );
      const settled = await Promise.allSettled(late);
      assert.deepEqual(
        settled.flatMap(({ status }, n) => (status === "fulfilled" ? [n] : [])),
        [1, 2, 4, 5, 7, 8],
      );
      assert.deepEqual(
        drain(reader),
        [1, 2, 4, 5, 7, 8].map((n) => n + filled),
      );
    });

    it("sends nothing of a frame whose sends were all withdrawn, and goes on", async (t) => {
      const place = family.place(t);
      const [queue, reader] = [place.open(), place.open()];
      const filled = fill(queue);
      const leaving = new AbortController();
      const gone = numbers(0, 3).map((n) => queue.send(`gone ${n}`, { signal: leaving.signal }));
      await sleep(aMoment);
      const behind = queue.send(String(filled), family.rank(2));
      leaving.abort();
      for (const each of gone) await assert.rejects(each, { name: "AbortError" });
      const got = drain(reader);
      await behind;
      assert.deepEqual(
        [...got, ...drain(reader)].sort((a, b) => a - b),
        numbers(0, filled + 1),
      );
    });

    it("ends the wait of one send at its timeout; those in the same frame go on", async (t) => {
      const place = family.place(t);
      const [queue, reader] = [place.open(), place.open()];
      const filled = fill(queue);
      const before = queue.send(String(filled));
      const timed = queue.send("late", { timeout: aMoment });
      const after = queue.send(String(filled + 1), { timeout: patience });
      await assert.rejects(timed, QueueTimeoutError);
      await assert.rejects(queue.send("at once", { timeout: 0 }), QueueTimeoutError);
      const got = drain(reader);
      await Promise.all([before, after]);
      assert.deepEqual([...got, ...drain(reader)], numbers(0, filled + 2));
      await queue.send("7", { timeout: 0 });
      assert.deepEqual(drain(reader), [7]);
    });

    it("blocks in sendSync until all before it are in the kernel, or until its timeout", async (t) => {
      const place = family.place(t);
      const [queue, reader] = [place.open(), place.open()];
      const filled = fill(queue);
      const waiting = queue.send(String(filled));
      await sleep(aMoment);
      assert.throws(() => {
        queue.sendSync("late", { timeout: aMoment });
      }, QueueTimeoutError);
      assert.equal(drain(reader).length, filled);
      const gathered = queue.send(String(filled + 1));
      queue.sendSync(String(filled + 2));
      await Promise.all([waiting, gathered]);
      assert.deepEqual(drain(reader), numbers(filled, filled + 3));
    });

    it("sends at close what the tick has gathered, where there is room", async (t) => {
      const place = family.place(t);
      const [queue, reader] = [place.open(), place.open()];
      const sent = queue.send("0");
      queue.close();
      await sent;
      assert.deepEqual(drain(reader), [0]);
    });

    it("rejects the sends that wait when the handle is closed, and none of them is sent", async (t) => {
      const place = family.place(t);
      const [queue, reader] = [place.open(), place.open()];
      const filled = fill(queue);
      const waiting = [queue.send("a"), queue.send("b", { timeout: patience }), queue.send("c", family.rank(2))];
      await sleep(aMoment);
      const sameTick = queue.send("d");
      queue.close();
      for (const each of [...waiting, sameTick]) await assert.rejects(each, QueueClosedError);
      await assert.rejects(queue.send("e"), QueueClosedError);
      assert.deepEqual(drain(reader), numbers(0, filled));
    });

    it("encodes with the codec, and refuses the value that it refuses alone", async (t) => {
      const place = family.place(t);
      const even = {
        contentType: "text/plain",
        encode(value: number) {
          if (value % 2 === 1) throw new RangeError("odd");
          return String(value);
        },
        decode: (bytes: Buffer) => Number(bytes.toString()),
      };
      const queue = place.openWith(even);
      const outcomes = await Promise.allSettled(numbers(0, 5).map((n) => queue.send(n)));
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ["fulfilled", "rejected", "fulfilled", "rejected", "fulfilled"],
      );
      assert.deepEqual(
        queue.tryReceiveMany(10).map(({ body }) => body),
        [0, 2, 4],
      );
    });

    it("has the body as it was at the call", async (t) => {
      const queue = family.place(t).open();
      const memory = Buffer.from("before");
      const sent = queue.send(memory);
      memory.fill("x");
      await sent;
      assert.equal(queue.tryReceive()?.body.toString(), "before");
    });

    if (family.removalIsForAll) {
      it("rejects all sends of a frame when the queue is removed", async (t) => {
        const place = family.place(t);
        const queue = place.open();
        fill(queue);
        const waiting = [queue.send("a"), queue.send("b", { timeout: patience })];
        await sleep(aMoment);
        place.remove();
        for (const each of waiting) await assert.rejects(each, QueueRemovedError);
        await assert.rejects(queue.send("c"), QueueRemovedError);
      });
    }
  });
}
