/**
 * Random sequences of calls on two queues of a family through several handles, against a model in memory. The seed is fixed;
 * `HOSTMQ_TEST_SEED` sets another, `HOSTMQ_TEST_RUNS` more sequences.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PosixQueue, QueueClosedError, QueueError, QueueRemovedError, SysVQueue } from "hostmq";
import { posixName, sysvKey, type Scope } from "../helpers/names.js";
import { ModelQueue, type ModelCall, type ModelMessage, type Selector } from "./model.js";

const seed = Number(process.env.HOSTMQ_TEST_SEED ?? 20261122);
const numRuns = Number(process.env.HOSTMQ_TEST_RUNS ?? 100);
const longest = 64;

type Family = "posix" | "sysv";

const operation = fc.record({
  act: fc.constantFrom(
    ...["open", "create", "openOrCreate", "unlink", "remove", "close", "attributes", "configure", "browse", "peek"],
    ...["trySend", "trySend", "trySend", "send", "send", "send", "trySendMany", "sendSync", "abort", "abort"],
    ...["tryReceive", "tryReceive", "receive", "receive", "receive", "tryReceiveMany", "receiveInto", "receiveSync"],
  ),
  /** Which of the two queues, of the handles, of the calls that wait. */
  which: fc.nat(20),
  size: fc.oneof(fc.constantFrom(0, 1, longest), fc.nat(longest)),
  kind: fc.integer({ min: 1, max: 4 }),
  count: fc.integer({ min: 1, max: 6 }),
  selector: fc.constantFrom("type", "upTo", "except", "none", "none"),
});
type Operation = typeof operation extends fc.Arbitrary<infer O> ? O : never;

interface Handle {
  readonly real: PosixQueue | SysVQueue;
  readonly queue: ModelQueue;
}

/** Runs operations on the kernel and on the model and compares. */
class Comparison {
  readonly #family: Family;
  readonly #names: readonly string[];
  readonly #keys: readonly number[];
  /** The queue that is known under each name or key at this moment. */
  readonly #known: (ModelQueue | undefined)[] = [undefined, undefined];
  readonly #handles: Handle[] = [];
  readonly #calls = new Set<ModelCall>();
  #number = 0;

  constructor(t: Scope, family: Family) {
    this.#family = family;
    this.#names = [posixName(t), posixName(t)];
    this.#keys = [sysvKey(t), sysvKey(t)];
  }

  async run(operations: readonly Operation[]): Promise<void> {
    for (const each of operations) {
      await this.#carryOut(each);
      await this.#compare();
    }
  }

  /** Closes everything, and compares what is left in the kernel. */
  async end(): Promise<void> {
    for (const handle of [...this.#handles]) await this.#close(handle);
    assert.equal(this.#calls.size, 0);
    for (const [slot, queue] of this.#known.entries()) {
      if (queue === undefined) continue;
      const real = this.#make("open", slot, 0);
      assert.deepEqual(
        real.tryReceiveMany(200).map(bodyOf),
        queue.messages.map(({ body }) => body),
      );
      real.close();
      this.#erase(slot);
    }
  }

  /** Also after a failure. */
  letGo(): void {
    for (const { real } of this.#handles) real.close();
  }

  #make(how: "open" | "create" | "openOrCreate", slot: number, most: number): PosixQueue | SysVQueue {
    if (this.#family === "posix") {
      const name = this.#names[slot] as string;
      return how === "open"
        ? PosixQueue.open(name)
        : PosixQueue[how](name, { maxMessages: most, maxMessageSize: longest });
    }
    const key = this.#keys[slot] as number;
    return how === "open" ? SysVQueue.open(key) : SysVQueue[how](key, { maxBytes: most * longest });
  }

  #erase(slot: number): void {
    if (this.#family === "posix") PosixQueue.unlink(this.#names[slot] as string);
    else SysVQueue.open(this.#keys[slot] as number).remove();
  }

  async #carryOut({ act, which, size, kind, count, selector }: Operation): Promise<void> {
    const slot = which % 2;
    if (act === "open" || act === "create" || act === "openOrCreate") {
      this.#open(act, slot, 1 + (count % 4));
      return;
    }
    if (act === "unlink") {
      await this.#unlink(slot);
      return;
    }
    if (act === "abort") {
      await this.#abort([...this.#calls][which % Math.max(1, this.#calls.size)]);
      return;
    }
    const handle = this.#handles[which % Math.max(1, this.#handles.length)];
    if (handle === undefined) return;
    if (act === "close") {
      await this.#close(handle);
      return;
    }
    const message = (): ModelMessage => {
      const number = String(this.#number++);
      return { body: size === 0 ? "" : number.padStart(size, ".").slice(-size), kind };
    };
    if (handle.queue.removed) {
      this.#expectRemoved(handle, act);
      return;
    }
    if (/send/iu.test(act)) this.#send(handle, act, message, count);
    else if (/receive/iu.test(act)) this.#receive(handle, act, this.#selector(selector, kind), count);
    else if (handle.real instanceof SysVQueue) this.#sysv(handle.real, handle.queue, act, count);
  }

  #open(act: "open" | "create" | "openOrCreate", slot: number, most: number): void {
    const known = this.#known[slot];
    const refusal =
      act === "open" && known === undefined ? "ENOENT" : act === "create" && known !== undefined ? "EEXIST" : "";
    // A user may not have many queues, and an unlinked POSIX queue counts while a handle is open.
    if (refusal === "" && this.#handles.length >= 6) return;
    if (refusal !== "") {
      assert.throws(
        () => this.#make(act, slot, most),
        (error) => error instanceof QueueError && error.code === refusal,
      );
      return;
    }
    const real = this.#make(act, slot, most);
    const queue = known ?? new ModelQueue(this.#family, this.#family === "posix" ? most : most * longest);
    this.#known[slot] = queue;
    this.#handles.push({ real, queue });
  }

  async #unlink(slot: number): Promise<void> {
    const queue = this.#known[slot];
    if (queue === undefined) {
      assert.throws(
        () => {
          this.#erase(slot);
        },
        (error) => error instanceof QueueError && error.code === "ENOENT",
      );
      return;
    }
    this.#erase(slot);
    this.#known[slot] = undefined;
    if (this.#family === "sysv") await this.#removed(queue);
  }

  /** Everybody who waits on a System V queue is told that it is gone. */
  async #removed(queue: ModelQueue): Promise<void> {
    queue.removed = true;
    queue.messages.length = 0;
    for (const call of [...queue.sends.splice(0), ...queue.receives.splice(0)]) {
      this.#calls.delete(call);
      assert.ok((await call.outcome).error instanceof QueueRemovedError);
    }
  }

  #expectRemoved({ real }: Handle, act: string): void {
    if (act === "trySend") assert.throws(() => real.trySend("x"), QueueRemovedError);
    else assert.throws(() => real.tryReceive(), QueueRemovedError);
  }

  async #close(handle: Handle): Promise<void> {
    handle.real.close();
    this.#handles.splice(this.#handles.indexOf(handle), 1);
    for (const line of [handle.queue.sends, handle.queue.receives]) {
      for (const call of line.filter((each) => each.handle === handle)) {
        line.splice(line.indexOf(call), 1);
        this.#calls.delete(call);
        assert.ok((await call.outcome).error instanceof QueueClosedError);
      }
    }
    assert.throws(() => handle.real.tryReceive(), QueueClosedError);
  }

  async #abort(call: ModelCall | undefined): Promise<void> {
    if (call === undefined) return;
    const reason = { why: "the test" };
    call.abort.abort(reason);
    for (const queue of this.#queues()) {
      for (const line of [queue.sends, queue.receives]) if (line.includes(call)) line.splice(line.indexOf(call), 1);
    }
    this.#calls.delete(call);
    assert.equal((await call.outcome).error, reason);
  }

  #send(handle: Handle, act: string, next: () => ModelMessage, count: number): void {
    const { real, queue } = handle;
    const behind = queue.sends.some((call) => call.handle === handle);
    if (act === "trySendMany") {
      const messages = Array.from({ length: count }, next);
      let sent = 0;
      for (const message of messages) {
        if (behind || !queue.hasRoom(message.body)) break;
        queue.add(message);
        sent++;
      }
      const { kind } = messages[0] as ModelMessage;
      const bodies = messages.map(({ body }) => body);
      const really =
        real instanceof PosixQueue
          ? real.trySendMany(bodies, { priority: kind })
          : real.trySendMany(bodies, { type: kind });
      assert.equal(really, sent);
      return;
    }
    const message = next();
    const options = real instanceof PosixQueue ? { priority: message.kind } : { type: message.kind };
    const room = !behind && queue.hasRoom(message.body);
    if (act === "trySend") {
      assert.equal(real.trySend(message.body, options), room);
      if (room) queue.add(message);
    } else if (act === "sendSync") {
      if (!room) return;
      real.sendSync(message.body, options);
      queue.add(message);
    } else {
      // Which of two handles that wait comes first is for nobody to say.
      if (queue.sends.some((call) => call.handle !== handle)) return;
      queue.sends.push(
        this.#promised(handle, { message }, (signal) => real.send(message.body, { ...options, signal })),
      );
    }
  }

  #receive(handle: Handle, act: string, selector: Selector, count: number): void {
    const { real, queue } = handle;
    const found = queue.find(selector);
    const options = selector ?? {};
    if (act === "tryReceiveMany") {
      const expected: ModelMessage[] = [];
      while (expected.length < count && queue.find(selector) >= 0) expected.push(queue.take(selector) as ModelMessage);
      const really = real.tryReceiveMany(count, options);
      assert.deepEqual(really.map(plain), expected);
    } else if (act === "receiveInto") {
      const buffer = Buffer.alloc(longest);
      const really = real.receiveInto(buffer, options);
      const expected = queue.take(selector);
      assert.equal(really && buffer.toString("utf8", 0, really.length), expected?.body);
      assert.equal(really && kindOf(really), expected?.kind);
    } else if (act === "receive") {
      const others = queue.receives.filter((call) => call.handle !== handle || !same(call.selector, selector));
      if (others.length > 0) return;
      queue.receives.push(this.#promised(handle, { selector }, (signal) => real.receive({ ...options, signal })));
    } else if (act === "receiveSync") {
      if (found < 0) assert.throws(() => real.receiveSync({ ...options, timeout: 1 }), { code: "ETIMEDOUT" });
      else assert.deepEqual(plain(real.receiveSync(options)), queue.take(selector));
    } else {
      const really = real.tryReceive(options);
      assert.deepEqual(really && plain(really), queue.take(selector));
    }
  }

  #sysv(real: SysVQueue, queue: ModelQueue, act: string, count: number): void {
    if (act === "browse") assert.deepEqual([...real.browse()].map(plain), queue.messages);
    else if (act === "peek") {
      const copy = real.peek(count - 1);
      assert.deepEqual(copy && plain(copy), queue.messages[count - 1]);
    } else if (act === "configure") {
      real.configure({ maxBytes: count * longest });
      queue.most = count * longest;
    }
  }

  #promised(
    handle: Handle,
    what: { message?: ModelMessage; selector?: Selector },
    start: (signal: AbortSignal) => Promise<unknown>,
  ): ModelCall {
    const abort = new AbortController();
    let settled = false;
    const outcome = start(abort.signal).then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    void outcome.then(() => {
      settled = true;
    });
    const call: ModelCall = { ...what, handle, outcome, abort, isSettled: () => settled };
    this.#calls.add(call);
    return call;
  }

  #queues(): Set<ModelQueue> {
    return new Set([...this.#handles.map(({ queue }) => queue), ...this.#known.filter((queue) => queue !== undefined)]);
  }

  /** Waits for the calls that the model saw end, and compares what they brought, who still waits, and the depths. */
  async #compare(): Promise<void> {
    for (const queue of this.#queues()) {
      for (const call of queue.proceed()) {
        this.#calls.delete(call);
        const { value, error } = await call.outcome;
        assert.equal(error, undefined);
        if (call.expected !== undefined) assert.deepEqual(plain(value as Received), call.expected);
      }
    }
    if (this.#calls.size > 0) await new Promise((resolve) => setImmediate(resolve));
    for (const call of this.#calls) assert.equal(call.isSettled(), false, "a call that should wait has ended");
    for (const { real, queue } of this.#handles) {
      if (queue.removed) continue;
      if (real instanceof PosixQueue) {
        const expected = { maxMessages: queue.most, maxMessageSize: longest, currentMessages: queue.messages.length };
        assert.deepEqual(real.attributes(), expected);
      } else {
        const { messages, bytes, maxBytes } = real.status();
        assert.deepEqual(
          { messages, bytes, maxBytes },
          { messages: queue.messages.length, bytes: queue.bytes, maxBytes: queue.most },
        );
      }
    }
  }

  #selector(selector: Operation["selector"], kind: number): Selector {
    if (this.#family === "posix" || selector === "none") return undefined;
    return { [selector]: kind } as unknown as Selector;
  }
}

type Received = { readonly body: Buffer } & Kind;
type Kind = { readonly priority: number } | { readonly type: number | bigint };

const bodyOf = ({ body }: { body: Buffer }): string => body.toString();
const kindOf = (message: Kind): number => Number("priority" in message ? message.priority : message.type);
const plain = (message: Received): ModelMessage => ({ body: bodyOf(message), kind: kindOf(message) });
const same = (a: Selector, b: Selector): boolean => JSON.stringify(a) === JSON.stringify(b);

for (const family of ["posix", "sysv"] as const) {
  test(`${family}: any sequence of calls does what the model does`, async (t) => {
    const property = fc.asyncProperty(
      fc.array(operation, { minLength: 10, maxLength: 60, size: "max" }),
      async (operations) => {
        const cleanups: (() => void | Promise<void>)[] = [];
        const scope: Scope = { after: (cleanup) => void cleanups.push(cleanup) };
        const comparison = new Comparison(scope, family);
        try {
          await comparison.run([
            { act: "create", which: 0, size: 0, kind: 1, count: 1, selector: "none" },
            ...operations,
          ]);
          await comparison.end();
        } finally {
          comparison.letGo();
          for (const cleanup of cleanups) await cleanup();
        }
      },
    );
    t.diagnostic(`seed ${seed}, ${numRuns} sequences`);
    await fc.assert(property, { seed, numRuns, endOnFailure: false });
  });
}
