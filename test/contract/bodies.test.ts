/** What both families promise of bodies: every size by every road, and codecs. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bytes, json, MessageDecodeError, text } from "hostmq";
import { peer } from "../helpers/peers.js";
import { type AnyQueue, families } from "./families.js";
import { assertWaits } from "./pending.js";

const sends: Record<string, (queue: AnyQueue, body: Buffer) => unknown> = {
  send: (queue, body) => queue.send(body),
  trySend: (queue, body) => {
    assert.ok(queue.trySend(body));
  },
  sendSync: (queue, body) => {
    queue.sendSync(body);
  },
  trySendMany: (queue, body) => {
    assert.equal(queue.trySendMany([body]), 1);
  },
};

const receives: Record<string, (queue: AnyQueue, size: number) => Promise<Buffer> | Buffer | undefined> = {
  receive: async (queue) => (await queue.receive()).body,
  tryReceive: (queue) => queue.tryReceive()?.body,
  receiveSync: (queue) => queue.receiveSync().body,
  receiveInto: (queue, largest) => {
    const buffer = Buffer.alloc(largest);
    return buffer.subarray(0, queue.receiveInto(buffer)?.length);
  },
  tryReceiveMany: (queue) => queue.tryReceiveMany(2)[0]?.body,
  "for await": async (queue) => {
    for await (const { body } of queue) return body;
    return undefined as never;
  },
};

for (const family of families) {
  const sizes = [0, 1, family.largest];

  describe(`${family.name}: every size`, () => {
    for (const [sending, send] of Object.entries(sends)) {
      for (const [receiving, receive] of Object.entries(receives)) {
        test(`0, 1 and ${family.largest} bytes by ${sending} and ${receiving}`, async (t) => {
          const queue = family.place(t).open();
          for (const size of sizes) {
            const body = Buffer.alloc(size, size + 1);
            await send(queue, body);
            assert.deepEqual(await receive(queue, family.largest), body);
            assert.equal(queue.tryReceive(), undefined);
          }
        });
      }
    }

    test("0, 1 and maximum size from C, each to a receive that waits for it", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      for (const size of [...sizes, 0]) {
        const receive = queue.receive();
        await assertWaits(receive);
        await peer(t, family.sender, ["-s", size, family.rankOption, 3, place.address, 1]).exited;
        const message = await receive;
        assert.equal(message.body.length, size);
        assert.equal(family.rankOf(message), 3);
      }
    });

    test("0, 1 and maximum size to C", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      const receiver = peer(t, family.receiver, [place.address, sizes.length]);
      for (const size of sizes) await queue.send("x".repeat(size));
      assert.deepEqual(
        (await receiver.rest()).slice(1, -1),
        sizes.map((size) => `message - ${family.defaultRank} ${size}`),
      );
    });

    test("a zero-length message that nobody waits for any more is not lost", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      await assert.rejects(queue.receive({ timeout: 20 }));
      place.open().trySend("");
      await assertWaits(new Promise(() => undefined));
      assert.deepEqual(place.open().tryReceive()?.body, Buffer.alloc(0));
    });

    test("zero-length messages among others keep their places", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      const received = Array.from({ length: 40 }, async () => (await queue.receive()).body.length);
      peer(t, family.sender, ["-s", "0,2,0,0,1", place.address, 40]);
      const expected = Array.from({ length: 8 }, () => [0, 2, 0, 0, 1]).flat();
      assert.deepEqual(await Promise.all(received), expected);
    });
  });

  describe(`${family.name}: codecs`, () => {
    test("bytes: as without a codec", async (t) => {
      const place = family.place(t);
      await place.openWith(bytes).send(Buffer.from([1, 2]));
      const { body } = await place.openWith(bytes).receive();
      assert.deepEqual(body, Buffer.from([1, 2]));
    });

    test("text: strings both ways, UTF-8 between", async (t) => {
      const place = family.place(t);
      const queue = place.openWith(text);
      await queue.send("é🙂\uFEFF");
      assert.deepEqual(place.open().tryReceive()?.body, Buffer.from("é🙂\uFEFF"));
      place.open().trySend("");
      place.open().trySend("ü");
      assert.deepEqual(
        queue.tryReceiveMany(9).map(({ body }) => body),
        ["", "ü"],
      );
    });

    test("json: values both ways, by each call", async (t) => {
      const queue = family.place(t).openWith(json<{ n: number }>());
      await queue.send({ n: 1 });
      queue.trySend({ n: 2 });
      queue.sendSync({ n: 3 });
      queue.trySendMany([{ n: 4 }]);
      const received = [await queue.receive(), queue.tryReceive(), queue.receiveSync(), ...queue.tryReceiveMany(1)];
      assert.deepEqual(
        received.map((message) => message?.body),
        [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }],
      );
    });

    test("what the codec refuses to decode rejects with the bytes, and the next receive goes on", async (t) => {
      const place = family.place(t);
      const queue = place.openWith(json<number>());
      const raw = place.open();
      const refused = (error: unknown): boolean => {
        assert.ok(error instanceof MessageDecodeError);
        assert.equal(error.code, "ERR_HOSTMQ_DECODE");
        assert.deepEqual(error.bytes, Buffer.from("{no"));
        assert.equal(family.rankOf(error), 6);
        assert.ok(error.cause instanceof SyntaxError);
        return true;
      };
      const poison = (): void => {
        assert.ok(raw.trySend("{no", family.rank(6)) && raw.trySend("1", family.rank(6)));
      };

      poison();
      await assert.rejects(queue.receive(), refused);
      assert.equal((await queue.receive()).body, 1);
      poison();
      assert.throws(() => queue.tryReceive(), refused);
      assert.equal(queue.tryReceive()?.body, 1);
      poison();
      assert.throws(() => queue.receiveSync(), refused);
      assert.equal(queue.receiveSync().body, 1);

      const waiting = [queue.receive(), queue.receive()];
      await assertWaits(Promise.race(waiting));
      poison();
      await assert.rejects(waiting[0] ?? assert.fail(), refused);
      assert.equal((await waiting[1])?.body, 1);

      poison();
      const messages = queue.messages();
      await assert.rejects(messages.next(), refused);
      assert.equal((await messages.next()).value?.body, 1);
    });

    test("a zero-length message that the codec refuses is one too", async (t) => {
      const place = family.place(t);
      const queue = place.openWith(json<number>());
      const receives = [queue.receive(), queue.receive()];
      await assertWaits(Promise.race(receives));
      await peer(t, family.sender, ["-s", "0,1", place.address, 2]).exited;
      await assert.rejects(receives[0] ?? assert.fail(), MessageDecodeError);
      assert.equal((await receives[1])?.body, 1);
    });

    test("what the codec refuses to encode is not sent, and its error is the caller's", async (t) => {
      const place = family.place(t);
      const own = new Error("no such value");
      const queue = place.openWith<string>({
        contentType: "test",
        encode: () => {
          throw own;
        },
        decode: String,
      });
      const same = (error: unknown): boolean => error === own;
      await assert.rejects(queue.send("x"), same);
      assert.throws(() => queue.trySend("x"), same);
      assert.throws(() => {
        queue.sendSync("x");
      }, same);
      assert.throws(() => queue.trySendMany(["x"]), same);
      assert.equal(place.open().tryReceive(), undefined);
    });

    test("what a codec of ours cannot encode is a wrong argument, and is not sent", async (t) => {
      const place = family.place(t);
      const queue = place.openWith(json<unknown>());
      const refused = { name: "TypeError", code: "ERR_INVALID_ARG_TYPE", message: /^json: body must be .*; got 1n: / };
      await assert.rejects(queue.send(1n), refused);
      assert.throws(() => queue.trySend(1n), refused);
      assert.throws(() => {
        queue.sendSync(1n);
      }, refused);
      assert.throws(() => queue.trySendMany([0, 1n]), refused);
      assert.equal(place.open().tryReceive(), undefined);
    });

    test("receiveInto gives the bytes past the codec", (t) => {
      const place = family.place(t);
      place.open().trySend("{no");
      const buffer = Buffer.alloc(family.largest);
      assert.equal(place.openWith(json<number>()).receiveInto(buffer)?.length, 3);
      assert.equal(buffer.toString("utf8", 0, 3), "{no");
    });
  });
}
