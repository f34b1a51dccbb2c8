/** What the fuzzers start from, and everything that they found once: each input is refused or read as its target says. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../helpers/peers.js";
import type { Target } from "./engine/target.js";

const corpora = join(root, "test/fuzz/corpus");
// Those of C and C++ have programs of their own, which clang makes.
const programs = new Set(readdirSync(join(root, "test/fuzz/native")).map((file) => file.replace(/\.\w+$/, "")));

for (const name of readdirSync(corpora).filter((folder) => !programs.has(folder))) {
  test(`every input of the corpus of ${name} keeps what its target says`, async (t) => {
    const { target } = (await import(`./targets/${name}.js`)) as { readonly target: Target };
    for (const file of readdirSync(join(corpora, name))) {
      await t.test(file, () => {
        target(readFileSync(join(corpora, name, file)));
      });
    }
  });
}
