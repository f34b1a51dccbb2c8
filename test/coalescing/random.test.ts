/**
 * Random work on a queue that coalesces: what was sent is received exactly once and in order, what was withdrawn never; what is
 * in hand is always somewhere.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { MessagesInHandError, MessageTooLargeError, QueueTimeoutError } from "hostmq";
import { families, type Family, frameSize, type Queue } from "./places.js";

const seed = Number(process.env.HOSTMQ_TEST_SEED ?? 20261122);
const numRuns = Number(process.env.HOSTMQ_TEST_RUNS ?? 60);

const kind = fc.integer({ min: 1, max: 3 });
const size = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0, max: 40 }) },
  fc.integer({ min: 0, max: frameSize }),
);
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant("send" as const), kind, size, times: fc.integer({ min: 1, max: 12 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("sendAborted" as const),
      kind,
      size,
      turns: fc.integer({ min: 0, max: 2 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("sendTimed" as const),
      kind,
      size,
      timeout: fc.integer({ min: 0, max: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("trySend" as const), kind, size }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("trySendMany" as const),
      kind,
      size,
      times: fc.integer({ min: 1, max: 30 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("sendSync" as const), kind, size }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("receive" as const), times: fc.integer({ min: 1, max: 12 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("receiveMany" as const), times: fc.integer({ min: 1, max: 30 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("leave" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("turn" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("reopen" as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

class Run {
  readonly #family: Family;
  readonly #open: () => Queue;
  readonly #sender: Queue;
  #reader: Queue;
  #next = 0;
  /** Numbers whose send has succeeded, or failed. */
  readonly #sent = new Map<number, number>();
  readonly #refused = new Set<number>();
  readonly #pending: Promise<unknown>[] = [];
  readonly received: { number: number; kind: number }[] = [];
  /** Numbers that a reader put back, behind others. */
  readonly movedBack = new Set<number>();

  constructor(family: Family, open: () => Queue) {
    this.#family = family;
    this.#open = open;
    this.#sender = open();
    this.#reader = open();
  }

  async perform(one: Step): Promise<void> {
    switch (one.do) {
      case "send":
        for (let i = 0; i < one.times; i++)
          this.#note(one.kind, (n) => this.#sender.send(this.#body(n, one.size), this.#rank(one.kind)));
        return;
      case "sendAborted": {
        const abort = new AbortController();
        this.#note(one.kind, (n) =>
          this.#sender.send(this.#body(n, one.size), { ...this.#rank(one.kind), signal: abort.signal }),
        );
        for (let turn = 0; turn < one.turns; turn++) await nextTurn();
        abort.abort(new QueueTimeoutError("aborted", { code: "X" }));
        return;
      }
      case "sendTimed":
        this.#note(one.kind, (n) =>
          this.#sender.send(this.#body(n, one.size), { ...this.#rank(one.kind), timeout: one.timeout }),
        );
        return;
      case "trySend":
        this.#note(one.kind, (n) => this.#sender.trySend(this.#body(n, one.size), this.#rank(one.kind)));
        return;
      case "trySendMany": {
        const first = this.#next;
        this.#next += one.times;
        const bodies = Array.from({ length: one.times }, (_, i) => this.#body(first + i, Math.min(one.size, 30)));
        const count = this.#sender.trySendMany(bodies, this.#rank(one.kind));
        for (let i = 0; i < one.times; i++) {
          if (i < count) this.#sent.set(first + i, one.kind);
          else this.#refused.add(first + i);
        }
        return;
      }
      case "sendSync":
        this.#note(one.kind, (n) => {
          this.#sender.sendSync(this.#body(n, one.size), { ...this.#rank(one.kind), timeout: 0 });
          return true;
        });
        return;
      case "receive":
        for (let i = 0; i < one.times; i++) {
          const receiving = this.#reader.receive({ timeout: 2 }).then(
            (message) => {
              this.#take(message);
            },
            (error: unknown) => {
              if (!(error instanceof QueueTimeoutError)) throw error;
            },
          );
          this.#pending.push(receiving);
          if (i % 3 === 2) await receiving;
        }
        return;
      case "receiveMany":
        for (const message of this.#reader.tryReceiveMany(one.times)) this.#take(message);
        return;
      case "leave":
        await this.#leaveLoop();
        return;
      case "reopen":
        await this.#settle();
        this.#reopen();
        return;
      default:
        await nextTurn();
    }
  }

  async end(): Promise<void> {
    for (let idle = 0; idle < 3;) {
      const messages = this.#reader.tryReceiveMany(50);
      for (const message of messages) this.#take(message);
      idle = messages.length === 0 ? idle + 1 : 0;
      await nextTurn();
    }
    await this.#settle();
    for (const message of this.#reader.tryReceiveMany(10_000)) this.#take(message);
    this.#sender.close();
    this.#reader.close();
  }

  check(): void {
    const numbersReceived = this.received.map(({ number }) => number);
    assert.deepEqual(
      [...numbersReceived].sort((a, b) => a - b),
      [...this.#sent.keys()].sort((a, b) => a - b),
    );
    for (const number of this.#refused) assert.equal(numbersReceived.includes(number), false, `${number} was refused`);
    for (const { number, kind: of } of this.received) assert.equal(of, this.#sent.get(number));
    for (const of of [1, 2, 3]) {
      const inOrder = this.received.filter((each) => each.kind === of && !this.movedBack.has(each.number));
      for (const [i, each] of inOrder.entries()) {
        assert.ok(i === 0 || (inOrder[i - 1]?.number ?? 0) < each.number, `${each.number} came after a later one`);
      }
    }
  }

  async #leaveLoop(): Promise<void> {
    const leaving = AbortSignal.timeout(1);
    try {
      for await (const message of this.#reader.messages({ signal: leaving })) {
        this.#take(message);
        break;
      }
    } catch (error) {
      if (error !== leaving.reason) throw error;
    }
  }

  #rank(of: number): object {
    return this.#family.rank(of);
  }

  #body(number: number, length: number): string {
    return `${number}`.padEnd(length, ".");
  }

  #note(of: number, send: (number: number) => Promise<void> | boolean): void {
    const number = this.#next++;
    const settled = (sent: boolean): void => {
      if (sent) this.#sent.set(number, of);
      else this.#refused.add(number);
    };
    const failed = (error: unknown): void => {
      if (!(error instanceof QueueTimeoutError || error instanceof MessageTooLargeError)) throw error;
      settled(false);
    };
    try {
      const result = send(number);
      if (typeof result === "boolean") settled(result);
      else {
        const sent = (): void => {
          settled(true);
        };
        this.#pending.push(result.then(sent, failed));
      }
    } catch (error) {
      failed(error);
    }
  }

  #take(message: { body: Buffer; type?: number | bigint; priority?: number }): void {
    this.received.push({
      number: Number.parseInt(message.body.toString(), 10),
      kind: Number(this.#family.rankOf(message)),
    });
  }

  /** Closes the reader in the middle of a frame. */
  #reopen(): void {
    const inHand = this.#reader.inHand;
    try {
      if (inHand > 0) for (let n = 0; n < this.#next; n++) this.movedBack.add(n);
      this.#reader.close();
    } catch (error) {
      assert.ok(error instanceof MessagesInHandError);
      assert.ok(error.messages.length <= inHand);
      for (const { bytes, ...rest } of error.messages) {
        this.#take({ body: bytes, ...(rest as { type?: number; priority?: number }) });
      }
    }
    this.#reader = this.#open();
  }

  /** Waits until nothing is pending but sends that wait for room. */
  async #settle(): Promise<void> {
    const done = Promise.all(this.#pending.splice(0));
    let isDone = false;
    done.then(
      () => (isDone = true),
      () => (isDone = true),
    );
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- it changes while others run
    while (!isDone) {
      for (const message of this.#reader.tryReceiveMany(1)) this.#take(message);
      await nextTurn();
    }
    await done;
  }
}

for (const family of families) {
  test(
    `${family.name}: whatever is done, each message that was sent is received once`,
    { timeout: 240_000 },
    async (t) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
          const place = family.place(t);
          const run = new Run(family, () => place.open());
          for (const each of steps) await run.perform(each);
          await run.end();
          run.check();
          place.remove();
        }),
        { seed, numRuns },
      );
    },
  );
}
