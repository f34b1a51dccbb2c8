/* eslint-disable @typescript-eslint/no-unnecessary-type-parameters, @typescript-eslint/no-unused-vars,
   @typescript-eslint/no-unsafe-assignment -- types are all that counts here */
// Checked by the compiler alone: a line behind @ts-expect-error must not compile, all others must.
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { type } from "arktype";
import * as v from "valibot";
import { z } from "zod";
import type { bytes, text } from "hostmq";
import { c, json, struct, v8, withSchema, type Codec, type Infer, type StandardSchema } from "hostmq";
import { cbor } from "hostmq/cbor";
import { msgpack } from "hostmq/msgpack";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Same<A, B>): void {
  /* the types say it all */
}

const Item = struct({ sku: c.u32, qty: c.u8 });
export const Order = struct({
  id: c.u64,
  side: c.enum({ BUY: 0, SELL: 1 }),
  level: c.enumValue({ LOW: 1, HIGH: 9 }),
  symbol: c.text(12),
  items: c.array(Item, 4),
  grid: c.array(c.array(c.i8, 2), 3),
  open: c.bits(c.unsignedInt, 3),
  gap: c.unnamedBits(c.int, 5),
  pad: c.padding(3),
  paid: c.bool,
  digest: c.bytes(4),
  cents: c.number(c.long),
  size: c.size_t,
  port: c.bigEndian(c.aligned(8, c.u16)),
  body: c.union({ BUY: c.i32, SELL: Item }, { by: "side" }),
  raw: c.union({ word: c.u32, text: c.text(4) }),
  tail: c.flexible(c.f32),
});

same<
  Infer<typeof Order>,
  {
    id: bigint;
    side: "BUY" | "SELL";
    level: 1 | 9;
    symbol: string;
    items: { sku: number; qty: number }[];
    grid: number[][];
    open: number;
    paid: boolean;
    digest: Uint8Array;
    cents: number;
    size: bigint;
    port: number;
    body: ({ BUY: number } & { SELL?: never }) | ({ SELL: { sku: number; qty: number } } & { BUY?: never });
    raw: { word?: number; text?: string };
    tail: number[];
  }
>(true);
same<typeof Item.offsets, { readonly sku: number; readonly qty: number }>(true);

export const right: Buffer = Item.encode({ sku: 1, qty: 2 });
// @ts-expect-error a field is missing
Item.encode({ sku: 1 });
// @ts-expect-error there is no such field
Item.encode({ sku: 1, qty: 2, prize: 3 });
// @ts-expect-error a field has another type
Item.encode({ sku: "1", qty: 2 });
// @ts-expect-error 64 bits are a bigint
struct({ id: c.u64 }).encode({ id: 1 });
// @ts-expect-error no such constant
struct({ side: c.enum({ BUY: 0 }) }).encode({ side: "HOLD" });
// @ts-expect-error no such option
struct({ a: c.u8 }, { pack: true });
// @ts-expect-error no such layout
struct({ a: c.u8 }, { layout: "lp128" });
// @ts-expect-error padding has no offset
export const none = Order.offsets.gap;
// @ts-expect-error c.number takes a 64-bit integer
c.number(c.u8);
const Either = struct({ k: c.u8, u: c.union({ a: c.u8, b: c.u8 }, { by: "k", when: { a: 1, b: 2 } }) });
// @ts-expect-error two members of a union with a discriminator
Either.encode({ k: 1, u: { a: 1, b: 2 } });

same<Infer<typeof text>, string>(true);
same<Infer<typeof bytes>, Buffer>(true);
interface Job {
  id: number;
}
for (const codec of [json<Job>(), v8<Job>(), msgpack<Job>(), cbor<Job>()]) {
  same<typeof codec, Codec<Job>>(true);
  // @ts-expect-error a body of another type
  codec.encode({ id: "1" });
}
// @ts-expect-error no such option
json({ depth: 3 });

export const fromZod = withSchema(json(), z.object({ id: z.number(), tries: z.number().default(3) }));
same<Infer<typeof fromZod>, { id: number; tries: number }>(true);
export const fromValibot = withSchema(json(), v.object({ id: v.number(), name: v.optional(v.string(), "x") }));
same<Infer<typeof fromValibot>, { id: number; name: string }>(true);
export const fromArktype = withSchema(json(), type({ id: "number" }));
same<Infer<typeof fromArktype>, { id: number }>(true);
// @ts-expect-error the schema says otherwise
fromZod.encode({ id: 1, tries: "3" });
// @ts-expect-error the struct and the schema disagree
withSchema(Item, z.object({ sku: z.string(), qty: z.number() }));
// @ts-expect-error not a schema
withSchema(json(), { parse: (value: unknown) => value });

/** Ours is the published interface. */
export const ours = (schema: StandardSchemaV1<string, number>): StandardSchema<string, number> => schema;
export const theirs = (schema: StandardSchema<string, number>): StandardSchemaV1<string, number> => schema;
