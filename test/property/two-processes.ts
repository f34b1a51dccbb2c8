/**
 * Random sequences of calls on one queue from this process and another one, which is killed now and then, against a model in
 * memory. The seed is fixed; `HOSTMQ_TEST_SEED` sets another, `HOSTMQ_TEST_RUNS` more sequences.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { PosixQueue, SysVQueue } from "hostmq";
import { posixName, type Scope, sysvKey } from "../helpers/names.js";
import { ModelQueue, type ModelCall, type ModelMessage, type Selector } from "./model.js";
import { Peer, type RemoteCall } from "./peer.js";

const seed = Number(process.env.HOSTMQ_TEST_SEED ?? 20261122);
const longest = 16;
const most = 4;

type Family = "posix" | "sysv";
type Queue = PosixQueue | SysVQueue;

const operation = fc.record({
  act: fc.constantFrom(
    ...[
      "trySend",
      "trySend",
      "send",
      "send",
      "send",
      "tryReceiveMany",
      "receive",
      "receive",
      "receive",
      "abort",
      "kill",
    ],
  ),
  here: fc.boolean(),
  size: fc.oneof(fc.constantFrom(0, longest), fc.nat(longest)),
  kind: fc.integer({ min: 1, max: 3 }),
  count: fc.integer({ min: 1, max: 3 }),
  selector: fc.constantFrom("type", "upTo", "except", "none", "none"),
});
type Operation = typeof operation extends fc.Arbitrary<infer O> ? O : never;

/** A call that waits, and where. */
interface Pending extends ModelCall {
  readonly remote: RemoteCall | undefined;
}

class Comparison {
  readonly #t: Scope;
  readonly #family: Family;
  readonly #queue: Queue;
  readonly #model: ModelQueue;
  readonly #address: string | number;
  #peer: Peer | undefined;
  #number = 0;
  kills = 0;

  constructor(t: Scope, family: Family) {
    this.#t = t;
    this.#family = family;
    if (family === "posix") {
      this.#address = posixName(t);
      this.#queue = PosixQueue.create(this.#address, { maxMessages: most, maxMessageSize: longest });
    } else {
      this.#address = sysvKey(t);
      this.#queue = SysVQueue.create(this.#address, { maxBytes: most * longest });
    }
    this.#model = new ModelQueue(family, family === "posix" ? most : most * longest);
  }

  async run(operations: readonly Operation[]): Promise<void> {
    this.#peer = await Peer.start(this.#t, this.#family, this.#address);
    for (const each of operations) {
      await this.#carryOut(each);
      await this.#compare();
    }
    await this.#leave();
    const left = this.#queue.tryReceiveMany(100).map(plain);
    assert.deepEqual(left, this.#model.messages);
  }

  async letGo(): Promise<void> {
    this.#queue.close();
    await this.#peer?.kill();
  }

  async #carryOut({ act, here, size, kind, count, selector }: Operation): Promise<void> {
    const model = this.#model;
    const chosen = this.#selector(selector, kind);
    const number = String(this.#number++);
    const message: ModelMessage = { body: size === 0 ? "" : number.padStart(size, ".").slice(-size), kind };
    if (act === "trySend") {
      // Sends that wait go first in the same process; across processes nobody promises anything.
      if (model.sends.length > 0) return;
      const room = model.hasRoom(message.body);
      if (room) model.add(message);
      assert.equal(await this.#now(here, { act, ...message }), room);
    } else if (act === "tryReceiveMany") {
      // Who waits for room comes in between the messages of a batch, or not.
      if (model.sends.length > 0 && count > 1) return;
      const expected: ModelMessage[] = [];
      while (expected.length < count && model.find(chosen) >= 0) expected.push(model.take(chosen) as ModelMessage);
      assert.deepEqual(await this.#now(here, { act, count, selector: chosen ?? {} }), expected);
    } else if (act === "send") {
      if (model.sends.length === 0) model.sends.push(await this.#begin(here, { act, ...message }, { message }));
    } else if (act === "receive") {
      if (model.receives.length > 0) return;
      model.receives.push(await this.#begin(here, { act, selector: chosen ?? {} }, { selector: chosen }));
    } else if (act === "abort") {
      await this.#leave();
    } else if (act === "kill") {
      await this.#kill();
    }
  }

  async #now(here: boolean, order: Parameters<Peer["order"]>[0]): Promise<unknown> {
    if (!here) return (await this.#remote(order).outcome).value;
    const queue = this.#queue as SysVQueue;
    const options = this.#family === "posix" ? { priority: order.kind } : { type: order.kind };
    if (order.act === "trySend") return queue.trySend(order.body ?? "", options);
    return queue.tryReceiveMany(order.count ?? 1, order.selector).map(plain);
  }

  async #begin(
    here: boolean,
    order: Parameters<Peer["order"]>[0],
    what: { message?: ModelMessage; selector?: Selector },
  ): Promise<Pending> {
    const abort = new AbortController();
    const remote = here ? undefined : this.#remote(order);
    const outcome = remote === undefined ? this.#local(order, abort.signal) : remote.outcome;
    let settled = false;
    void outcome.then(() => (settled = true));
    await remote?.begun;
    return { ...what, handle: this.#queue, outcome, abort, remote, isSettled: () => settled };
  }

  #local(order: Parameters<Peer["order"]>[0], signal: AbortSignal): Pending["outcome"] {
    const queue = this.#queue as SysVQueue;
    const options = this.#family === "posix" ? { priority: order.kind } : { type: order.kind };
    const call =
      order.act === "send"
        ? queue.send(order.body ?? "", { ...options, signal })
        : queue.receive({ ...order.selector, signal }).then(plain);
    return call.then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
  }

  #remote(order: Parameters<Peer["order"]>[0]): RemoteCall {
    if (this.#peer === undefined) throw new Error("no peer");
    return this.#peer.order(order);
  }

  /** Whoever waits gives up; nothing is sent or taken. */
  async #leave(): Promise<void> {
    for (const line of [this.#model.sends, this.#model.receives]) {
      for (const call of line.splice(0) as Pending[]) {
        if (call.remote === undefined) call.abort.abort("aborted");
        else await this.#remote({ act: "abort", which: call.remote.id }).outcome;
        assert.equal((await call.outcome).error, "aborted");
      }
    }
  }

  /** The calls that wait in the other process are gone with it, and nothing else is. */
  async #kill(): Promise<void> {
    await this.#peer?.kill();
    this.kills++;
    for (const line of [this.#model.sends, this.#model.receives]) {
      for (const call of line.splice(0) as Pending[]) if (call.remote === undefined) line.push(call);
    }
    this.#peer = await Peer.start(this.#t, this.#family, this.#address);
  }

  /** Waits for the calls that the model saw end, and compares what they brought, who still waits, and the depth. */
  async #compare(): Promise<void> {
    for (const call of this.#model.proceed()) {
      const { value, error } = await call.outcome;
      assert.equal(error, undefined);
      if (call.expected !== undefined) assert.deepEqual(value, call.expected);
    }
    await nextTurn();
    for (const call of [...this.#model.sends, ...this.#model.receives]) {
      assert.equal(call.isSettled(), false, "a call that should wait has ended");
    }
    const queue = this.#queue;
    const depth = queue instanceof PosixQueue ? queue.attributes().currentMessages : queue.status().messages;
    assert.equal(depth, this.#model.messages.length);
  }

  #selector(selector: Operation["selector"], kind: number): Selector {
    if (this.#family === "posix" || selector === "none") return undefined;
    return { [selector]: kind } as unknown as Selector;
  }
}

function plain(message: Awaited<ReturnType<Queue["receive"]>>): ModelMessage {
  return { body: message.body.toString(), kind: Number("priority" in message ? message.priority : message.type) };
}

export function testTwoProcesses(sequences: number): void {
  const numRuns = Number(process.env.HOSTMQ_TEST_RUNS ?? sequences);
  for (const family of ["posix", "sysv"] as const) testFamily(family, numRuns);
}

function testFamily(family: Family, numRuns: number): void {
  test(`${family}: two processes, one of which is killed, do what the model does`, async (t) => {
    let kills = 0;
    const property = fc.asyncProperty(
      fc.array(operation, { minLength: 20, maxLength: 60, size: "max" }),
      async (operations) => {
        const cleanups: (() => void | Promise<void>)[] = [];
        const scope: Scope = { after: (cleanup) => void cleanups.push(cleanup) };
        const comparison = new Comparison(scope, family);
        try {
          await comparison.run(operations);
        } finally {
          kills += comparison.kills;
          await comparison.letGo();
          for (const cleanup of cleanups) await cleanup();
        }
      },
    );
    await fc.assert(property, { seed, numRuns, endOnFailure: true });
    t.diagnostic(`seed ${seed}, ${numRuns} sequences, ${kills} kills`);
    assert.ok(kills > 0);
  });
}
