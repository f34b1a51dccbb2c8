#!/usr/bin/env node
// Reads what gcov writes as JSON, one line for each object, and prints a table of the files of native/.
import { readFileSync } from "node:fs";
import { relative } from "node:path";

/** Times that each line ran, by file; a header counts in every object that includes it. */
const files = new Map();
for (const text of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  for (const { file, lines } of JSON.parse(text).files) {
    const path = relative(process.cwd(), file);
    if (!path.startsWith("native/")) continue;
    const counts = files.get(path) ?? new Map();
    for (const { line_number: number, count } of lines) counts.set(number, (counts.get(number) ?? 0) + count);
    files.set(path, counts);
  }
}

/** `3, 7-9` */
function ranges(numbers) {
  const out = [];
  for (const number of numbers) {
    const last = out.at(-1);
    if (last?.[1] === number - 1) last[1] = number;
    else out.push([number, number]);
  }
  return out.map(([first, last]) => (first === last ? first : `${first}-${last}`)).join(", ");
}

const percent = (part, whole) => `${((100 * part) / whole).toFixed(1)} %`.padStart(8);
let reached = 0;
let all = 0;
for (const [path, counts] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const missed = [...counts].filter(([, count]) => count === 0).map(([number]) => number);
  reached += counts.size - missed.length;
  all += counts.size;
  console.log(
    `${path.padEnd(34)}${percent(counts.size - missed.length, counts.size)}  ${ranges(missed.sort((a, b) => a - b))}`,
  );
}
if (all === 0) {
  console.error("coverage: nothing ran");
  process.exitCode = 1;
} else console.log(`${"all".padEnd(34)}${percent(reached, all)}  of ${all} lines`);
