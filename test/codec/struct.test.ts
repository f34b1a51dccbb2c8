/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call,
   @typescript-eslint/no-unsafe-return -- values are made wrong on purpose */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { c, struct, type LayoutName } from "hostmq";
import { fakeMessage, fakestat } from "./fakeroot-protocol.js";
import { byOrder } from "./host.js";

const item = struct({ sku: c.u32, qty: c.u8 });
const order = struct(
  {
    id: c.u64,
    side: c.enum({ BUY: 0, SELL: 1 }),
    symbol: c.text(6),
    items: c.array(item, 4),
    flags: c.bits(c.unsignedInt, 3),
    paid: c.bool,
    price: c.f32,
    digest: c.bytes(4),
    cents: c.number(c.long),
  },
  { name: "order" },
);
const good = (): Parameters<typeof order.encode>[0] => ({
  id: 2n ** 64n - 1n,
  side: "SELL",
  symbol: "ABCDE",
  items: [1, 2, 3, 4].map((sku) => ({ sku, qty: sku })),
  flags: 7,
  paid: true,
  price: 0.5,
  digest: Buffer.from([1, 2, 3, 4]),
  cents: -9,
});

/** The message of the error that encoding a changed order gives. */
function refusalOf(change: (value: Record<string, unknown>) => void): string {
  const value = good();
  change(value);
  try {
    order.encode(value);
  } catch (error) {
    return (error as Error).message;
  }
  return "nothing was refused";
}

describe("struct", () => {
  it("brings a value back", () => {
    assert.deepEqual(order.decode(order.encode(good())), good());
  });

  for (const [what, change, message] of [
    ["too large", (v) => (v.items[3].qty = 300), "order.items[3].qty: 300 does not fit uint8_t (0 to 255)"],
    ["negative", (v) => (v.items[0].sku = -1), "order.items[0].sku: -1 does not fit uint32_t (0 to 4294967295)"],
    ["fractional", (v) => (v.items[0].sku = 1.5), "order.items[0].sku: 1.5 does not fit uint32_t (integers)"],
    ["NaN", (v) => (v.items[0].sku = NaN), "order.items[0].sku: NaN does not fit uint32_t (integers)"],
    [
      "a text for a number",
      (v) => (v.items[0].sku = "1"),
      'order.items[0].sku: must be a number for uint32_t; got "1"',
    ],
    ["missing", (v) => delete v.items[1].qty, "order.items[1].qty: missing; must be a number for uint8_t"],
    [
      "unknown",
      (v) => (v.prize = 1),
      "order.prize: unknown field; there are id, side, symbol, items, flags, paid, price, digest, cents",
    ],
    ["unknown within", (v) => (v.items[2].x = 1), "order.items[2].x: unknown field; there are sku, qty"],
    ["a number for a bigint", (v) => (v.id = 1), "order.id: must be a bigint for uint64_t; got 1"],
    [
      "too large a bigint",
      (v) => (v.id = 2n ** 64n),
      "order.id: 18446744073709551616n does not fit uint64_t (0 to 18446744073709551615)",
    ],
    ["no such constant", (v) => (v.side = "HOLD"), 'order.side: must be one of BUY, SELL; got "HOLD"'],
    [
      "too long a text",
      (v) => (v.symbol = "ABCDEF"),
      'order.symbol: "ABCDEF" does not fit char[6] (5 bytes and a zero)',
    ],
    [
      "too many UTF-8 bytes",
      (v) => (v.symbol = "äöü"),
      'order.symbol: "äöü" does not fit char[6] (5 bytes and a zero)',
    ],
    ["a zero in a text", (v) => (v.symbol = "A\0B"), "order.symbol: text with a zero inside would be cut there"],
    ["half a pair", (v) => (v.symbol = "\ud800"), "order.symbol: half a surrogate pair has no UTF-8 bytes"],
    ["too few elements", (v) => v.items.pop(), "order.items: an array of 3 does not fit [4] (exactly 4 elements)"],
    ["no array", (v) => (v.items = {}), "order.items: must be an array of 4; got an object"],
    ["too wide for its bits", (v) => (v.flags = 8), "order.flags: 8 does not fit unsigned int : 3 (0 to 7)"],
    ["no boolean", (v) => (v.paid = 1), "order.paid: must be a boolean; got 1"],
    ["beyond float", (v) => (v.price = 1e39), "order.price: 1e+39 does not fit float (up to 3.4e38)"],
    [
      "too few bytes",
      (v) => (v.digest = Buffer.alloc(3)),
      "order.digest: 3 bytes does not fit unsigned char[4] (exactly 4 bytes)",
    ],
    [
      "beyond 2^53",
      (v) => (v.cents = 2 ** 60),
      "order.cents: 1152921504606847000 does not fit long (integers up to 2^53)",
    ],
    ["no object", (v) => (v.items[0] = null), "order.items[0]: must be an object; got null"],
  ] as [string, (value: Record<string, any>) => void, string][]) {
    it(`refuses a value that is ${what}, naming the field`, () => {
      assert.equal(refusalOf(change), message);
    });
  }

  it("refuses what is no object at all", () => {
    for (const value of [undefined, null, 1, "x", []])
      assert.throws(() => order.encode(value as never), /^TypeError: order: /);
    assert.throws(() => struct({ n: c.u8 }).encode(null as never), {
      message: "struct: body must be an object; got null",
    });
  });

  it("refuses with the codes of wrong arguments", () => {
    const S = struct({ n: c.u8 });
    for (const wrong of [null, { n: "1" }, {}])
      assert.throws(() => S.encode(wrong as never), { name: "TypeError", code: "ERR_INVALID_ARG_TYPE" });
    for (const wrong of [{ n: 256 }, { n: 1, m: 1 }])
      assert.throws(() => S.encode(wrong), { name: "RangeError", code: "ERR_OUT_OF_RANGE" });
  });

  it("says the same where code generation is forbidden", () => {
    const script = `
      import { c, struct } from "hostmq-under-test";
      const S = struct({ a: c.u8, t: c.text(3), f: c.bits(c.int, 3) }, { name: "s" });
      console.log(JSON.stringify(S.decode(S.encode({ a: 1, t: "ab", f: -4 }))));
      try { S.encode({ a: 256, t: "", f: 0 }) } catch (error) { console.log(error.message) }`;
    const index = import.meta.resolve("#hostmq/codec/index");
    const args = [
      "--disallow-code-generation-from-strings",
      "--input-type=module",
      "-e",
      script.replace("hostmq-under-test", index),
    ];
    const { stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
    assert.equal(stdout, '{"a":1,"t":"ab","f":-4}\ns.a: 256 does not fit uint8_t (0 to 255)\n');
  });

  it("leaves no old bytes in padding", () => {
    const gappy = struct({
      a: c.u8,
      b: c.u32,
      t: c.text(9),
      f: c.bits(c.unsignedInt, 3),
      u: c.unnamedBits(c.int, 9),
      p: c.padding(3),
    });
    const target = new Uint8Array(gappy.size + 2).fill(0xff);
    assert.equal(gappy.encodeInto({ a: 1, b: 2, t: "x", f: 1 }, target, 1), gappy.size);
    assert.equal(
      Buffer.from(target).toString("hex"),
      `ff01000000${byOrder("02000000", "00000002")}780000000000000000${byOrder("01", "20")}${"00".repeat(6)}ff`,
    );
  });

  it("encodes into a place, and refuses one without room", () => {
    const target = new Uint8Array(16);
    assert.equal(item.encodeInto({ sku: 258, qty: 3 }, target, 4), 8);
    assert.deepEqual([...target], [0, 0, 0, 0, ...byOrder([2, 1, 0, 0], [0, 0, 1, 2]), 3, 0, 0, 0, 0, 0, 0, 0]);
    for (const offset of [9, -1, 1.5, NaN]) {
      assert.throws(
        () => item.encodeInto({ sku: 1, qty: 1 }, target, offset),
        /offset must be an integer that leaves room for 8 bytes/,
      );
    }
  });

  it("reads a body anywhere in a larger buffer", () => {
    const pool = Buffer.alloc(64, 0xee);
    item.encode({ sku: 7, qty: 8 }).copy(pool, 13);
    assert.deepEqual(item.decode(pool.subarray(13, 21)), { sku: 7, qty: 8 });
  });

  it("refuses a body of another length, unless told to ignore what follows", () => {
    assert.throws(() => item.decode(Buffer.alloc(7)), /the body has 7 bytes; the struct takes 8/);
    assert.throws(() => item.decode(Buffer.alloc(9)), /the body has 9 bytes; the struct takes 8/);
    const lenient = struct({ a: c.u16 }, { trailing: "ignore" });
    assert.deepEqual(lenient.decode(Buffer.from([...byOrder([1, 0], [0, 1]), 9, 9])), { a: 1 });
    assert.throws(() => lenient.decode(Buffer.alloc(1)), /the body has 1 bytes; the struct takes at least 2/);
  });

  it("refuses bytes that are no value of a field, naming it", () => {
    const body = order.encode(good());
    body[byOrder("writeUInt32LE", "writeUInt32BE")](9, order.offsets.side);
    assert.throws(() => order.decode(body), { message: "order.side: 9 is none of BUY (0), SELL (1)" });
    const text = order.encode(good());
    text[order.offsets.symbol] = 0xff;
    assert.throws(() => order.decode(text), { message: "order.symbol: the text in char[6] is not UTF-8" });
    const large = order.encode(good());
    large[byOrder("writeBigInt64LE", "writeBigInt64BE")](2n ** 60n, order.offsets.cents);
    assert.throws(() => order.decode(large), /order\.cents: 1152921504606846976n does not fit a number/);
  });

  it("reads text up to its zero, or all of it", () => {
    const S = struct({ t: c.text(4), f: c.text(4, { full: true }), l: c.text(2, { encoding: "latin1", full: true }) });
    assert.deepEqual(S.decode(Buffer.from("ab\0dfull\xe9\xff", "latin1")), { t: "ab", f: "full", l: "éÿ" });
    assert.deepEqual(S.decode(Buffer.from("abcd\0xyz\0\0", "latin1")), { t: "abcd", f: "", l: "" });
    assert.deepEqual([...S.encode({ t: "abc", f: "four", l: "é" })], [...Buffer.from("abc\0four\xe9\0", "latin1")]);
    assert.throws(() => S.encode({ t: "", f: "", l: "€" }), /l: "€" is not Latin-1/);
  });

  it("gives enums by name or by value, the first of two names for one", () => {
    const S = struct({ n: c.enum({ A: -1, B: 2, ALSO_B: 2 }), v: c.enumValue({ A: 1, B: 4_000_000_000 }) });
    assert.deepEqual(S.decode(S.encode({ n: "ALSO_B", v: 4_000_000_000 })), { n: "B", v: 4_000_000_000 });
    assert.throws(() => S.encode({ n: "A", v: 2 as 1 }), /v: must be one of 1, 4000000000; got 2/);
  });

  it("puts fields in network order", () => {
    const S = struct(
      {
        port: c.bigEndian(c.u16),
        pair: c.bigEndian(c.array(c.u32, 2)),
        long: c.bigEndian(c.i64),
        real: c.bigEndian(c.f32),
      },
      { packed: true },
    );
    const body = S.encode({ port: 80, pair: [1, 2], long: -2n, real: 1 });
    assert.equal(body.toString("hex"), "0050" + "0000000100000002" + "fffffffffffffffe" + "3f800000");
    assert.deepEqual(S.decode(body), { port: 80, pair: [1, 2], long: -2n, real: 1 });
  });

  describe("unions", () => {
    const point = struct({ x: c.i16, y: c.i16 });
    const event = struct(
      { kind: c.enum({ quit: 7, move: 9 }), event: c.union({ quit: c.int, move: point }, { by: "kind" }) },
      { name: "ui" },
    );

    it("hold the member that the discriminator says", () => {
      for (const value of [
        { kind: "quit", event: { quit: -1 } } as const,
        { kind: "move", event: { move: { x: 1, y: -1 } } } as const,
      ]) {
        assert.deepEqual(event.decode(event.encode(value)), value);
      }
      assert.throws(() => event.encode({ kind: "quit", event: { move: { x: 1, y: 1 } } }), {
        message: "ui.event.move: is not the member for kind quit",
      });
      assert.throws(() => event.encode({ kind: "quit", event: {} as never }), {
        message: "ui.event: must have one of quit, move; got an object without",
      });
      assert.throws(() => event.encode({ kind: "move", event: { move: { x: 40000, y: 1 } } }), {
        message: "ui.event.move.x: 40000 does not fit int16_t (-32768 to 32767)",
      });
    });

    it("take the discriminator's value for each member", () => {
      const S = struct({ tag: c.u8, u: c.union({ a: c.u32, b: c.f32 }, { by: "tag", when: { a: 1, b: 2 } }) });
      assert.deepEqual(S.decode(S.encode({ tag: 2, u: { b: 0.5 } })), { tag: 2, u: { b: 0.5 } });
      assert.throws(() => S.decode(Buffer.alloc(8)), /u: no member stands for tag 0/);
      assert.throws(() => struct({ u: c.union({ a: c.u8 }, { by: "gone" }) }), /u: there is no field gone beside it/);
    });

    it("without a discriminator give what the bytes can be, and take what agrees", () => {
      const S = struct({ u: c.union({ int: c.i32, low: c.u16, real: c.f32 }) });
      const seen = S.decode(S.encode({ u: { real: 1 } }));
      assert.deepEqual(seen, { u: { int: 0x3f800000, low: byOrder(0, 0x3f80), real: 1 } });
      assert.deepEqual(S.decode(S.encode(seen)), seen);
      assert.throws(() => S.encode({ u: { ...seen.u, low: 1 } }), /u\.low: disagrees with int/);
    });
  });

  describe("flexible arrays", () => {
    it("take what the body has room for", () => {
      const S = struct({ id: c.u32, tail: c.flexible(c.u16) }, { name: "f" });
      const hex = byOrder("01000000020003000400", "00000001000200030004");
      assert.equal(S.encode({ id: 1, tail: [2, 3, 4] }).toString("hex"), hex);
      for (const tail of [[], [1], [1, 2, 3]]) assert.deepEqual(S.decode(S.encode({ id: 1, tail })), { id: 1, tail });
      assert.throws(() => S.decode(Buffer.alloc(7)), {
        message: "f.tail: 3 bytes are no whole number of elements of 2 bytes",
      });
      assert.throws(() => S.encode({ id: 1, tail: [1, 70000] }), {
        message: "f.tail[1]: 70000 does not fit uint16_t (0 to 65535)",
      });
    });

    it("take what their count says, and never more than is there", () => {
      const S = struct({ n: c.u32, data: c.flexibleBytes({ count: "n" }) });
      assert.deepEqual(S.decode(Buffer.from(`${byOrder("02000000", "00000002")}abcdeeee`, "hex")), {
        n: 2,
        data: Buffer.from("abcd", "hex"),
      });
      assert.throws(
        () => S.decode(Buffer.from("ffffffffabcd", "hex")),
        /data: n says 4294967295 elements of 1 bytes, but only 2 bytes are there/,
      );
      assert.throws(() => S.encode({ n: 3, data: Buffer.from("ab") }), /data: has 2 elements, but n says 3/);
    });

    it("stand last, and not in a nested struct", () => {
      assert.throws(() => struct({ t: c.flexible(c.u8), after: c.u8 }), /after: nothing may follow a flexible array/);
      const S = struct({ n: c.u8, t: c.flexible(c.u8) });
      assert.throws(() => struct({ inner: S }), /inner: a struct with a flexible array cannot be a field/);
    });
  });

  it("refuses declarations that C would refuse", () => {
    assert.throws(() => struct({ "a-b": c.u8 }), /struct: name of a field must be a C identifier; got /);
    assert.throws(() => struct({ ["__proto__"]: c.u8 }), /struct: name of a field must be a C identifier; got /);
    assert.throws(() => struct({ f: c.bits(c.u8, 9) }), /a uint8_t has no 9 bits/);
    assert.throws(() => struct({ f: c.bits(c.f32 as never, 3) }), /a bit-field is an integer/);
    assert.throws(() => c.array(c.bits(c.u8, 1), 2), /stand in a struct directly/);
    assert.throws(() => c.aligned(3, c.u8), /power of two/);
    assert.throws(
      () => struct({ a: c.u8, inner: c.anonymous(struct({ a: c.u8 })) }),
      /a: an anonymous member has a field of the same name/,
    );
    assert.throws(
      () => struct({ a: c.u8 }, { layout: "lp128" as LayoutName }),
      /layout must be one of "lp64", "ilp32", "i386"; got "lp128"/,
    );
    assert.throws(
      () => struct({ a: struct({ b: c.long }, { layout: "lp64" }) }, { layout: "i386" }),
      /layout must be that of the struct around it \("i386"\); got "lp64"/,
    );
  });

  it("refuses them with the codes of wrong arguments", () => {
    const inner = struct({ t: c.flexible(c.u8) });
    const kind = { name: "TypeError", code: "ERR_INVALID_ARG_TYPE" };
    for (const declare of [
      () => struct({ t: c.flexible(c.u8), after: c.u8 }),
      () => struct({ inner }),
      () => struct({ f: c.bits(c.f32 as never, 3) }),
      () => struct({ a: c.u8, inner: c.anonymous(struct({ a: c.u8 })) }),
      () => struct({ a: c.union({ b: c.u8 }, { by: "tag" }) }),
      () => struct({}).toHeader("sample"),
    ])
      assert.throws(declare, kind);
    assert.throws(() => struct({ f: c.bits(c.u8, 9) }), { name: "RangeError", code: "ERR_OUT_OF_RANGE" });
  });

  it("keeps TypeScript types over all layouts", () => {
    const sizes = (["lp64", "ilp32", "i386"] as const).map((layout) => {
      const S = struct({ a: c.char, l: c.long, ll: c.longLong, p: c.pointer, d: c.f64 }, { layout });
      const value = { a: 1, l: -5n, ll: -6n, p: 7n, d: 0.5 };
      assert.deepEqual(S.decode(S.encode(value)), value);
      return [S.size, S.alignment];
    });
    assert.deepEqual(sizes, [
      [40, 8],
      [32, 8],
      [28, 4],
    ]);
  });

  it("knows the messages of fakeroot's daemon", () => {
    assert.equal(fakeMessage.size, 1088);
    assert.equal(fakestat.size, 40);
    assert.deepEqual(fakeMessage.offsets, { id: 0, pid: 4, serial: 8, st: 12, xattr: 52, remote: 1084 });
  });
});
