// Puts the figures of a run where people read them.
import { readFileSync, writeFileSync } from "node:fs";
import { scalingChart } from "./chart.mjs";
import { readmeTable } from "./table.mjs";

const file = (path) => new URL(`../../${path}`, import.meta.url);

export function writeDocs(results, tables, image) {
  writeFileSync(file("docs/performance.svg"), image);
  if (results.scaling !== undefined) writeFileSync(file("docs/scaling.svg"), scalingChart(results));
  replaceMeasured(file("docs/performance.md"), tables);
  replaceMeasured(file("README.md"), readmeTable(results));
}

/** What stands between the two marks belongs to the run. */
function replaceMeasured(page, text) {
  const whole = readFileSync(page, "utf8");
  const marked = /(?<=<!-- measured -->\n)[^]*(?=<!-- end of measured -->)/;
  if (!marked.test(whole)) throw new Error(`${page.pathname} has no place for what was measured`);
  writeFileSync(
    page,
    whole.replace(marked, () => `\n${text}\n`),
  );
}
