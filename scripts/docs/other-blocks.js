// Checks the blocks of the pages that are not TypeScript.
import { spawnSync } from "node:child_process";

function said(command, words, input) {
  const { status, stderr, error } = spawnSync(command, words, { input, encoding: "utf8" });
  if (error !== undefined) return `cannot start ${command}: ${error.message}`;
  return status === 0 ? undefined : stderr.trim();
}

// A fragment is what stands in a function, behind its #include lines.
function checkC(text) {
  const fragment = !/^\w.*\{/m.test(text.replace(/^(?:if|else|for|while)\b.*/gm, ""));
  const whole = fragment ? text.replace(/^(?!#include)/m, "void block(void) {\n") + "\n}" : text;
  return said("gcc", ["-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-Iinclude", "-x", "c", "-"], whole);
}

function checkJson(text) {
  try {
    JSON.parse(text);
  } catch (error) {
    return error.message;
  }
}

/** By language: what is wrong, or undefined. What these cannot tell is the work of tests. */
const checks = {
  ts: () => undefined, // by typescript-blocks.js
  c: checkC,
  json: checkJson,
  sh: (text) => said("bash", ["-n"], text),
  console: (text) => said("bash", ["-n"], text.match(/(?<=^\$ ).*/gm)?.join("\n") ?? ""),
  python: () => undefined, // run by test/process/other-languages.test.ts
  php: () => undefined,
  perl: () => undefined,
  text: () => undefined,
};

/** Which test runs the shell of a page, as it is printed. Elsewhere a block says why it is not run. */
const runBy = [
  [/^README\.md$/, "test/process/readme.test.ts"],
  [/^docs\/cli\.md$/, "test/cli/examples.slow.test.ts"],
  [/^docs\/cookbook\.md$/, "test/cli/cookbook.test.ts"],
  [/^examples\/conversation\//, "test/process/conversation.test.ts"],
  [/^examples\//, "test/process/examples.test.ts"],
];

/** Adds to `faults` what is wrong, and to `notRun` the places of shell that nothing runs, with the reason. */
export function checkOthers(pages, faults, notRun) {
  for (const [page, { blocks }] of pages) {
    for (const { language, start, lines, notRun: reason } of blocks) {
      const where = `${page}:${start + 1}`;
      if (reason !== undefined) notRun.push(`${where}: ${reason}`);
      else if (["sh", "console"].includes(language) && !runBy.some(([pattern]) => pattern.test(page)))
        faults.push(`${where}: no test runs this; say why: <!-- not run: reason -->`);
      const indent = /^ */.exec(lines[0] ?? "")[0].length;
      const text = lines.map((line) => line.slice(indent)).join("\n");
      if (!Object.hasOwn(checks, language)) faults.push(`${where}: nothing checks a block in "${language}"`);
      else {
        const fault = checks[language](text);
        if (fault !== undefined) faults.push(`${where}: ${fault}`);
      }
    }
  }
}
