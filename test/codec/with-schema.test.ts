import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type } from "arktype";
import * as v from "valibot";
import { z } from "zod";
import { c, json, SchemaError, struct, withSchema, type Codec, type StandardSchema } from "hostmq";

interface Job {
  id: number;
  path: string;
}

const schemas: [string, StandardSchema<unknown, Job>][] = [
  ["zod", z.object({ id: z.number().int(), path: z.string() })],
  ["valibot", v.object({ id: v.pipe(v.number(), v.integer()), path: v.string() })],
  ["arktype", type({ id: "number.integer", path: "string" })],
];

describe("withSchema", () => {
  for (const [vendor, schema] of schemas) {
    describe(`with ${vendor}`, () => {
      const codec: Codec<Job> = withSchema(json(), schema);

      it("lets a right value through, both ways", () => {
        assert.deepEqual(codec.decode(Buffer.from(codec.encode({ id: 1, path: "/a" }) as string)), {
          id: 1,
          path: "/a",
        });
      });

      it("refuses a wrong value before it is encoded", () => {
        let encoded = false;
        const inner: Codec<Job> = { ...json<Job>(), encode: () => ((encoded = true), "") };
        assert.throws(
          () => withSchema(inner, schema).encode({ id: 1.5, path: "/a" }),
          (error: unknown) =>
            error instanceof SchemaError &&
            (error.code as string) === "ERR_HOSTMQ_SCHEMA" &&
            error.issues.length === 1 &&
            error.message.startsWith(`The ${vendor} schema refuses the value: id: `),
        );
        assert.equal(encoded, false);
      });

      it("refuses a wrong body after it is decoded", () => {
        assert.throws(
          () => codec.decode(Buffer.from('{"id":"1","path":7}')),
          (error: unknown) => error instanceof SchemaError && error.issues.length === 2,
        );
      });
    });
  }

  it("sends what the schema makes of the value", () => {
    const codec = withSchema(json(), z.object({ id: z.number(), tries: z.number().default(3) }));
    assert.equal(codec.encode({ id: 1 } as never), '{"id":1,"tries":3}');
  });

  for (const [vendor, schema] of [
    ["zod", z.string().refine(async () => Promise.resolve(true))],
    [
      "valibot",
      v.pipeAsync(
        v.string(),
        v.checkAsync(async () => Promise.resolve(true)),
      ),
    ],
  ] as const) {
    it(`refuses a schema of ${vendor} that validates asynchronously`, () => {
      const codec = withSchema(json(), schema as StandardSchema<unknown, string>);
      assert.throws(() => codec.encode("x"), {
        name: "TypeError",
        code: "ERR_INVALID_ARG_TYPE",
        message: /schema validates asynchronously, and a message must be checked at once/,
      });
      assert.throws(() => codec.decode(Buffer.from('"x"')), /asynchronously/);
    });
  }

  it("refuses one that gives a promise of its own kind", () => {
    const promised = { then: () => undefined } as unknown as Promise<{ value: string }>;
    const schema: StandardSchema<string> = {
      "~standard": { version: 1, vendor: "mine", validate: () => promised },
    };
    assert.throws(() => withSchema(json(), schema).encode("x"), /asynchronously/);
  });

  it("leaves no rejection behind when an asynchronous schema fails", async () => {
    const unhandled: unknown[] = [];
    const listener = (reason: unknown): number => unhandled.push(reason);
    process.on("unhandledRejection", listener);
    const schema: StandardSchema<string> = {
      "~standard": { version: 1, vendor: "mine", validate: async () => Promise.reject(new Error("late")) },
    };
    assert.throws(() => withSchema(json(), schema).encode("x"), /asynchronously/);
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off("unhandledRejection", listener);
    assert.deepEqual(unhandled, []);
  });

  it("refuses what is no schema", () => {
    for (const wrong of [undefined, {}, { "~standard": { version: 2 } }, (x: unknown) => x])
      assert.throws(
        () => withSchema(json(), wrong as never),
        /withSchema: schema must be a Standard Schema of version 1 .*; got /,
      );
  });

  it("goes over a struct, with its size and its writing in place", () => {
    const Tick = struct({ qty: c.u16, price: c.f64 });
    const codec = withSchema(Tick, z.object({ qty: z.number().min(1), price: z.number().positive() }));
    assert.equal(codec.size, 16);
    const target = new Uint8Array(16);
    assert.equal(codec.encodeInto?.({ qty: 5, price: 1 }, target, 0), 16);
    assert.deepEqual(codec.decode(Buffer.from(target)), { qty: 5, price: 1 });
    assert.throws(() => codec.encodeInto?.({ qty: 0, price: 1 }, target, 0), SchemaError);
  });
});
