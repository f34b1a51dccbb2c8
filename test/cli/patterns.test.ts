/** Patterns of names: what they match, and that no pattern takes long. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { patternOf } from "#hostmq/cli/address";

/** What a shell would do, in the plainest way. */
function matches(pattern: string, name: string): boolean {
  const [first = "", rest] = [pattern[0], pattern.slice(1)];
  if (first === "") return name === "";
  if (first === "*") return matches(rest, name) || (name !== "" && matches(pattern, name.slice(1)));
  return name !== "" && (first === "?" || first === name[0]) && matches(rest, name.slice(1));
}

test("stars and question marks match what a shell matches", () => {
  const pattern = fc.string({ unit: fc.constantFrom("a", "b", "1", "*", "?", "."), maxLength: 8 });
  const name = fc.string({ unit: fc.constantFrom("a", "b", "1", "."), maxLength: 8 });
  let found = 0;
  fc.assert(
    fc.property(pattern, name, (one, other) => {
      const expected = matches(one, other);
      if (expected) found++;
      assert.equal(patternOf(one).test(other), expected);
    }),
    { numRuns: 5000 },
  );
  assert.ok(found > 100, `${found} matched`);
});

test("sets stand between stars as anywhere else", () => {
  const pattern = patternOf("/job*[!0-9]*[ab]?");
  assert.ok(pattern.test("/job-1-ax"));
  assert.ok(!pattern.test("/job12ax"));
  assert.ok(!pattern.test("/job-1-cx"));
});

test("forty stars take no time on a name that almost matches", () => {
  const start = performance.now();
  assert.ok(!patternOf(`${"*a".repeat(40)}b`).test("a".repeat(255)));
  assert.ok(!patternOf(`${"*".repeat(200)}b`).test("a".repeat(255)));
  assert.ok(performance.now() - start < 1000);
});
