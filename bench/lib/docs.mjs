// Puts the figures of a run where people read them.
import { readFileSync, writeFileSync } from "node:fs";
import { scalingChart } from "./chart.mjs";
import { readmeTable } from "./table.mjs";
import { usualDepth } from "./usual-limits.mjs";

const file = (path) => new URL(`../../${path}`, import.meta.url);

/** A run over deeper queues than usual has a place of its own. */
export function writeDocs(results, tables, image) {
  if (results.depth > usualDepth) {
    replaceMeasured(file("docs/performance.md"), tables, "deep queues");
    return;
  }
  writeFileSync(file("docs/performance.svg"), image);
  if (results.scaling !== undefined) writeFileSync(file("docs/scaling.svg"), scalingChart(results));
  replaceMeasured(file("docs/performance.md"), tables, "measured");
  replaceMeasured(file("README.md"), readmeTable(results), "measured");
}

/** What stands between the two marks belongs to the run. */
function replaceMeasured(page, text, mark) {
  const whole = readFileSync(page, "utf8");
  const marked = new RegExp(`(?<=<!-- ${mark} -->\n)[^]*(?=<!-- end of ${mark} -->)`);
  if (!marked.test(whole)) throw new Error(`${page.pathname} has no place for what was measured`);
  writeFileSync(
    page,
    whole.replace(marked, () => `\n${text}\n`),
  );
}
