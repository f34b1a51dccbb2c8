import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { c, json, struct, text, type Codec } from "hostmq";
import { cbor } from "hostmq/cbor";
import { msgpack } from "hostmq/msgpack";
import { cannotRequireModules } from "./host.js";

const RUNS = Number(process.env.HOSTMQ_FUZZ_RUNS ?? 3000);
const event = struct(
  {
    kind: c.enum({ a: 0, b: 1 }, { base: c.u8 }),
    u: c.union({ a: c.text(5), b: c.array(c.bool, 3) }, { by: "kind" }),
    free: c.union({ t: c.text(4), e: c.enum({ X: 1 }) }),
    n: c.u8,
    rest: c.flexible(c.number(c.i64), { count: "n" }),
  },
  { packed: true },
);
const withCbor: [string, Codec<unknown>][] = cannotRequireModules === false ? [["cbor", cbor<unknown>()]] : [];
const decoders: [string, Codec<unknown>][] = [
  ["text", text],
  ["json", json()],
  ["msgpack", msgpack()],
  ...withCbor,
  ["struct", event],
];

/** What any decoder may do with any bytes: give a value or throw an Error, at once, and touch no prototype. */
function survives(codec: Codec<unknown>, body: Uint8Array): void {
  const before = Object.getOwnPropertyNames(Object.prototype).length;
  let value: unknown;
  try {
    value = codec.decode(Buffer.from(body));
  } catch (error) {
    assert.ok(error instanceof Error);
    assert.doesNotMatch(error.message, /call stack|allocation|invalid array length/i);
  }
  assert.equal(Object.getOwnPropertyNames(Object.prototype).length, before);
  noForeignPrototype(value);
}

function noForeignPrototype(value: unknown): void {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return;
  const prototype: unknown = Object.getPrototypeOf(value);
  assert.ok(
    prototype === Object.prototype || prototype === Array.prototype || value instanceof Date || "type" in value,
    "a prototype came from the body",
  );
  for (const part of Object.values(value)) noForeignPrototype(part);
}

/** Structure bytes come more often than chance has them. */
const bodies = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc
    .array(
      fc.constantFrom(
        0x81,
        0x91,
        0x9f,
        0xbf,
        0xff,
        0xdd,
        0xdf,
        0xc6,
        0xdb,
        0xa1,
        0x5f,
        0x7f,
        0x9a,
        0xbb,
        0xd9,
        0x5b,
        0x7b,
        0x22,
        0x5c,
        0,
        1,
      ),
      { maxLength: 300 },
    )
    .map((codes) => Uint8Array.from(codes)),
  fc.json({ maxDepth: 6 }).map((source) => new TextEncoder().encode(source)),
  fc
    .tuple(
      fc.constantFrom("[", '{"a":', '{"__proto__":', "\x81\xa1a", "\x91", "\x81", "\x9f"),
      fc.integer({ min: 1, max: 20_000 }),
    )
    .map(([piece, times]) => Uint8Array.from(Buffer.from(piece.repeat(times), "latin1"))),
);

describe("a hostile body", () => {
  for (const [name, codec] of decoders) {
    it(`is refused or harmless for ${name}`, () => {
      fc.assert(
        fc.property(bodies, (body) => {
          survives(codec, body);
        }),
        { numRuns: RUNS },
      );
    });
  }

  for (const [name, codec] of [["msgpack", msgpack<unknown>()], ...withCbor, ["json", json<unknown>()]] as [
    string,
    Codec<unknown>,
  ][]) {
    it(`that is a damaged honest one is refused or harmless for ${name}`, () => {
      const honest = fc.jsonValue({ maxDepth: 4 });
      const damaged = fc.property(honest, fc.nat(), fc.nat(255), fc.boolean(), (value, at, byte, cut) => {
        const body = Buffer.from(codec.encode(value) as Uint8Array);
        body[at % body.length] = byte;
        survives(codec, cut ? body.subarray(0, at % body.length) : body);
      });
      fc.assert(damaged, { numRuns: RUNS });
    });

    it(`is not made by ${name} of an honest value: what is sent is received`, () => {
      const value = fc.jsonValue({ maxDepth: 6 }).filter((made) => !JSON.stringify(made).includes("__proto__"));
      const wholeNumbersKeepNoSign = (made: unknown): unknown => JSON.parse(JSON.stringify(made));
      fc.assert(
        fc.property(value, (sent) => {
          assert.deepEqual(
            wholeNumbersKeepNoSign(codec.decode(Buffer.from(codec.encode(sent) as Uint8Array))),
            wholeNumbersKeepNoSign(sent),
          );
        }),
        { numRuns: 1000 },
      );
    });
  }

  it("is read by the quick and the plain road of struct alike", () => {
    const plain = fc.property(fc.uint8Array({ maxLength: 40 }), (body) => {
      let value;
      try {
        value = event.decode(Buffer.from(body));
      } catch {
        return;
      }
      assert.deepEqual(event.decode(event.encode(value)), value);
    });
    fc.assert(plain, { numRuns: RUNS });
  });
});
