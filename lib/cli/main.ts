#!/usr/bin/env node
import { readFileSync } from "node:fs";

// The version is asked by scripts, often: it loads nothing else.
const words = process.argv.slice(2);
if (words.length === 1 && (words[0] === "--version" || words[0] === "-V")) {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  process.stdout.write(`${(JSON.parse(text) as { version: string }).version}\n`);
} else {
  const { runToExit } = await import("./program.js");
  await runToExit(words);
}
