/**
 * However far a handle's life has come, the program ends as it would without us: by itself with status 0, or as it was told
 * to, and never by a crash. `steps.ts` has the steps; here one program is in all of them at once.
 */
import { test } from "node:test";
import { assertProcessEnds, assertWorkersEnd, bound, endings, families, stepsOf } from "./ends.js";

for (const family of families) {
  for (const end of endings) {
    test(`${family}, at every step: ${end.called} of the process`, { timeout: bound }, async (t) => {
      await assertProcessEnds(t, family, stepsOf(family), end);
    });
  }
  test(`${family}, at every step: every end of a worker, and of its process`, { timeout: bound }, async (t) => {
    await assertWorkersEnd(t, family, stepsOf(family));
  });
}
