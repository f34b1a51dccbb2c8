import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { c, struct, type Fields, type FieldType } from "hostmq";
import { compileWith } from "./c-compiler.js";
import { byOrder, hostLayout } from "./host.js";

const languages = [
  ["C", "gcc", ["-std=c11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"], ".c"],
  ["C++", "g++", ["-std=c++17", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"], ".cc"],
] as const;

const fields = {
  id: c.u32,
  level: c.i16,
  ratio: c.f32,
  name: c.text(8),
  points: c.array(struct({ x: c.i32, y: c.i32 }), 2),
  kind: c.enum({ ONE: 1, TWO: 2 }, { name: "kind" }),
  wire: byOrder(c.bigEndian(c.u32), c.littleEndian(c.u32)),
} satisfies Fields;
const original = struct(fields, { name: "sample", layout: hostLayout });

/** Every way to change one field and no other. */
const changes: Record<keyof typeof fields, FieldType<unknown>> = {
  id: c.i32,
  level: c.i32,
  ratio: c.u32,
  name: c.text(9),
  points: c.array(struct({ x: c.i32, y: c.u32 }), 2),
  kind: c.u64,
  wire: c.f32,
};

describe("toHeader", () => {
  for (const [language, compiler, args, suffix] of languages) {
    it(`declares a struct that ${language} takes`, () => {
      const user = `${original.toHeader("sample")}\nunsigned use(struct sample *s);\nunsigned use(struct sample *s) { return s->id + (s->kind == KIND_ONE); }\n`;
      assert.deepEqual(compileWith(compiler, args, user, suffix), { ok: true, output: "" });
    });

    for (const name of Object.keys(fields) as (keyof typeof fields)[]) {
      it(`stops ${language} when ${name} changes in TypeScript, or in C`, () => {
        const changed = struct({ ...fields, [name]: changes[name] } as Fields, { name: "sample", layout: hostLayout });
        // One side's declaration under the other side's assertions.
        for (const [declaring, asserting] of [
          [original, changed],
          [changed, original],
        ] as const) {
          const source = declaring.toHeader("sample") + asserting.toHeader("sample", { mode: "assert" });
          const { ok, output } = compileWith(compiler, args, source, suffix);
          assert.equal(ok, false, `${name} changed unnoticed`);
          assert.match(output, /static assertion failed.*sample/);
        }
      });
    }
  }

  it("holds over its own declaration", () => {
    for (const [, compiler, args, suffix] of languages) {
      const source = original.toHeader("sample") + original.toHeader("sample", { mode: "assert" });
      assert.deepEqual(compileWith(compiler, args, source, suffix), { ok: true, output: "" });
    }
  });

  it("tells a reader which fields are in the other byte order", () => {
    assert.match(
      original.toHeader("sample"),
      byOrder(/uint32_t wire; \/\* big-endian \*\//, /uint32_t wire; \/\* little-endian \*\//),
    );
  });

  it("declares a struct that is used twice once", () => {
    const point = struct({ x: c.i32 }, { name: "point" });
    const header = struct({ a: point, b: c.array(point, 2) }).toHeader("pair");
    assert.equal(header.match(/^struct point \{/gm)?.length, 1);
    const other = struct({ y: c.i32 }, { name: "point" });
    assert.throws(() => struct({ a: point, b: other }).toHeader("pair"), /Two different structs are named point/);
  });

  it("refuses names that C or C++ reserve", () => {
    for (const name of ["int", "class", "not"])
      assert.throws(() => struct({ [name]: c.u8 }).toHeader("x"), /a name that C and C\+\+ allow/);
    assert.throws(() => original.toHeader("a b"), /a name that C and C\+\+ allow/);
  });

  // Each was found by fuzzing: what it declares must compile, which the assertions in it check.
  const declares: Record<string, Fields> = {
    "an anonymous struct that is aligned": { inner: c.anonymous(struct({ a: c.u8 }, { align: 32 })) },
    "an anonymous struct that is packed": {
      first: c.u8,
      inner: c.anonymous(struct({ a: c.u8, b: c.u32 }, { packed: true })),
    },
    "an anonymous union within an anonymous struct": {
      inner: c.anonymous(struct({ a: c.u8, b: c.anonymous(c.union({ d: c.u32, e: c.f32 })) })),
    },
  };
  for (const [what, declared] of Object.entries(declares)) {
    it(`declares ${what}`, () => {
      const source = struct(declared, { layout: hostLayout }).toHeader("sample");
      for (const [, compiler, args, suffix] of languages) {
        // ISO C++ has no anonymous structs; every compiler does.
        const spelled = args.map((each) => each.replace("=c", "=gnu"));
        assert.deepEqual(compileWith(compiler, spelled, source, suffix), { ok: true, output: "" });
      }
    });
  }

  it("refuses what C cannot declare", () => {
    const two = { a: c.enum({ ONE: 1 }, { name: "a_B" }), b: c.enum({ B_ONE: 1 }, { name: "a" }) };
    assert.throws(() => struct(two).toHeader("sample"), /Two constants are named A_B_ONE/);
    assert.throws(() => struct({}).toHeader("sample"), /no struct without a byte/);
    const hidden = { inner: c.anonymous(struct({ sample: c.u8 })) };
    assert.throws(() => struct(hidden).toHeader("sample"), /cannot have the name of the struct/);
    for (const name of ["HOSTMQ_ASSERT", "NULL", "size_t", "INT32_MAX"])
      assert.throws(() => struct({ [name]: c.u8 }).toHeader("sample"), TypeError, name);
  });
});
