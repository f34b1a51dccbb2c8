// How long the command takes to begin, against `node -e 0`, in alternating runs: node bench/cli-startup.mjs [runs]
import { performance } from "node:perf_hooks";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const runs = Number(process.argv[2] ?? 30);
const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const commands = {
  "node -e 0": ["-e", "0"],
  "hostmq --version (at most 1.5)": [main, "--version"],
  "hostmq --help": [main, "--help"],
  "hostmq ls (at most 2)": [main, "ls"],
};

const times = new Map(Object.keys(commands).map((name) => [name, []]));
for (let run = 0; run < runs; run++) {
  for (const [name, words] of Object.entries(commands)) {
    const begin = performance.now();
    spawnSync(process.execPath, words, { stdio: "ignore" });
    times.get(name).push(performance.now() - begin);
  }
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const base = median(times.get("node -e 0"));
for (const [name, values] of times) {
  const middle = median(values);
  console.log(`${name.padEnd(32)} ${middle.toFixed(1).padStart(7)} ms  ${(middle / base).toFixed(2)}`);
}
