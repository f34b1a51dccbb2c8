/** Names, keys, options and sizes of any kind: what is accepted is what the kernel then has; the rest is refused in words. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PosixQueue, QueueError, SysVQueue, type PosixReceiveOptions, type SysVReceiveOptions } from "hostmq";
import { posixName, sysvKey, uniqueName } from "../helpers/names.js";

const seed = Number(process.env.HOSTMQ_TEST_SEED ?? 20261122);
const numRuns = Number(process.env.HOSTMQ_TEST_RUNS ?? 200);
const parameters = { seed, numRuns };
const longestName = 255;

/** What the call gives, or undefined where it was refused in an expected way. */
function unlessRefused<Result>(call: () => Result, codes: readonly string[]): Result | undefined {
  try {
    return call();
  } catch (error) {
    if (error instanceof QueueError && codes.includes(error.code)) return undefined;
    if (codes.includes("ERR_OUT_OF_RANGE") && error instanceof RangeError) return undefined;
    throw error;
  }
}

test("a POSIX name is that of the queue, or is refused before the kernel does", () => {
  const units = fc.constantFrom("a", "/", ".", "\\", "\n", " ", "\0", "é", "💬", "\ud800", "\u202e");
  const tails = fc.oneof(fc.string({ unit: "binary", maxLength: 300 }), fc.string({ unit: units, maxLength: 8 }));
  fc.assert(
    fc.property(tails, fc.boolean(), (tail, slash) => {
      const name = `${uniqueName()}-${tail}`;
      const given = slash ? name : name.slice(1);
      const good = !/[/\0]/u.test(tail) && Buffer.byteLength(name) - 1 <= longestName;
      const made = unlessRefused(
        () => PosixQueue.create(given, { maxMessages: 1, maxMessageSize: 8 }),
        ["ERR_OUT_OF_RANGE"],
      );
      assert.equal(made !== undefined, good, JSON.stringify(given));
      if (made === undefined) return;
      try {
        assert.equal(made.name, name);
        made.trySend(tail.slice(0, 2));
        using again = PosixQueue.open(slash ? name.slice(1) : name);
        assert.equal(again.tryReceive()?.body.toString(), Buffer.from(tail.slice(0, 2)).toString());
      } finally {
        made.close();
        PosixQueue.unlink(given);
      }
    }),
    parameters,
  );
});

test("POSIX sizes and modes are those of the queue, or are refused", () => {
  const sizes = fc.oneof(
    fc.integer({ min: 1, max: 10 }),
    fc.constantFrom(1, 11, 65536, 65537, 2 ** 31, 2 ** 40, 2 ** 53 - 1),
  );
  const lengths = fc.oneof(
    fc.integer({ min: 1, max: 64 }),
    fc.constantFrom(8193, 2 ** 24, 2 ** 24 + 1, 2 ** 32, 2 ** 53 - 1),
  );
  const name = uniqueName();
  fc.assert(
    fc.property(sizes, lengths, fc.integer({ min: 0, max: 0o777 }), (maxMessages, maxMessageSize, mode) => {
      const options = { maxMessages, maxMessageSize, mode: mode | 0o600, exactMode: true };
      const made = unlessRefused(() => PosixQueue.create(name, options), ["EINVAL", "EMFILE", "ENOMEM", "EOVERFLOW"]);
      if (made === undefined) {
        assert.ok(maxMessages > 10 || maxMessageSize > 64, "small ones are not refused");
        return;
      }
      try {
        assert.deepEqual(made.attributes(), { maxMessages, maxMessageSize, currentMessages: 0 });
        assert.equal(made.trySend("x".repeat(Math.min(maxMessageSize, 8192))), true);
      } finally {
        made.close();
        PosixQueue.unlink(name);
      }
    }),
    parameters,
  );
});

test("a System V key is that of the queue, signed and unsigned", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 0, max: 0o777 }), fc.nat(20_000), (key, mode, maxBytes) => {
      if (key === 0) return;
      const options = { mode: mode | 0o600, maxBytes };
      // Somebody else may have a queue with this key, and not everybody may raise the limit.
      const made = unlessRefused(() => SysVQueue.create(key, options), ["EEXIST", "EPERM"]);
      if (made === undefined) return;
      try {
        const { key: itsKey, id, mode: itsMode, maxBytes: itsMost } = made.status();
        assert.deepEqual([itsKey, id, itsMode, itsMost], [key, made.id, mode | 0o600, maxBytes]);
        assert.equal(SysVQueue.open(key >>> 0).id, made.id);
        assert.equal(SysVQueue.fromId(made.id).key, key);
      } finally {
        made.remove();
      }
    }),
    parameters,
  );
});

test("every priority and every body comes back as it went", (t) => {
  using queue = PosixQueue.create(posixName(t), { maxMessages: 1, maxMessageSize: 512 });
  const bodies = fc.oneof(fc.uint8Array({ maxLength: 512 }), fc.string({ unit: "binary", maxLength: 120 }));
  fc.assert(
    fc.property(bodies, fc.integer({ min: 0, max: 32767 }), (body, priority) => {
      assert.equal(queue.trySend(body, { priority }), true);
      const message = queue.tryReceive();
      assert.deepEqual(message, { body: Buffer.from(body as string), priority });
    }),
    parameters,
  );
});

test("every type and every body comes back as it went, through every selector that fits", (t) => {
  using queue = SysVQueue.create(sysvKey(t));
  const types = fc.bigInt(1n, 2n ** 63n - 1n).map((type) => (type <= Number.MAX_SAFE_INTEGER ? Number(type) : type));
  const small = fc.integer({ min: 1, max: 9 });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 512 }), fc.oneof(small, types), fc.nat(600), (body, type, truncate) => {
      const fitting: SysVReceiveOptions[] = [
        {},
        { type },
        { upTo: type },
        { except: type === 1 ? 2 : 1 },
        { truncate },
      ];
      for (const options of fitting) {
        assert.equal(queue.trySend(body, { type }), true);
        assert.equal(queue.tryReceive({ type: type === 1 ? 2 : 1 }), undefined);
        const cut = options.truncate !== undefined && options.truncate < body.length;
        const expected = Buffer.from(cut ? body.subarray(0, truncate) : body);
        assert.deepEqual(queue.tryReceive(options), { body: expected, type, ...(cut ? { truncated: true } : {}) });
      }
    }),
    parameters,
  );
});

test("options of any kind are used or refused, and take nothing from the queue when they are refused", (t) => {
  using posix = PosixQueue.create(posixName(t), { maxMessages: 2, maxMessageSize: 64 });
  using sysv = SysVQueue.create(sysvKey(t));
  const values = fc.oneof(fc.anything({ withBigInt: true }), fc.integer({ min: -2, max: 9 }));
  const keys = fc.constantFrom(
    "type",
    "upTo",
    "except",
    "truncate",
    "timeout",
    "signal",
    "prefetch",
    "priority",
    "tpye",
  );
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.dictionary(keys, values, { maxKeys: 3 })), (options) => {
      for (const queue of [posix, sysv]) {
        queue.trySend("x");
        let taken: unknown;
        try {
          taken = queue.tryReceive(options as PosixReceiveOptions & SysVReceiveOptions);
        } catch (error) {
          assert.ok(error instanceof TypeError || error instanceof RangeError, String(error));
          assert.match(error.message, /^tryReceive: .+ must .+; got [^]+$/u);
        }
        const left = queue.tryReceiveMany(5).length;
        assert.equal(left, taken === undefined ? 1 : 0);
      }
    }),
    parameters,
  );
});
