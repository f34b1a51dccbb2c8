/** What readelf prints of an object file: an error in words, or source that says what was translated, and nothing else. */
import assert from "node:assert/strict";
import { c, struct, type Fields, type Struct } from "hostmq";
import { declaredIn } from "#hostmq/codegen/declared";
import { unlessRefused, type Target } from "../engine/target.js";

export const target: Target = (input) => {
  const declared = unlessRefused(() => declaredIn(input.toString("utf8"), ["struct asked"]), [Error]);
  if (declared === undefined) return;
  const made: Record<string, Struct<Fields>> = {};
  for (const { name, c: spelled, source, struct: translated } of declared) {
    assert.match(name, /^[A-Za-z_$][\w$]*$/);
    assert.match(spelled, /^[\w$ ]+$/);
    const written = evaluated(source, made);
    made[name] = written;
    assert.deepEqual([written.size, written.alignment], [translated.size, translated.alignment]);
    assert.deepEqual(written.offsets, translated.offsets);
  }
};

/** Names, numbers, quoted strings and the calls of `c`: nothing that a name in an object file could bring along. */
const harmless = /^(?:[\w$]|\s|[{}()[\],.:-]|"(?:[^"\\\n]|\\.)*")*$/;

function evaluated(source: string, made: Record<string, Struct<Fields>>): Struct<Fields> {
  assert.match(source, harmless);
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- it was looked at just now
  const evaluate = new Function("c", "struct", ...Object.keys(made), `"use strict"; return ${source};`) as (
    ...parameters: unknown[]
  ) => Struct<Fields>;
  return evaluate(c, struct, ...Object.values(made));
}
