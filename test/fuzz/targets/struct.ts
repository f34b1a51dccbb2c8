/** Structs of every kind of field: a refusal with the field's path, or a value that the quick and the plain road read alike. */
import assert from "node:assert/strict";
import { c, struct, type Fields, type Infer, type Struct } from "hostmq";
import { layoutNamed } from "#hostmq/codec/struct/layout";
import { decodes } from "../engine/decodes.js";
import { same } from "../engine/same.js";
import type { Target } from "../engine/target.js";

const point = struct({ x: c.i32, y: c.i16 }, { name: "point" });
const free = struct({
  inner: c.array(point, 2),
  free: c.union({ t: c.text(4, { full: true }), e: c.enum({ X: 1 }) }),
  all: c.flexibleBytes(),
});
const structs: readonly Struct<Fields>[] = [
  struct(
    {
      kind: c.enum({ a: 0, b: 1 }, { base: c.u8 }),
      value: c.union({ a: c.text(5, { full: true }), b: c.array(c.bool, 3) }, { by: "kind" }),
      count: c.u8,
      rest: c.flexible(c.number(c.i64), { count: "count" }),
    },
    { packed: true },
  ),
  struct({
    low: c.bits(c.int, 3),
    high: c.bits(c.u16, 9),
    e: c.bits(c.enum({ X: 1, Y: -2 }), 3),
    on: c.bits(c.bool, 1),
  }),
  free,
  struct({
    a: c.f32,
    b: c.bigEndian(c.f64),
    name: c.text(3, { full: true }),
    latin: c.text(3, { encoding: "latin1", full: true }),
  }),
  struct({ long: c.long, both: c.anonymous(point), pad: c.padding(3), raw: c.bytes(2), last: c.number(c.u64) }),
];
const refusals = [RangeError, TypeError];
const targets = structs.map((one) => (one === free ? decodes(free, refusals, keepsMembers) : decodes(one, refusals)));

/** Bytes behind the zero of a text are zero when it is written again, and may then be a value of another member as well. */
function keepsMembers(again: Infer<typeof free>, first: Infer<typeof free>): boolean {
  const members = Object.entries(again.free).filter(([name]) => name in first.free);
  return same({ ...again, free: Object.fromEntries(members) }, first);
}

export const target: Target = (input) => {
  const index = (input[0] ?? 0) % structs.length;
  const one = structs[index] as Struct<Fields>;
  const body = Buffer.from(input.subarray(1));
  targets[index]?.(body);
  const quick = outcome(() => one.decode(body));
  const memory = { buffer: body.buffer, view: new DataView(body.buffer), bytes: new Uint8Array(body.buffer) };
  if (typeof quick !== "string") {
    const plain = one.shape(layoutNamed("lp64")).read(memory, body.byteOffset, "", {}, body.byteOffset + body.length);
    assert.deepEqual(plain, quick);
  }
};

function outcome(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return (error as Error).message;
  }
}
