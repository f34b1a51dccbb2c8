/** What both families promise of messages that a codec refuses among good ones: nothing else is lost. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { c, type Codec, MessageDecodeError, struct } from "hostmq";
import { peer } from "../helpers/peers.js";
import { type AnyQueue, families, type Family, type Place } from "./families.js";
import { assertWaits } from "./pending.js";

/** Four bytes: an odd first one is refused, so that a body tells what it is. */
const even: Codec<number> = {
  contentType: "test",
  encode: (value) => Buffer.from([value]),
  decode: (body) => {
    const [value = 1] = body;
    if (value % 2 === 1) throw new RangeError(`${value} is odd`);
    return value;
  },
};

/** What a C program sends with a number of this length: its digits, and dots. */
const Numbered = struct({ digit: c.text(4, { full: true }) }, { name: "numbered" });

function sendRaw(place: Place, ...values: number[]): void {
  for (const value of values) assert.ok(place.open().trySend(Buffer.from([value])));
}

function bodiesOf(messages: Iterable<{ body: unknown }>): unknown[] {
  return Array.from(messages, ({ body }) => body);
}

/** What is left in the kernel, as bytes. */
function leftIn(place: Place): number[] {
  return place
    .open()
    .tryReceiveMany(10)
    .map(({ body }) => body[0] ?? -1);
}

function refusal(family: Family, value: number, received?: number[]): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof MessageDecodeError);
    assert.deepEqual(error.bytes, Buffer.from([value]));
    assert.equal(family.rankOf(error), family.defaultRank);
    assert.deepEqual(error.received && bodiesOf(error.received), received);
    return true;
  };
}

/** Steps until the queue is empty, each as its body or the first byte of what was refused. */
async function stepsOf(queue: AnyQueue<number, number>, options: object, count: number): Promise<unknown[]> {
  const messages = queue.messages(options);
  const steps: unknown[] = [];
  while (steps.length < count) {
    try {
      steps.push((await messages.next()).value?.body);
    } catch (error) {
      assert.ok(error instanceof MessageDecodeError);
      steps.push(`refused ${error.bytes[0]}`);
    }
  }
  return steps;
}

for (const family of families) {
  describe(`${family.name}: garbage of a C program between good messages`, () => {
    /** Good ones have four bytes; the third of each four has five. */
    const sizes = "4,4,5,4";
    const count = 12;

    function sendGarbage(t: Parameters<typeof peer>[0], place: Place): void {
      peer(t, family.sender, ["-s", sizes, family.rankOption, 5, place.address, count]);
    }
    const good = ["0...", "1...", "3...", "4...", "5...", "7...", "8...", "9...", "11.."];
    const bad = ["2....", "6....", "10..."];

    for (const prefetch of [0, 3]) {
      test(`a function is handed each in its turn, and the loop goes on (prefetch ${prefetch})`, async (t) => {
        const place = family.place(t);
        const seen: string[] = [];
        const refused: string[] = [];
        const onDecodeError = (error: MessageDecodeError): void => {
          assert.equal(family.rankOf(error), 5);
          refused.push(error.bytes.toString());
          seen.push("refused");
        };
        sendGarbage(t, place);
        for await (const { body } of place.openWith(Numbered).messages({ onDecodeError, prefetch })) {
          seen.push(body.digit);
          if (body.digit === good.at(-1)) break;
        }
        assert.deepEqual(refused, bad);
        assert.deepEqual(
          seen.filter((each) => each !== "refused"),
          good,
        );
        assert.deepEqual(
          seen.flatMap((each, index) => (each === "refused" ? [index] : [])),
          [2, 6, 10],
        );
      });

      test(`"skip" leaves them out (prefetch ${prefetch})`, async (t) => {
        const place = family.place(t);
        const seen: string[] = [];
        sendGarbage(t, place);
        for await (const { body } of place.openWith(Numbered).messages({ onDecodeError: "skip", prefetch })) {
          seen.push(body.digit);
          if (body.digit === good.at(-1)) break;
        }
        assert.deepEqual(seen, good);
      });

      test(`"throw" ends the loop there, and another goes on behind it (prefetch ${prefetch})`, async (t) => {
        const place = family.place(t);
        const queue = place.openWith(Numbered);
        const seen: string[] = [];
        sendGarbage(t, place);
        while (seen.at(-1) !== good.at(-1)) {
          const loop = async (): Promise<void> => {
            for await (const { body } of queue.messages({ prefetch })) {
              seen.push(body.digit);
              if (body.digit === good.at(-1)) break;
            }
          };
          await loop().catch((error: unknown) => {
            assert.ok(error instanceof MessageDecodeError);
            seen.push(error.bytes.toString());
          });
        }
        const all = Array.from({ length: count }, (_, n) => String(n).padEnd(n % 4 === 2 ? 5 : 4, "."));
        assert.deepEqual(seen, all);
      });
    }

    test("receives that wait: those alone reject that got one", async (t) => {
      const place = family.place(t);
      const queue = place.openWith(Numbered);
      const receives = Array.from({ length: count }, async () => (await queue.receive()).body.digit);
      sendGarbage(t, place);
      const outcomes = await Promise.allSettled(receives);
      assert.deepEqual(
        outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : [])),
        good,
      );
      assert.deepEqual(
        outcomes.flatMap((outcome, index) => (outcome.status === "rejected" ? [index] : [])),
        [2, 6, 10],
      );
    });
  });

  describe(`${family.name}: a batch with a body that the codec refuses`, () => {
    test("the error carries the messages before it, and those behind it stay in the kernel", (t) => {
      const place = family.place(t);
      const queue = place.openWith(even);
      sendRaw(place, 2, 4, 5, 6);
      assert.throws(() => queue.tryReceiveMany(10), refusal(family, 5, [2, 4]));
      assert.deepEqual(bodiesOf(queue.tryReceiveMany(10)), [6]);
      assert.deepEqual(queue.tryReceiveMany(10), []);
    });

    test("refused ones come one with each call", (t) => {
      const place = family.place(t);
      const queue = place.openWith(even);
      sendRaw(place, 1, 3, 2, 5);
      assert.throws(() => queue.tryReceiveMany(10), refusal(family, 1, []));
      assert.throws(() => queue.tryReceiveMany(10), refusal(family, 3, []));
      assert.throws(() => queue.tryReceiveMany(10), refusal(family, 5, [2]));
      assert.deepEqual(queue.tryReceiveMany(10), []);
    });

    test("one behind the last that was asked for is not met", (t) => {
      const place = family.place(t);
      sendRaw(place, 2, 4, 5);
      assert.deepEqual(bodiesOf(place.openWith(even).tryReceiveMany(2)), [2, 4]);
      assert.deepEqual(leftIn(place), [5]);
    });

    test("a single receive has no others to carry", (t) => {
      const place = family.place(t);
      sendRaw(place, 5);
      assert.throws(() => place.openWith(even).tryReceive(), refusal(family, 5));
    });
  });

  describe(`${family.name}: messages({ onDecodeError })`, () => {
    for (const prefetch of [0, 1, 3]) {
      test(`by default each step tells in its turn (prefetch ${prefetch})`, async (t) => {
        const place = family.place(t);
        sendRaw(place, 2, 3, 5, 4);
        const steps = await stepsOf(place.openWith(even), { prefetch }, 4);
        assert.deepEqual(steps, [2, "refused 3", "refused 5", 4]);
      });
    }

    test("a refused one that was taken ahead is in the iterator's hand, and nothing behind it was taken", async (t) => {
      const place = family.place(t);
      sendRaw(place, 2, 4, 5, 6);
      const messages = place.openWith(even).messages({ prefetch: 3 });
      assert.equal((await messages.next()).value?.body, 2);
      await messages.return();
      assert.deepEqual(bodiesOf(messages.prefetched), [4]);
      assert.ok(refusal(family, 5)(messages.refused));
      assert.deepEqual(leftIn(place), [6]);
    });

    test("the iteration waits for what the function promises", async (t) => {
      const place = family.place(t);
      sendRaw(place, 3, 2);
      let letOn: (() => void) | undefined;
      const handedOver = new Promise<void>((resolve) => {
        letOn = resolve;
      });
      const next = place
        .openWith(even)
        .messages({ onDecodeError: () => handedOver })
        .next();
      await assertWaits(next);
      letOn?.();
      assert.equal((await next).value?.body, 2);
    });

    test("what the function throws rejects the step, and the next one goes on", async (t) => {
      const place = family.place(t);
      sendRaw(place, 3, 2);
      const own = new Error("mine");
      const messages = place.openWith(even).messages({
        onDecodeError: () => {
          throw own;
        },
      });
      await assert.rejects(messages.next(), (error) => error === own);
      assert.equal((await messages.next()).value?.body, 2);
    });

    test("garbage without end neither holds up the event loop nor outlives the signal", async (t) => {
      const place = family.place(t);
      peer(t, family.sender, ["-s", "5", place.address, 0]);
      const signal = AbortSignal.timeout(200);
      const messages = place.openWith(Numbered).messages({ onDecodeError: "skip", signal, prefetch: 2 });
      await assert.rejects(messages.next(), { name: "TimeoutError" });
    });

    test("closing the handle from the function ends the iteration", async (t) => {
      const place = family.place(t);
      const queue = place.openWith(even);
      sendRaw(place, 3, 2);
      const onDecodeError = (): void => {
        queue.close();
      };
      for await (const { body } of queue.messages({ onDecodeError })) assert.fail(`got ${body}`);
      assert.deepEqual(leftIn(place), [2]);
    });

    test("another value is refused at the call", (t) => {
      const queue = family.place(t).open();
      for (const wrong of ["drop", 1, null]) {
        assert.throws(() => queue.messages({ onDecodeError: wrong as never }), {
          name: "TypeError",
          message: /^messages: onDecodeError must be "throw", "skip" or a function; got /u,
        });
      }
    });
  });

  describe(`${family.name}: readable({ onDecodeError })`, () => {
    test("a refused body destroys the stream with its error and leaves the next message in the kernel", async (t) => {
      const place = family.place(t);
      sendRaw(place, 2, 3, 4);
      const seen: number[] = [];
      await assert.rejects(
        async () => {
          for await (const { body } of place.openWith(even).readable() as AsyncIterable<{ body: number }>)
            seen.push(body);
        },
        refusal(family, 3),
      );
      assert.deepEqual(seen, [2]);
      assert.deepEqual(leftIn(place), [4]);
    });

    test("with a function the stream goes on", async (t) => {
      const place = family.place(t);
      sendRaw(place, 2, 3, 4);
      const refused: (number | undefined)[] = [];
      const onDecodeError = ({ bytes }: MessageDecodeError): void => {
        refused.push(bytes[0]);
      };
      const seen: number[] = [];
      const stream = place.openWith(even).readable({ onDecodeError }) as AsyncIterable<{ body: number }>;
      for await (const { body } of stream) {
        seen.push(body);
        if (seen.length === 2) break;
      }
      assert.deepEqual([seen, refused], [[2, 4], [3]]);
    });

    test("destroyed before its turn, a refused message goes back as it came", async (t) => {
      const place = family.place(t);
      sendRaw(place, 2, 4, 5);
      const stream = place.openWith(even).readable({ prefetch: 3 });
      await once(stream, "readable");
      assert.equal((stream.read() as { body: number }).body, 2);
      stream.destroy();
      await once(stream, "close");
      assert.deepEqual(leftIn(place), [4, 5]);
    });
  });
}
