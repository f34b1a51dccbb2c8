/** Where no prebuilt file fits, the error names a command, and that command compiles the addon from the installed package. */
import assert from "node:assert/strict";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { uniqueName } from "../helpers/names.js";
import { type Outcome, skipUnless } from "../helpers/peers.js";
import { cannotInstall, packed, Project } from "./installed.js";

const roundTrip = new URL("./round-trip.child.js", import.meta.url);
const nodeRoot = join(process.execPath, "../..");

// What g++, make and the tools run themselves.
const compiler = ["g++", "gcc", "cc", "as", "ld", "ar", "ranlib", "nm", "strip"];
const shell = ["sh", "env", "uname", "cp", "rm", "ln", "mkdir", "touch", "printf", "dirname", "sed", "grep", "cat"];

const tools = {
  "node-gyp": ["npm", "npx", "make", "python3"],
  "cmake-js": ["cmake-js", "make", "cmake"],
} as const;

/** False where the addon can be compiled without network, else why not. */
function cannotCompile(): string | false {
  if (!existsSync(join(nodeRoot, "include/node/node_api.h"))) return "the headers of this Node are not here";
  return cannotInstall();
}

describe("hostmq build", { skip: cannotCompile() }, () => {
  let tarball = "";
  const cleanups: (() => void | Promise<void>)[] = [];
  before(() => {
    tarball = packed({ after: (cleanup: () => void | Promise<void>) => void cleanups.push(cleanup) });
  });
  after(async () => {
    for (const cleanup of cleanups) await cleanup();
  });

  /** The package in a project, as on a system that we have no file for. */
  function withoutPrebuiltFile(project: Project): void {
    project.install("npm", tarball);
    rmSync(join(project.folder, `node_modules/hostmq/prebuilds/linux-${process.arch}`), { recursive: true });
  }

  function runRoundTrip(project: Project): Outcome {
    return project.runScript([process.execPath], roundTrip, [uniqueName()]);
  }

  /** The command at the end of the error. */
  function advised({ stderr }: Outcome): string {
    assert.match(stderr, /ERR_HOSTMQ_LOAD: cannot load the addon for linux-.*\(no such file\)/u);
    const [, command = ""] = /compile the addon, which takes a C\+\+ compiler: (.*)$/mu.exec(stderr) ?? [];
    return command;
  }

  for (const [tool, programs] of Object.entries(tools)) {
    const skip = tool === "cmake-js" && skipUnless("cmake", "cmake", ["--version"]);
    test(`compiles with ${tool} what then works, without network`, { skip }, (t) => {
      const project = new Project(t, [...programs, ...compiler, ...shell]);
      withoutPrebuiltFile(project);
      const command = advised(runRoundTrip(project));
      assert.equal(command, "npx hostmq build");
      // Without npm, npx is not here either: this is what it would run.
      const words = tool === "node-gyp" ? ["sh", "-c", command] : ["node_modules/.bin/hostmq", "build"];
      const { status, stdout, stderr } = project.run(words);
      assert.equal(status, 0, stderr);
      assert.match(stderr, new RegExp(`compiling with ${tool}`, "u"));
      const addon = join(project.folder, "node_modules/hostmq/build/Release/hostmq.node");
      assert.equal(stdout, `${addon}\n`);
      assert.deepEqual(runRoundTrip(project), { status: 0, signal: null, stdout: "round trip\n", stderr: "" });
      // What an earlier build left, as in a copied folder, is not taken for up to date.
      writeFileSync(addon, "for another machine");
      assert.equal(project.run(["node_modules/.bin/hostmq", "build"]).status, 0);
      assert.equal(runRoundTrip(project).status, 0);
    });
  }

  test("says what is missing, and how to get it, where nothing can be compiled", (t) => {
    const project = new Project(t, ["npm", "env"]);
    withoutPrebuiltFile(project);
    const { status, stdout, stderr } = project.run(["node_modules/.bin/hostmq", "build"]);
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(
      stderr,
      /^hostmq: cannot compile with node-gyp, not on PATH: a C\+\+ compiler \(.*\); make; python3\n/u,
    );
    assert.match(stderr, /apt-get install g\+\+ make python3/u);
    const nothing = new Project(t, ["env"]);
    withoutPrebuiltFile(nothing);
    const other = nothing.run(["node_modules/.bin/hostmq", "build"]);
    assert.equal(other.status, 1);
    assert.match(other.stderr, /neither node-gyp nor cmake-js is here\nnpm install --save-dev node-gyp/u);
  });

  test("tells when the compiler fails, and the command outside of a project", (t) => {
    const project = new Project(t, ["npm", "make", "python3", "false", ...shell]);
    withoutPrebuiltFile(project);
    const { status, stderr } = project.run(["env", "CXX=false", "node_modules/.bin/hostmq", "build"]);
    assert.equal(status, 1);
    assert.match(stderr, /node-gyp ended with status 1; what it said is above\n$/u);
    const script = `process.chdir("/var/tmp"); await import("${project.folder}/node_modules/hostmq/dist/index.js")`;
    const elsewhere = project.run([process.execPath, "--input-type=module", "-e", script]);
    assert.equal(advised(elsewhere), `node ${project.folder}/node_modules/hostmq/dist/cli/main.js build`);
  });
});
