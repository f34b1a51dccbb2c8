// The pages that people read, taken apart.
import { readFileSync, readdirSync } from "node:fs";

const markdown = (folder, options) =>
  readdirSync(folder, options)
    .filter((name) => name.endsWith(".md"))
    .map((name) => (folder === "." ? name : `${folder}/${name}`));

/** Every page by its path, as its lines outside of fences (`prose`) and its fenced `blocks`. Line numbers begin at 0. */
export function readPages() {
  const paths = [...markdown("."), ...markdown("docs"), ...markdown("examples", { recursive: true })];
  return new Map(paths.map((path) => [path, parse(readFileSync(path, "utf8"))]));
}

/** A block begins with the language of its fence; `notRun` is the reason in `<!-- not run: reason -->` above it. */
function parse(text) {
  const prose = [];
  const blocks = [];
  let block;
  let notRun;
  text.split("\n").forEach((line, number) => {
    const fence = /^\s*```(.*)$/.exec(line);
    if (block === undefined && fence !== null) {
      block = { language: fence[1].trim(), start: number, lines: [], notRun };
    } else if (block !== undefined && fence !== null) {
      blocks.push(block);
      block = undefined;
      notRun = undefined;
    } else if (block !== undefined) block.lines.push(line);
    else {
      prose.push({ line: line.replace(/`[^`]*`/g, (code) => "`".repeat(code.length)), raw: line, number });
      if (line.trim() !== "") notRun = /^\s*<!-- not run: (.+) -->$/.exec(line)?.[1];
    }
  });
  return { prose, blocks };
}
