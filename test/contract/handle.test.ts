/** What both families promise of a handle: DESIGN's rows `close`, `closed`, dispose, `ref` and `unref`; and removal. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { QueueClosedError, QueueRemovedError } from "hostmq";
import { nodeChild, peer } from "../helpers/peers.js";
import { type AnyQueue, drain, families, fill, numbered, numberOf } from "./families.js";
import { assertWaits } from "./pending.js";

const closed = (error: unknown): boolean =>
  error instanceof QueueClosedError && error.code === "ERR_HOSTMQ_CLOSED" && error.message.includes(error.queue ?? "?");
const removed = (error: unknown): boolean => error instanceof QueueRemovedError && error.code === "EIDRM";

/** Every method that reaches the kernel. */
const uses: Record<string, (queue: AnyQueue, largest: number) => unknown> = {
  send: (queue) => queue.send("x"),
  trySend: (queue) => queue.trySend("x"),
  sendSync: (queue) => {
    queue.sendSync("x");
  },
  trySendMany: (queue) => queue.trySendMany(["x"]),
  receive: (queue) => queue.receive(),
  tryReceive: (queue) => queue.tryReceive(),
  receiveSync: (queue) => queue.receiveSync(),
  receiveInto: (queue, largest) => queue.receiveInto(Buffer.alloc(largest)),
  tryReceiveMany: (queue) => queue.tryReceiveMany(3),
};
const iterations: Record<string, (queue: AnyQueue) => unknown> = {
  messages: (queue) => queue.messages(),
  "[Symbol.asyncIterator]": (queue) => queue[Symbol.asyncIterator](),
  readable: (queue) => queue.readable(),
  writable: (queue) => queue.writable(),
};
const promised = ["send", "receive"];
const child = new URL("./pending.child.js", import.meta.url);

for (const family of families) {
  describe(`${family.name}: close, closed`, () => {
    test("calls that wait reject, and take and send nothing", async (t) => {
      const place = family.place(t);
      const sender = place.open();
      fill(sender);
      const sends = [sender.send(numbered(8)), sender.send(numbered(9))];
      await assertWaits(Promise.race(sends));
      sender.close();
      for (const send of sends) await assert.rejects(send, closed);
      const receiver = place.open();
      assert.deepEqual(drain(receiver), [0, 1, 2, 3]);

      const receives = [receiver.receive(), receiver.receive({ timeout: 60_000 })];
      await assertWaits(Promise.race(receives));
      receiver.close();
      for (const receive of receives) await assert.rejects(receive, closed);
      place.open().trySend("1");
      await assertWaits(new Promise(() => undefined));
      assert.deepEqual(drain(place.open()), [1]);
    });

    test("a message that came before the close is not lost", async (t) => {
      const place = family.place(t);
      for (let round = 0; round < 50; round++) {
        const queue = place.open();
        const receive = queue.receive();
        place.open().trySend(round % 2 === 0 ? String(round) : "");
        // Sometimes before, sometimes after the waiting thread has told of it.
        if (round % 3 === 0) await new Promise(setImmediate);
        queue.close();
        const received = await receive.then(
          ({ body }) => [body],
          (error: unknown) => {
            assert.ok(closed(error));
            return [];
          },
        );
        assert.equal(received.length + place.open().tryReceiveMany(9).length, 1);
      }
    });

    test("closed tells it, closing again is harmless, the queue and its messages stay", (t) => {
      const place = family.place(t);
      const queue = place.open();
      queue.trySend("1");
      assert.equal(queue.closed, false);
      queue.close();
      queue.close();
      assert.equal(queue.closed, true);
      assert.deepEqual(drain(place.open()), [1]);
    });

    test("another handle on the same queue goes on", async (t) => {
      const place = family.place(t);
      const [one, other] = [place.open(), place.open()];
      const receives = [one.receive(), other.receive()];
      one.close();
      await assert.rejects(receives[0] ?? assert.fail(), closed);
      assert.equal(other.closed, false);
      peer(t, family.sender, ["-f", 5, place.address, 1]);
      assert.equal(numberOf((await receives[1]) ?? assert.fail()), 5);
    });

    test("a handle may be closed in what its own message starts", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      const first = queue.receive().then(() => {
        queue.close();
      });
      const second = queue.receive();
      place.open().trySend("1");
      await first;
      await assert.rejects(second, closed);
    });
  });

  describe(`${family.name}: use after close`, () => {
    for (const [method, use] of Object.entries({ ...uses, ...iterations })) {
      test(`${method} ${promised.includes(method) ? "rejects" : "throws"}`, async (t) => {
        const queue = family.place(t).open();
        queue.close();
        if (promised.includes(method)) await assert.rejects(use(queue, family.largest) as Promise<unknown>, closed);
        else assert.throws(() => use(queue, family.largest), closed);
      });
    }

    test("closed, ref, unref, close and dispose are harmless", async (t) => {
      const queue = family.place(t).open();
      queue.close();
      queue.ref().unref().ref();
      queue[Symbol.dispose]();
      await queue[Symbol.asyncDispose]();
      assert.equal(queue.closed, true);
    });

    test("an iteration that was begun before is done", async (t) => {
      const queue = family.place(t).open();
      const messages = queue.messages();
      queue.close();
      assert.deepEqual(await messages.next(), { done: true, value: undefined });
    });
  });

  describe(`${family.name}: [Symbol.dispose], [Symbol.asyncDispose]`, () => {
    test("using closes the handle at the end of the block, also by an exception", (t) => {
      const place = family.place(t);
      let seen: AnyQueue | undefined;
      assert.throws(() => {
        using queue = place.open();
        seen = queue;
        queue.trySend("1");
        throw new Error("out");
      }, /^Error: out$/u);
      assert.equal(seen?.closed, true);
      assert.deepEqual(drain(place.open()), [1]);
    });

    test("await using does the same", async (t) => {
      const place = family.place(t);
      let pending: Promise<unknown> | undefined;
      {
        await using queue = place.open();
        pending = queue.receive();
      }
      await assert.rejects(pending, closed);
    });
  });

  describe(`${family.name}: ref, unref`, () => {
    test("a pending call keeps the process alive", async (t) => {
      const place = family.place(t);
      const program = nodeChild(t, child, [family.name, place.address, "receive"]);
      assert.equal(await program.line(), "pending");
      await assertWaits(program.exited);
      place.open().trySend("1");
      assert.equal(await program.line(), "settled");
      assert.deepEqual(await program.exited, { code: 0, signal: null });
    });

    for (const what of ["receive", "send", "receive with a timeout"]) {
      test(`after unref a pending ${what} does not`, async (t) => {
        const place = family.place(t);
        if (what === "send") fill(place.open());
        const program = nodeChild(t, child, [family.name, place.address, what, "unref"]);
        assert.deepEqual(await program.exited, { code: 0, signal: null });
        assert.deepEqual(await program.rest(), ["pending"]);
      });
    }

    test("ref takes unref back, also while a call is pending", async (t) => {
      const place = family.place(t);
      const program = nodeChild(t, child, [family.name, place.address, "receive", "unref", "ref"]);
      assert.equal(await program.line(), "pending");
      await assertWaits(program.exited);
      place.open().trySend("1");
      assert.equal(await program.line(), "settled");
    });

    test("a handle that waits for nothing does not keep the process alive", async (t) => {
      const place = family.place(t);
      const program = nodeChild(t, child, [family.name, place.address, "nothing"]);
      assert.deepEqual(await program.exited, { code: 0, signal: null });
    });
  });

  describe(`${family.name}: removal by anybody`, () => {
    test("with receives waiting", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      const receives = [queue.receive(), queue.receive()];
      await assertWaits(Promise.race(receives));
      place.remove();
      if (family.removalIsForAll) {
        for (const receive of receives) await assert.rejects(receive, removed);
      } else {
        await assertWaits(Promise.race(receives));
        assert.equal(queue.trySendMany(["1", "2"]), 2);
        assert.deepEqual((await Promise.all(receives)).map(numberOf), [1, 2]);
      }
    });

    test("with sends waiting", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      fill(queue);
      const sends = [queue.send(numbered(8)), queue.send(numbered(9))];
      await assertWaits(Promise.race(sends));
      place.remove();
      if (family.removalIsForAll) {
        for (const send of sends) await assert.rejects(send, removed);
      } else {
        assert.deepEqual(drain(queue).slice(0, 4), [0, 1, 2, 3]);
        await Promise.all(sends);
      }
    });

    test("with an iteration waiting", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      const next = queue.messages().next();
      await assertWaits(next);
      place.remove();
      if (family.removalIsForAll) {
        await assert.rejects(next, removed);
      } else {
        queue.trySend("1");
        assert.equal(numberOf((await next).value ?? assert.fail()), 1);
      }
    });

    for (const [method, use] of Object.entries(uses)) {
      test(`before ${method}`, async (t) => {
        const place = family.place(t);
        const queue = place.open();
        queue.trySend("1");
        place.remove();
        const used = async (): Promise<unknown> => await use(queue, family.largest);
        if (family.removalIsForAll) await assert.rejects(used, removed);
        else await used();
      });
    }
  });
}
