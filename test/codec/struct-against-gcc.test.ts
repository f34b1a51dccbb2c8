import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import type { LayoutName } from "hostmq";
import { compileWith, workshop } from "./c-compiler.js";
import { hostLayout, isLittleEndian } from "./host.js";
import { Random, StructTeller, type ToldStruct } from "./random-struct.js";

const offsetOf = ({ offsets }: { offsets: object }, field: string): number | undefined =>
  (offsets as Record<string, number>)[field];

const STRUCTS = 200;
const VALUES = Number(process.env.HOSTMQ_STRUCT_VALUES ?? 1000);
const FIXED_SEED = 20_261_122;

const given = process.env.HOSTMQ_STRUCT_SEED;
const seed =
  given === undefined ? FIXED_SEED : given === "random" ? Math.floor(Math.random() * 2 ** 31) : Number(given);

// Reads each struct with C's own types into 64-bit words, and builds a fresh one from those words, field by field.
const program = (teller: StructTeller, structs: readonly ToldStruct[]): string => `
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static uint64_t words[4096];
static size_t at;
#define PUT(value) (words[at++] = (uint64_t)(value))
#define GET() (words[at++])
static void PUTD(double value) { memcpy(&words[at++], &value, 8); }
static double GETD(void) { double value; memcpy(&value, &words[at++], 8); return value; }
${teller.declarations.join("\n")}
${structs
  .map(
    ({ name, read, write }) => `
static void take_${name}(const unsigned char *in, size_t length, unsigned char *out) {
  struct ${name} *from = (struct ${name} *)aligned_alloc(64, 4096);
  struct ${name} *to = (struct ${name} *)aligned_alloc(64, 4096);
  (void)GETD;
  memcpy(from, in, length);
  memset(to, 0, 4096);
#define s (*from)
#define t (*to)
  at = 0;
  ${read.join("\n  ")}
  at = 0;
  ${write.join("\n  ")}
#undef s
#undef t
  memcpy(out, to, length);
  free(from);
  free(to);
}
static void layout_${name}(void) { printf("%zu %zu\\n", sizeof(struct ${name}), _Alignof(struct ${name})); }`,
  )
  .join("\n")}
static void (*const take[])(const unsigned char *, size_t, unsigned char *) = { ${structs.map(({ name }) => `take_${name}`).join(", ")} };
int main(int count, char **arguments) {
  (void)count;
  if (!strcmp(arguments[1], "layout")) {
${structs
  .map(
    ({ name, offsets }) =>
      `    layout_${name}();\n${offsets.map((field) => `    printf("${field} %zu\\n", offsetof(struct ${name}, ${field}));`).join("\n")}`,
  )
  .join("\n")}
    return 0;
  }
  static unsigned char in[4096], out[4096];
  uint32_t length;
  while (fread(&length, 4, 1, stdin) == 1) {
    if (length > sizeof in || fread(in, 1, length, stdin) != length) return 2;
    memset(out, 0, sizeof out);
    take[atoi(arguments[1])](in, length, out);
    uint32_t filled = (uint32_t)at;
    fwrite(&filled, 4, 1, stdout);
    fwrite(words, 8, at, stdout);
    fwrite(out, 1, length, stdout);
  }
  return 0;
}
`;

describe(`struct beside gcc: ${STRUCTS} structs of seed ${seed}`, () => {
  const random = new Random(seed);
  const teller = new StructTeller(random, hostLayout);
  const structs = Array.from({ length: STRUCTS }, () => teller.struct());
  const binary = join(workshop, "structs");

  before(() => {
    const { ok, output } = compileWith("gcc", ["-std=c11", "-w", "-O1", "-o", binary], program(teller, structs));
    assert.ok(ok, output.slice(0, 2000));
  });

  it("gives gcc's size, alignment and offsets", () => {
    const { stdout } = spawnSync(binary, ["layout"], { encoding: "utf8", maxBuffer: 2 ** 24 });
    const ours = structs.map(
      ({ codec, offsets }) =>
        `${codec.size} ${codec.alignment}\n${offsets.map((field) => `${field} ${offsetOf(codec, field)}\n`).join("")}`,
    );
    assert.equal(ours.join(""), stdout);
  });

  it(`brings ${VALUES} values of each from Node to C and back, bit for bit`, () => {
    structs.forEach((told, index) => {
      const values = Array.from({ length: VALUES }, () => told.random(random));
      const bodies = values.map((value) => told.codec.encode(value));
      const input = Buffer.concat(bodies.flatMap((body) => [Buffer.from(new Uint32Array([body.length]).buffer), body]));
      const { stdout, status } = spawnSync(binary, [String(index)], { input, maxBuffer: 2 ** 30 });
      assert.equal(status, 0);
      let at = 0;
      values.forEach((value, which) => {
        const body = bodies[which] as Buffer;
        // In the byte order of this machine, as the program wrote them.
        const view = new DataView(stdout.buffer, stdout.byteOffset + at);
        const seen = Array.from({ length: view.getUint32(0, isLittleEndian) }, (_, word) =>
          view.getBigUint64(4 + 8 * word, isLittleEndian),
        );
        at += 4 + 8 * seen.length;
        const back = stdout.subarray(at, at + body.length);
        at += body.length;
        const expected = told.words(value);
        const same = seen.length === expected.length && seen.every((word, n) => word === expected[n]);
        if (!same) assert.deepEqual(seen, expected, `${told.name}: C sees other values`);
        if (!back.equals(body))
          assert.equal(back.toString("hex"), body.toString("hex"), `${told.name}: C builds other bytes`);
        assert.deepEqual(told.codec.decode(back), value, told.name);
      });
      assert.equal(at, stdout.length);
    });
  });

  for (const [language, compiler, args, suffix] of [
    ["C", "gcc", ["-std=c11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"], ".c"],
    ["C++", "g++", ["-std=c++17", "-Wall", "-Wextra", "-Werror", "-Wno-invalid-offsetof", "-fsyntax-only"], ".cc"],
  ] as const) {
    it(`writes headers that compile as ${language}`, () => {
      const failures = structs.flatMap(({ name, codec }) => {
        const { ok, output } = compileWith(compiler, args, codec.toHeader(name), suffix);
        return ok ? [] : [`${name}: ${output.slice(0, 600)}`];
      });
      assert.deepEqual(failures, []);
    });
  }
});

describe("struct for 32-bit programs", () => {
  for (const [layout, compiler, flags, missing] of [
    ["i386", "gcc", ["-m32"], "this gcc has no -m32"],
    ["ilp32", "arm-linux-gnueabihf-gcc", [], "there is no arm-linux-gnueabihf-gcc"],
  ] as const) {
    it(`gives the layout of ${[compiler, ...flags].join(" ")} for ${layout}`, (t) => {
      if (spawnSync(compiler, [...flags, "-fsyntax-only", "-x", "c", "/dev/null"]).status !== 0) {
        t.skip(missing);
        return;
      }
      const source = assertionsOf(layout);
      const { ok, output } = compileWith(
        compiler,
        [...flags, "-ffreestanding", "-std=c11", "-w", "-fsyntax-only"],
        source,
      );
      assert.ok(ok, output.slice(0, 3000));
    });
  }
});

/** C that compiles where each struct is laid out as ours. */
function assertionsOf(layout: LayoutName): string {
  const teller = new StructTeller(new Random(seed), layout);
  const structs = Array.from({ length: STRUCTS }, () => teller.struct());
  const asserts = structs.flatMap(({ name, codec, offsets }) => [
    `_Static_assert(sizeof(struct ${name}) == ${codec.size}, "${name}: size ${codec.size}");`,
    `_Static_assert(_Alignof(struct ${name}) == ${codec.alignment}, "${name}: alignment ${codec.alignment}");`,
    ...offsets.map(
      (field) => `_Static_assert(offsetof(struct ${name}, ${field}) == ${offsetOf(codec, field)}, "${name}.${field}");`,
    ),
  ]);
  return [
    "#include <stdbool.h>",
    "#include <stddef.h>",
    "#include <stdint.h>",
    ...teller.declarations,
    ...asserts,
  ].join("\n");
}
