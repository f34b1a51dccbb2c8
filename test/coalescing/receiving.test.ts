/** Receives of a handle with `coalesce`: what is in hand is received, goes back or is told of; what is no frame is refused. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { finished, pipeline } from "node:stream/promises";
import { Readable } from "node:stream";
import { describe, it } from "node:test";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import {
  json,
  MessageDecodeError,
  MessagesInHandError,
  type PosixQueue,
  QueueClosedError,
  type SysVMessage,
} from "hostmq";
import { drain, families, fill, inKernel, numbers, type Queue } from "./places.js";

const numberOf = ({ body }: { body: Buffer }): number => Number(body.toString());

/** Sends numbers from 0 in one frame. */
async function sendFrame(queue: Queue, count: number, options?: object): Promise<void> {
  await Promise.all(numbers(0, count).map((n) => queue.send(String(n), options)));
}

for (const family of families) {
  describe(`${family.name}, receives that coalesce`, () => {
    it("takes a frame only for a receive that wants a message", async (t) => {
      const place = family.place(t);
      const [queue, sender] = [place.open(), place.open()];
      await sendFrame(sender, 3);
      await sendFrame(sender, 3);
      await nextTurn();
      assert.deepEqual([inKernel(queue), queue.inHand], [2, 0]);
      assert.equal(numberOf(await queue.receive()), 0);
      assert.deepEqual([inKernel(queue), queue.inHand], [1, 2]);
      assert.deepEqual(queue.tryReceiveMany(2).map(numberOf), [1, 2]);
      assert.deepEqual([inKernel(queue), queue.inHand], [1, 0]);
      assert.deepEqual(drain(queue), [0, 1, 2]);
      assert.equal(queue.tryReceive(), undefined);
    });

    it("gives every kind of receive the messages of a frame, with their priority or type", async (t) => {
      const place = family.place(t);
      const [queue, sender] = [place.open(), place.open()];
      await sendFrame(sender, 6, family.rank(7));
      const buffer = Buffer.alloc(1024);
      const into = (): unknown[] => {
        const received = queue.receiveInto(buffer);
        return received === undefined ? [] : [buffer.toString("utf8", 0, received.length), family.rankOf(received)];
      };
      const shown = (message: { body: Buffer } | undefined): unknown[] =>
        message === undefined ? [] : [message.body.toString(), family.rankOf(message as SysVMessage<Buffer>)];
      assert.deepEqual(shown(await queue.receive()), ["0", 7]);
      assert.deepEqual(shown(queue.receiveSync()), ["1", 7]);
      assert.deepEqual(into(), ["2", 7]);
      assert.deepEqual(shown(queue.tryReceive()), ["3", 7]);
      for await (const message of queue) {
        assert.deepEqual(shown(message), ["4", 7]);
        break;
      }
      assert.deepEqual(queue.tryReceiveMany(5).map(shown), [["5", 7]]);
      await sendFrame(sender, 1, family.rank(7));
      assert.deepEqual(into(), ["0", 7]);
      assert.deepEqual(into(), []);
    });

    it("gives all who wait the messages of one frame", async (t) => {
      const place = family.place(t);
      const [queue, sender] = [place.open(), place.open()];
      const waiting = numbers(0, 8).map(() => queue.receive());
      await sleep(10);
      await sendFrame(sender, 10);
      assert.deepEqual((await Promise.all(waiting)).map(numberOf), numbers(0, 8));
      assert.equal(queue.inHand, 2);
    });

    it("gives a receive that waits what another call has taken in hand", async (t) => {
      const place = family.place(t);
      const [queue, sender] = [place.open(), place.open()];
      const waiting = queue.receive();
      await sleep(10);
      assert.equal(sender.trySendMany(["0", "1", "2"]), 3);
      const first = queue.tryReceive();
      const got = [numberOf(await waiting), ...(first === undefined ? [] : [numberOf(first)])];
      assert.deepEqual(got.sort(), [0, 1]);
      assert.deepEqual(drain(queue), [2]);
    });

    it("leaves the rest to the next receive when a loop is left or a receive is aborted", async (t) => {
      const place = family.place(t);
      const [queue, sender] = [place.open(), place.open()];
      const leaving = new AbortController();
      const aborted = queue.receive({ signal: leaving.signal });
      const timed = queue.receive({ timeout: 10 });
      leaving.abort(new Error("left"));
      await assert.rejects(aborted, /left/u);
      await assert.rejects(timed, { code: "ETIMEDOUT" });
      await sendFrame(sender, 5);
      for await (const message of queue) if (numberOf(message) === 1) break;
      assert.equal(queue.inHand, 3);
      assert.equal(numberOf(await queue.receive()), 2);
      assert.deepEqual(drain(queue), [3, 4]);
    });

    it("puts what is in hand back at close, behind what came since", async (t) => {
      const place = family.place(t);
      const [queue, other] = [place.open(), place.open()];
      await sendFrame(other, 5, family.rank(3));
      assert.equal(numberOf(await queue.receive()), 0);
      await other.send("10", family.rank(3));
      const waiting = queue.receive();
      assert.equal(numberOf(await waiting), 1);
      queue.close();
      assert.equal(queue.inHand, 0);
      const back = other.tryReceiveMany(10);
      assert.deepEqual(back.map(numberOf), [10, 2, 3, 4]);
      assert.deepEqual(back.map(family.rankOf), [3, 3, 3, 3]);
      await assert.rejects(queue.receive(), QueueClosedError);
    });

    it("tells at close of messages in hand for which the queue has no room", async (t) => {
      const place = family.place(t);
      const [queue, other] = [place.open(), place.open()];
      await sendFrame(other, 4, family.rank(3));
      assert.equal(numberOf(await queue.receive()), 0);
      const filled = fill(other);
      assert.throws(
        () => {
          queue.close();
        },
        (error) => {
          assert.ok(error instanceof MessagesInHandError);
          assert.equal(error.code, "ERR_HOSTMQ_IN_HAND");
          assert.match(error.message, /3 messages .*could not go back.*tryReceiveMany\(queue\.inHand\)/u);
          assert.deepEqual(
            error.messages.map(({ bytes, ...kind }) => [bytes.toString(), family.rankOf(kind)]),
            [
              ["1", 3],
              ["2", 3],
              ["3", 3],
            ],
          );
          return true;
        },
      );
      assert.equal(queue.closed, true);
      queue.close();
      assert.deepEqual(drain(other), numbers(0, filled));
    });

    it("refuses what came in no frame, with its bytes, and goes on behind it", async (t) => {
      const place = family.place(t);
      const [queue, plain] = [place.open(), place.openPlain()];
      const refused = (error: unknown): boolean => {
        assert.ok(error instanceof MessageDecodeError);
        assert.equal(error.bytes.toString(), "raw");
        assert.equal(family.rankOf(error), 5);
        assert.match(
          error.message,
          /came a message of 3 bytes .* no frame .*coalesce: true on both sides or on neither/u,
        );
        return true;
      };
      const sendRaw = (): boolean => plain.trySend("raw", family.rank(5));
      sendRaw();
      await assert.rejects(queue.receive(), refused);
      sendRaw();
      assert.throws(() => queue.tryReceive(), refused);
      sendRaw();
      assert.throws(() => queue.receiveSync(), refused);
      sendRaw();
      assert.throws(() => queue.receiveInto(Buffer.alloc(512)), refused);
      sendRaw();
      await assert.rejects(queue.messages().next(), refused);
      const waiting = [queue.receive(), queue.receive()];
      await sleep(10);
      sendRaw();
      await queue.send("good", family.rank(5));
      await assert.rejects(waiting[0] as Promise<unknown>, refused);
      assert.equal((await waiting[1])?.body.toString(), "good");
      await sendFrame(queue, 3, family.rank(5));
      sendRaw();
      await sendFrame(queue, 1, family.rank(5));
      assert.throws(
        () => queue.tryReceiveMany(10),
        (error) => {
          refused(error);
          const before = (error as MessageDecodeError).received ?? [];
          assert.deepEqual(
            before.map(({ body }) => String(body)),
            ["0", "1", "2"],
          );
          return true;
        },
      );
      assert.deepEqual(drain(queue), [0]);
      const skipped: number[] = [];
      sendRaw();
      await sendFrame(queue, 2, family.rank(5));
      for await (const message of queue.messages({ onDecodeError: "skip" })) {
        if (skipped.push(numberOf(message)) === 2) break;
      }
      assert.deepEqual(skipped, [0, 1]);
    });

    it("refuses an empty message, a frame that was cut and one that was changed", async (t) => {
      const place = family.place(t);
      const [queue, plain] = [place.open(), place.openPlain()];
      await sendFrame(queue, 3);
      const frame = plain.tryReceive()?.body ?? Buffer.alloc(0);
      const changed = Buffer.from(frame);
      changed[changed.length - 1] = 0x39;
      for (const body of [Buffer.alloc(0), frame.subarray(0, -1), changed]) {
        const waiting = queue.receive();
        await nextTurn();
        plain.trySend(body);
        await assert.rejects(waiting, MessageDecodeError);
      }
      plain.trySend(frame);
      assert.deepEqual(drain(queue), [0, 1, 2]);
    });

    it("hands a plain handle the frame as it is", async (t) => {
      const place = family.place(t);
      await sendFrame(place.open(), 2);
      assert.equal(place.openPlain().tryReceive()?.body.toString("latin1", 0, 4), "\x93HMQ");
    });

    it("decodes each message with the codec; one that it refuses leaves the others of its frame", async (t) => {
      const place = family.place(t);
      const [queue, sender] = [place.openWith(json<number>()), place.open()];
      await Promise.all(["1", "2", "{", "4"].map((body) => sender.send(body)));
      assert.throws(
        () => queue.tryReceiveMany(10),
        (error) =>
          error instanceof MessageDecodeError && error.bytes.toString() === "{" && error.received?.length === 2,
      );
      assert.equal((await queue.receive()).body, 4);
    });

    it("prefetches from frames", async (t) => {
      const place = family.place(t);
      const [queue, sender] = [place.open(), place.open()];
      await sendFrame(sender, 6);
      const messages = queue.messages({ prefetch: 3 });
      assert.equal(numberOf((await messages.next()).value as SysVMessage<Buffer>), 0);
      await messages.return();
      assert.deepEqual([messages.prefetched.map(numberOf), queue.inHand], [[1, 2, 3], 2]);
      assert.deepEqual(drain(queue), [4, 5]);
    });

    it("carries a pipeline of streams in few messages of the kernel", async (t) => {
      const place = family.place(t);
      const [reader, writer] = [place.open(), place.open()];
      const received: number[] = [];
      let frames = 0;
      const reading = (async () => {
        for await (const message of reader.readable()) {
          if (reader.inHand === 0) frames++;
          if (received.push(numberOf(message as SysVMessage<Buffer>)) === 500) break;
        }
      })();
      await pipeline(Readable.from(numbers(0, 500).map(String)), writer.writable());
      await reading;
      assert.deepEqual(received, numbers(0, 500));
      assert.ok(frames < 100, `${frames} frames`);
    });

    it("gives back what a destroyed stream held: messages in a frame, and what came in none in none", async (t) => {
      const place = family.place(t);
      const [queue, plain] = [place.open(), place.openPlain()];
      await sendFrame(queue, 3);
      plain.trySend("raw");
      const stream = queue.readable({ prefetch: 5 });
      stream.on("error", () => undefined);
      await once(stream, "readable");
      assert.equal(numberOf(stream.read() as { body: Buffer }), 0);
      assert.deepEqual([inKernel(plain), queue.inHand], [0, 0]);
      stream.destroy();
      await finished(stream).catch(() => undefined);
      const back = plain.tryReceiveMany(10).map(({ body }) => body.toString("latin1"));
      assert.deepEqual(back.slice(-1), ["raw"]);
      assert.ok(back.length > 1 && back.slice(0, -1).every((body) => body.startsWith("\x93HMQ")), String(back));
    });

    it("gives back in no frame what came in none, also where sendSync carries it out", async (t) => {
      const place = family.place(t);
      const [queue, plain] = [place.open(), place.openPlain()];
      await queue.send("0");
      plain.trySend("raw");
      const stream = queue.readable({ prefetch: 5 });
      stream.on("error", () => undefined);
      await once(stream, "readable");
      assert.equal(numberOf(stream.read() as { body: Buffer }), 0);
      const filled = fill(plain);
      stream.destroy();
      await nextTurn();
      plain.tryReceive();
      // There is room again for what goes back and for no more; where bytes count, for both.
      try {
        queue.sendSync("own", { timeout: 20 });
      } catch (error) {
        assert.equal((error as { code: string }).code, "ETIMEDOUT");
      }
      const left = plain.tryReceiveMany(10).map(({ body }) => body.toString("latin1"));
      assert.equal(left[filled - 1], "raw");
    });

    it("keeps a message in hand for which receiveInto has no room", async (t) => {
      const place = family.place(t);
      const [queue, sender] = [place.open(), place.open()];
      await Promise.all([sender.send("longer"), sender.send("x")]);
      const small = Buffer.alloc(3);
      if (family.name === "POSIX") assert.throws(() => queue.receiveInto(small), RangeError);
      else assert.throws(() => queue.receiveInto(small), { name: "MessageTooLargeError", code: "E2BIG" });
      assert.equal(queue.tryReceive()?.body.toString(), "longer");
      assert.equal(queue.tryReceive()?.body.toString(), "x");
    });

    it("gives each reader of several whole frames, and loses nothing between them", async (t) => {
      const place = family.place(t);
      const sender = place.open();
      const readers = [place.open(), place.open(), place.open()];
      const leaving = new AbortController();
      const received: number[] = [];
      const reading = readers.map(async (queue) => {
        try {
          for await (const message of queue.messages({ signal: leaving.signal })) received.push(numberOf(message));
        } catch (error) {
          if (error !== leaving.signal.reason) throw error;
        }
      });
      for (let n = 0; n < 3000; n += 100)
        await Promise.all(numbers(n, n + 100).map((each) => sender.send(String(each))));
      while (inKernel(sender) > 0 || readers.some(({ inHand }) => inHand > 0)) await nextTurn();
      leaving.abort();
      await Promise.all(reading);
      assert.deepEqual(
        received.sort((a, b) => a - b),
        numbers(0, 3000),
      );
    });
  });
}

describe("POSIX, receives that coalesce, beyond both", () => {
  it("tells onNotEmpty of messages in hand", async (t) => {
    const place = (families[0] as (typeof families)[number]).place(t);
    const queue = place.open() as unknown as PosixQueue;
    await sendFrame(queue as unknown as Queue, 3);
    queue.tryReceive();
    let told = 0;
    const cancel = queue.onNotEmpty(() => told++);
    await nextTurn();
    assert.equal(told, 1);
    cancel();
    queue.onNotEmpty(() => told++)();
    await nextTurn();
    assert.equal(told, 1);
    queue.tryReceiveMany(9);
    queue.onNotEmpty(() => told++);
    await sleep(10);
    assert.equal(told, 1);
  });

  it("tells at close of messages in hand where the handle may only read", async (t) => {
    const place = (families[0] as (typeof families)[number]).place(t);
    const [reader, sender] = [place.open({ access: "read" }), place.open()];
    await sendFrame(sender, 2);
    reader.tryReceive();
    assert.throws(() => {
      reader.close();
    }, MessagesInHandError);
  });
});

describe("System V, receives that coalesce, beyond both", () => {
  const place = families[1]?.place as (typeof families)[number]["place"];

  it("selects frames by their type, also those in hand", async (t) => {
    const { open } = place(t);
    const [queue, sender] = [open(), open()];
    await Promise.all([3, 3, 8, 8, 5, 5, 8].map((type, n) => sender.send(String(n), { type })));
    assert.equal(numberOf(await queue.receive({ type: 8 })), 2);
    assert.equal(numberOf(await queue.receive({ upTo: 6 })), 0);
    assert.equal(queue.inHand, 2);
    assert.equal(queue.tryReceive({ type: 4 }), undefined);
    assert.equal(numberOf(await queue.receive({ except: 3 })), 3);
    assert.equal(numberOf(await queue.receive({ type: 8 })), 6);
    assert.deepEqual(queue.tryReceiveMany(9, { except: 3 }).map(numberOf), [4, 5]);
    assert.deepEqual(drain(queue), [1]);
    await Promise.all([sender.send("9", { type: 2n ** 60n }), sender.send("10", { type: 2n ** 60n })]);
    assert.equal(numberOf(await queue.receive({ type: 2n ** 60n })), 9);
    assert.equal(numberOf(await queue.receive({ upTo: 2n ** 61n })), 10);
  });

  it("gives what came in hand for one selector to those who wait for another", async (t) => {
    const { open } = place(t);
    const [queue, sender] = [open(), open()];
    const seven = [queue.receive({ type: 7 }), queue.receive({ type: 7 })];
    await sleep(10);
    assert.equal(sender.trySendMany(["0", "1", "2"], { type: 7 }), 3);
    const any = queue.tryReceive();
    const got = (await Promise.all(seven)).map(numberOf);
    const rest = [...(any === undefined ? [] : [numberOf(any)]), ...drain(queue)];
    assert.deepEqual([...got, ...rest].sort(), [0, 1, 2]);
  });

  it("refuses to truncate", (t) => {
    const queue = place(t).open();
    const refused = { name: "RangeError", message: /truncate must be absent on a handle with coalesce.*got 4/u };
    assert.throws(() => queue.tryReceive({ truncate: 4 }), refused);
    assert.throws(() => queue.receiveInto(Buffer.alloc(9), { truncate: 4 }), refused);
    assert.throws(() => queue.messages({ truncate: 4 }), refused);
  });

  it("peeks at and browses messages, not frames, and none in hand", async (t) => {
    const { open, openPlain } = place(t);
    const [queue, sender, plain] = [open(), open(), openPlain()];
    await Promise.all([1, 1, 2, 2].map((type, n) => sender.send(String(n), { type })));
    const shown = (): number[] => [...queue.browse()].map(numberOf);
    assert.deepEqual(shown(), [0, 1, 2, 3]);
    assert.deepEqual(
      [queue.peek(), queue.peek(2)].map((each) => each?.type),
      [1, 2],
    );
    assert.equal(queue.peek(4), undefined);
    assert.equal(numberOf(await queue.receive()), 0);
    assert.deepEqual([queue.inHand, ...shown()], [1, 2, 3]);
    plain.trySend("raw");
    assert.throws(shown, { name: "MessageDecodeError", hint: /still in the queue/u });
    assert.equal(plain.status().messages, 2);
  });

  it("sends larger messages when the queue has become larger", (t) => {
    const { open } = place(t);
    const [queue, reader] = [open(), open()];
    const sizes = [492, 493, 1000, 1004];
    const fits = (size: number): boolean =>
      queue.trySend(Buffer.alloc(size)) && reader.tryReceive()?.body.length === size;
    assert.equal(fits(492), true);
    queue.configure({ maxBytes: 1024 });
    for (const size of sizes) assert.equal(fits(size), true);
    assert.throws(() => queue.trySend(Buffer.alloc(1005)), { name: "MessageTooLargeError" });
  });
});
