import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { compileWith, workshop } from "./c-compiler.js";

const root = new URL("../../../", import.meta.url).pathname;
const include = ["-I", join(root, "include")];
const program = readFileSync(join(root, "test/c/hostmq-header.c"), "utf8");

describe("hostmq.h", () => {
  for (const [language, compiler, args, suffix] of [
    ["C99", "gcc", ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic"], ".c"],
    ["C11", "gcc", ["-std=c11", "-Wall", "-Wextra", "-Werror", "-pedantic"], ".c"],
    ["gcc's own C", "gcc", ["-Wall", "-Wextra", "-Werror"], ".c"],
    ["C++", "g++", ["-std=c++17", "-Wall", "-Wextra", "-Werror", "-pedantic"], ".cc"],
  ] as const) {
    it(`compiles as ${language} without a warning, and works`, (t) => {
      const binary = join(workshop, "hostmq-header");
      const { ok, output } = compileWith(compiler, [...args, ...include, "-o", binary], program, suffix);
      assert.ok(ok, output);
      assert.equal(output, "");
      const { status, stderr } = spawnSync(binary, { encoding: "utf8" });
      if (status === 77) {
        t.skip("no queue can be made here");
        return;
      }
      assert.equal(stderr, "");
      assert.equal(status, 0);
    });
  }

  it("leaves nothing unused to warn about in a program that only includes it", () => {
    const { ok, output } = compileWith(
      "gcc",
      ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-fsyntax-only", ...include],
      '#include "hostmq.h"\nint main(void) { return 0; }\n',
    );
    assert.ok(ok, output);
  });
});
