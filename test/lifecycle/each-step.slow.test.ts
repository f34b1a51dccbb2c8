/** As lifecycle.test.ts, with a program of its own for each step, so that no step hides another's failure. */
import { test } from "node:test";
import { assertProcessEnds, assertWorkersEnd, bound, endings, families, stepsOf } from "./ends.js";

for (const family of families) {
  for (const step of stepsOf(family)) {
    for (const end of endings) {
      test(`${family}, ${step}: ${end.called} of the process`, { timeout: bound }, async (t) => {
        await assertProcessEnds(t, family, [step], end);
      });
    }
    test(`${family}, ${step}: every end of a worker, and of its process`, { timeout: bound }, async (t) => {
      await assertWorkersEnd(t, family, [step]);
    });
  }
}
