/**
 * The C header of any struct: what `struct` accepts is declared as gcc and g++ lay it out, without a warning; and no name
 * brings anything else into the header.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { Decisions } from "../engine/input.js";
import { randomStruct, tag } from "../engine/struct-from.js";
import { unlessRefused, type Target } from "../engine/target.js";

const identifier = "[A-Za-z_][A-Za-z0-9_]*";
const attribute = "(?: __attribute__\\(\\((?:packed)?(?:, )?(?:aligned\\(\\d+\\))?\\)\\))?";
/** Every line that the writer writes, with an identifier or a number in each place that is open. */
const lines = [
  `(?:struct|union|enum) ${identifier} \\{`,
  ` *(?:[a-z0-9_]+ )+\\*?${identifier}(?:\\[\\d*\\])*(?:${attribute})*;(?: /\\* (?:little|big)-endian \\*/)?`,
  ` *(?:[a-z0-9_]+ )*enum ${identifier} ${identifier}(?:\\[\\d*\\])*(?:${attribute})*;(?: /\\* (?:little|big)-endian \\*/)?`,
  ` *(?:struct|union|enum) ${identifier} ${identifier}(?:\\[\\d*\\])*(?:${attribute})*;(?: /\\* (?:little|big)-endian \\*/)?`,
  ` *(?:enum ${identifier}|[a-z0-9_ ]+) (?:${identifier})?: \\d+;`,
  " *(?:struct|union) \\{",
  ` *\\}(?:${attribute})*;?`,
  ` *${identifier} = (?:-?\\d+u?|\\(-2147483647 - 1\\)),?`,
  `HOSTMQ_ASSERT\\([A-Za-z0-9_ ().,*=\\[\\]]+, "${identifier}(?:\\.${identifier})?: [a-z0-9 ()-]+"\\);`,
  "#endif",
  "",
].map((line) => new RegExp(`^${line}$`));

export const target: Target = (input) => {
  const decisions = new Decisions(input);
  const cplusplus = decisions.below(4) === 0;
  const both = decisions.chance();
  const one = unlessRefused(() => randomStruct(decisions), [TypeError, RangeError]);
  if (one === undefined) return;
  const name = tag(decisions);
  const header = unlessRefused(() => one.toHeader(name), [TypeError]);
  if (header === undefined) return;
  const asserts = both ? one.toHeader(name, { mode: "assert" }) : "";
  for (const text of both ? [header, asserts] : [header]) assertPlain(text);
  assertCompiles(header + asserts, cplusplus);
};

function assertPlain(header: string): void {
  const open = header.slice(header.indexOf("HOSTMQ_ASSERT(sizeof(void *)"));
  for (const line of open.split("\n"))
    assert.ok(
      lines.some((known) => known.test(line)),
      `an unknown line in the header: ${JSON.stringify(line)}`,
    );
}

function assertCompiles(source: string, cplusplus: boolean): void {
  const [compiler, ...options] = cplusplus ? ["g++", "-xc++", "-std=gnu++17"] : ["gcc", "-xc", "-std=gnu17"];
  // What is packed on purpose may be less aligned than its type.
  const flags = [...options, "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-Wno-packed-not-aligned", "-"];
  const { status, stderr } = spawnSync(compiler, flags, { input: source, encoding: "utf8" });
  assert.equal(status, 0, `${stderr}\n${source}`);
}
