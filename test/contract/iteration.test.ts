/** What both families promise of iterations and streams: DESIGN's rows `for await`, `messages`, `readable`, `writable`, and fairness. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { QueueClosedError, QueueRemovedError } from "hostmq";
import { peer } from "../helpers/peers.js";
import { type AnyMessage, drain, families, fill, numbered, numberOf, room, unit } from "./families.js";
import { assertWaits } from "./pending.js";

/** How often a 1 ms timer must have fired while messages never stop, and how long that may take on a busy machine. */
const ticksWanted = 10;
const enough = 20_000;

/** Counts a 1 ms timer; `late` when it has not fired often enough although so much time has passed. */
function watchTimer(t: { after: (cleanup: () => void) => void }): { readonly fired: boolean; assertNotLate(): void } {
  let ticks = 0;
  const start = performance.now();
  const timer = setInterval(() => ticks++, 1);
  t.after(() => {
    clearInterval(timer);
  });
  return {
    get fired() {
      return ticks >= ticksWanted;
    },
    assertNotLate() {
      assert.ok(performance.now() - start < enough, `the timer fired only ${ticks} times`);
    },
  };
}

for (const family of families) {
  describe(`${family.name}: for await`, () => {
    test("it gives the messages as they come, in order", async (t) => {
      const place = family.place(t);
      peer(t, family.sender, ["-s", unit, "-d", 300, place.address, 20]);
      const numbers: number[] = [];
      for await (const message of place.open()) {
        numbers.push(numberOf(message));
        if (numbers.length === 20) break;
      }
      assert.deepEqual(
        numbers,
        Array.from({ length: 20 }, (_, n) => n),
      );
    });

    test("leaving the loop by break, return or throw leaves the next message in the kernel", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      fill(queue);
      for await (const message of queue) {
        assert.equal(numberOf(message), 0);
        break;
      }
      const first = async (): Promise<number> => {
        for await (const message of queue) return numberOf(message);
        return -1;
      };
      assert.equal(await first(), 1);
      await assert.rejects(async () => {
        for await (const message of queue) throw new Error(`stop at ${numberOf(message)}`);
      }, /stop at 2/u);
      assert.deepEqual(drain(place.open()), [3]);
    });

    test("leaving it while the next message is awaited leaves that in the kernel", async (t) => {
      const place = family.place(t);
      const messages = place.open().messages();
      const next = messages.next();
      await assertWaits(next);
      await messages.return();
      assert.equal((await next).done, true);
      place.open().trySend("1");
      await assertWaits(new Promise(() => undefined));
      assert.deepEqual(drain(place.open()), [1]);
      assert.equal((await messages.next()).done, true);
    });

    test("closing the handle ends it normally", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      queue.trySend("1");
      const numbers: number[] = [];
      for await (const message of queue) {
        numbers.push(numberOf(message));
        setTimeout(() => {
          queue.close();
        }, 20);
      }
      assert.deepEqual(numbers, [1]);
      assert.equal(queue.closed, true);
    });

    test("two loops over one handle share the messages", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      const numbers: number[] = [];
      const loop = async (): Promise<void> => {
        for await (const message of queue) {
          numbers.push(numberOf(message));
          if (numbers.length === 10) queue.close();
        }
      };
      const loops = [loop(), loop()];
      peer(t, family.sender, [place.address, 10]);
      await Promise.all(loops);
      assert.deepEqual(
        numbers.sort((a, b) => a - b),
        Array.from({ length: 10 }, (_, n) => n),
      );
    });
  });

  describe(`${family.name}: messages({ signal, prefetch })`, () => {
    test("aborting the signal rejects with its reason and leaves the next message in the kernel", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      queue.trySend("1");
      const abort = new AbortController();
      const reason = new Error("mine");
      const numbers: number[] = [];
      setTimeout(() => {
        abort.abort(reason);
      }, 30);
      await assert.rejects(
        async () => {
          for await (const message of queue.messages({ signal: abort.signal })) numbers.push(numberOf(message));
        },
        (error) => error === reason,
      );
      assert.deepEqual(numbers, [1]);
      place.open().trySend("2");
      await assertWaits(new Promise(() => undefined));
      assert.deepEqual(drain(place.open()), [2]);
    });

    test("a signal that was aborted before rejects the first step, also when messages are there", async (t) => {
      for (const prefetch of [0, 2]) {
        const queue = family.place(t).open();
        queue.trySend("1");
        const messages = queue.messages({ signal: AbortSignal.abort("no"), prefetch });
        await assert.rejects(messages.next(), (error) => error === "no");
        assert.deepEqual(drain(queue), [1]);
      }
    });

    test("without prefetch only what was asked for is taken", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      fill(queue);
      const messages = queue.messages();
      assert.equal(numberOf((await messages.next()).value ?? assert.fail()), 0);
      assert.deepEqual(messages.prefetched, []);
      assert.deepEqual(drain(place.open()), [1, 2, 3]);
    });

    test("with prefetch at most so many are taken ahead, and can be seen", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      fill(queue);
      const messages = queue.messages({ prefetch: 2 });
      assert.equal(numberOf((await messages.next()).value ?? assert.fail()), 0);
      assert.deepEqual(messages.prefetched.map(numberOf), [1, 2]);
      assert.deepEqual(drain(place.open()), [3]);
      assert.equal(numberOf((await messages.next()).value ?? assert.fail()), 1);
      assert.equal(numberOf((await messages.next()).value ?? assert.fail()), 2);
      assert.deepEqual(messages.prefetched, []);
      const next = messages.next();
      await assertWaits(next);
      place.open().trySend("4");
      assert.equal(numberOf((await next).value ?? assert.fail()), 4);
    });
  });

  describe(`${family.name}: messages({ prefetch }) of a removed queue`, { skip: !family.removalIsForAll }, () => {
    test("a step rejects, and does not throw", async (t) => {
      const place = family.place(t);
      const messages = place.open().messages({ prefetch: 3 });
      place.remove();
      const next = messages.next();
      await assert.rejects(next, QueueRemovedError);
    });
  });

  describe(`${family.name}: readable()`, () => {
    test("a stream of messages in order, which closing the handle ends", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      peer(t, family.sender, [family.rankOption, 3, place.address, 12]);
      const messages: AnyMessage[] = [];
      for await (const message of queue.readable() as AsyncIterable<AnyMessage>) {
        messages.push(message);
        if (messages.length === 12) queue.close();
      }
      assert.deepEqual(
        messages.map(numberOf),
        Array.from({ length: 12 }, (_, n) => n),
      );
      assert.ok(messages.every((message) => family.rankOf(message) === 3));
    });

    test("it takes nothing before it is read, and destroying it leaves the rest and the handle", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      fill(queue);
      const stream = queue.readable();
      await assertWaits(new Promise(() => undefined));
      const numbers: number[] = [];
      stream.on("data", (message: AnyMessage) => {
        numbers.push(numberOf(message));
        if (numbers.length === 2) stream.destroy();
      });
      await once(stream, "close");
      assert.deepEqual(numbers, [0, 1]);
      assert.deepEqual(drain(queue), [2, 3]);
    });

    test("a slow reader leaves all but one message in the kernel", async (t) => {
      const place = family.place(t);
      fill(place.open());
      const stream = place.open().readable();
      for await (const message of stream as AsyncIterable<AnyMessage>) {
        assert.equal(numberOf(message), 0);
        await assertWaits(new Promise(() => undefined));
        break;
      }
      const left = drain(place.open());
      assert.ok(left.length >= room - 2, `${left.length} left`);
      assert.equal(left.at(-1), room - 1);
    });

    test("destroying it while it waits leaves the next message in the kernel", async (t) => {
      const place = family.place(t);
      const stream = place.open().readable();
      stream.resume();
      await delay(20);
      stream.destroy();
      await once(stream, "close");
      place.open().trySend("1");
      await assertWaits(new Promise(() => undefined));
      assert.deepEqual(drain(place.open()), [1]);
    });

    test("an aborted signal ends it with the reason as its error", async (t) => {
      const abort = new AbortController();
      const stream = family.place(t).open().readable({ signal: abort.signal });
      stream.resume();
      const reason = new Error("mine");
      setTimeout(() => {
        abort.abort(reason);
      }, 20);
      assert.deepEqual(await once(stream, "error").catch((error: unknown) => [error]), [reason]);
    });

    test("Readable.toWeb makes a Web stream of it", async (t) => {
      const place = family.place(t);
      fill(place.open());
      const web = Readable.toWeb(place.open().readable()) as ReadableStream<AnyMessage>;
      const reader = web.getReader();
      const numbers: number[] = [];
      while (numbers.length < 2) numbers.push(numberOf((await reader.read()).value ?? assert.fail()));
      await reader.cancel();
      assert.deepEqual(numbers, [0, 1]);
      // What the Web stream's own buffer asked for is gone; the rest is where it was.
      assert.equal(drain(place.open()).at(-1), 3);
    });
  });

  describe(`${family.name}: writable()`, () => {
    test("each body written is sent, with the options given", async (t) => {
      const place = family.place(t);
      const stream = place.open().writable(family.rank(4));
      for (let n = 0; n < 3; n++) stream.write(numbered(n));
      stream.end();
      await once(stream, "finish");
      const messages = place.open().tryReceiveMany(9);
      assert.deepEqual(messages.map(numberOf), [0, 1, 2]);
      assert.ok(messages.every((message) => family.rankOf(message) === 4));
    });

    test("it exerts back-pressure while the queue is full", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      fill(queue);
      const stream = queue.writable();
      assert.equal(stream.write(numbered(8)), false);
      const drained = once(stream, "drain");
      await assertWaits(drained);
      place.open().tryReceive();
      await drained;
      assert.deepEqual(drain(queue), [1, 2, 3, 8]);
    });

    test("destroying it while it waits sends nothing", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      fill(queue);
      const stream = queue.writable();
      stream.on("error", () => undefined);
      stream.write(numbered(8));
      await delay(20);
      stream.destroy();
      await once(stream, "close");
      assert.deepEqual(drain(queue), [0, 1, 2, 3]);
      await assertWaits(place.open().receive());
    });

    test("a send that fails is its error", async (t) => {
      const queue = family.place(t).open();
      const stream = queue.writable();
      assert.throws(() => queue.writable({ nonsense: 1 } as object), TypeError);
      queue.close();
      stream.write("x");
      const [error] = (await once(stream, "error")) as [unknown];
      assert.ok(error instanceof QueueClosedError);
    });

    test("a pipeline from one queue to another carries everything, in order", async (t) => {
      const [from, to] = [family.place(t), family.place(t)];
      const source = from.open();
      peer(t, family.sender, [from.address, 30]);
      const receiver = peer(t, family.receiver, [to.address, 30]);
      let carried = 0;
      await pipeline(
        source.readable(),
        async function* (messages: AsyncIterable<AnyMessage>) {
          for await (const { body } of messages) {
            yield body;
            if (++carried === 30) return;
          }
        },
        to.open().writable(),
      );
      assert.deepEqual(
        (await receiver.rest()).slice(1, -1).map((line) => Number(line.split(" ")[1])),
        Array.from({ length: 30 }, (_, n) => n),
      );
    });
  });

  describe(`${family.name}: fairness`, () => {
    test("a 1 ms timer fires while sends and receives succeed without end", async (t) => {
      const queue = family.place(t).open();
      const timer = watchTimer(t);
      while (!timer.fired) {
        timer.assertNotLate();
        await queue.send("x");
        await queue.receive();
      }
    });

    test("a 1 ms timer fires while many loops send and receive without end", async (t) => {
      const place = family.place(t);
      const timer = watchTimer(t);
      const loop = async (): Promise<void> => {
        const queue = place.open();
        while (!timer.fired) {
          timer.assertNotLate();
          await queue.send("x");
          await queue.receive();
        }
      };
      await Promise.all([loop(), loop(), loop()]);
    });

    test("a 1 ms timer fires while a C peer sends without end", async (t) => {
      const place = family.place(t);
      const timer = watchTimer(t);
      peer(t, family.sender, ["-s", 16, place.address, 0]);
      let expected = 0;
      for await (const message of place.open()) {
        assert.equal(numberOf(message), expected++);
        if (timer.fired) break;
        timer.assertNotLate();
      }
    });

    test("a 1 ms timer fires while an iteration with prefetch never runs out", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      const timer = watchTimer(t);
      queue.trySend("x");
      for await (const message of place.open().messages({ prefetch: 3 })) {
        assert.equal(message.body.toString(), "x");
        if (timer.fired) break;
        timer.assertNotLate();
        queue.trySend("x");
      }
    });
  });
}
