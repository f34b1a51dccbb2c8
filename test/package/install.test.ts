/** Installed by each package manager, without network, compiler and install scripts, the package works. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { uniqueName } from "../helpers/names.js";
import { cannotInstall, managers, packed, Project } from "./installed.js";

const roundTrip = new URL("./round-trip.child.js", import.meta.url);

// scripts/test-matrix adds Bun, Deno and other versions of Node: one command on each line.
const others = (process.env.HOSTMQ_TEST_RUNTIMES ?? "").split("\n").filter((line) => line !== "");
const runtimes = [[process.execPath], ...others.map((line) => line.split(" "))];

describe("the packed package", { skip: cannotInstall() }, () => {
  let tarball = "";
  const cleanups: (() => void | Promise<void>)[] = [];
  before(() => {
    tarball = packed({ after: (cleanup: () => void | Promise<void>) => void cleanups.push(cleanup) });
  });
  after(async () => {
    for (const cleanup of cleanups) await cleanup();
  });

  for (const manager of Object.keys(managers)) {
    test(`${manager} installs it without network and compiler, and both families work, imported and required`, (t) => {
      const project = new Project(t);
      project.install(manager, tarball);
      assert.ok(!existsSync(join(project.folder, "node_modules/hostmq/build")), "nothing was compiled");
      for (const runtime of runtimes) {
        const { status, stdout, stderr } = project.runScript(runtime, roundTrip, [uniqueName()]);
        assert.equal(stdout, "round trip\n", `${runtime.join(" ")}: ${stderr}`);
        assert.equal(status, 0, `${runtime.join(" ")}: ${stderr}`);
      }
    });
  }
});
