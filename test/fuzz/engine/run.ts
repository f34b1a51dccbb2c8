/**
 * Fuzzes one target, or runs it on files:
 *
 *   node run.js TARGET ENGINE [libFuzzer's options and corpora]
 *   node run.js TARGET --replay FILE…
 */
import { readFileSync } from "node:fs";
import { createRequire, register } from "node:module";
import { instrumented, type Engine } from "./instrumented.js";
import type { Target } from "./target.js";

const [name = "", engine = "", ...words] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const load = async (): Promise<Target> =>
  ((await import(`../targets/${name}.js`)) as { readonly target: Target }).target;

if (engine === "--replay") {
  const target = await load();
  for (const file of words) target(readFileSync(file));
} else {
  const libFuzzer = require(engine) as Engine;
  Object.assign(globalThis, instrumented(libFuzzer));
  // Counts the edges of the package and of nothing else; what a target itself does is no progress.
  register(require.resolve("@jazzer.js/instrumentor/dist/esm-loader.mjs"), import.meta.url, {
    data: { includes: ["/dist/"], excludes: ["/node_modules/", "/build/"], coverage: false, seed: 1 },
  });
  const target = await load();
  const guarded = (input: Buffer): void => {
    try {
      target(input);
    } catch (error) {
      console.error(error);
      throw error;
    }
  };
  libFuzzer.run(guarded, [`${process.execPath} ${process.argv[1] ?? ""} ${name} ${engine}`, ...words]);
}
