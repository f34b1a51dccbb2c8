/** The entry points are bundles: what they share exists once, and importing one loads few files and nothing of no use. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import * as hostmq from "hostmq";
import * as sys from "hostmq/sys";
import * as internal from "#hostmq/errors/queue-error";
import { root } from "../helpers/peers.js";

const require = createRequire(import.meta.url);
const gone = "/hostmq-test-that-nobody-made";

function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

test("all entry points, and require, share one set of classes", () => {
  assert.equal(require("hostmq"), hostmq);
  assert.equal(internal.QueueError, hostmq.QueueError);
  // The constructor itself: `instanceof` also knows the errors of another copy.
  for (const call of [() => hostmq.PosixQueue.open(gone), () => sys.mq_open(gone, sys.O_RDONLY)])
    assert.equal((thrownBy(call) as Error).constructor, hostmq.QueueError);
});

/** What a fresh process has loaded after it imported an entry point: our files, and Node's own modules. */
function loadedBy(entry: string): { files: string[]; builtins: string[] } {
  const script = `
    const before = new Set(process.moduleLoadList);
    await import("${entry}");
    console.log(JSON.stringify(process.moduleLoadList.filter((name) => !before.has(name))));`;
  const watch = `data:text/javascript,${encodeURIComponent(`
    import { writeSync } from "node:fs";
    export async function load(url, context, next) {
      if (url.includes("/dist/")) writeSync(2, url + "\\n");
      return next(url, context);
    }`)}`;
  const register = `data:text/javascript,${encodeURIComponent(
    `import { register } from "node:module"; register(${JSON.stringify(watch)});`,
  )}`;
  const run = (...options: string[]) =>
    spawnSync(process.execPath, [...options, "--input-type=module", "-e", script], { cwd: root, encoding: "utf8" });
  return {
    files: run("--import", register).stderr.match(/(?<=\/dist\/).*/gu) ?? [],
    builtins: JSON.parse(run().stdout) as string[],
  };
}

test('importing "hostmq" loads three files, and no module of Node that costs much', () => {
  const { files, builtins } = loadedBy("hostmq");
  assert.deepEqual(files, ["index.js", "core.js", "base.js"]);
  assert.ok(builtins.length > 0, "the list tells what was loaded");
  assert.deepEqual(
    builtins.filter((name) => /NativeModule (?:stream|child_process|worker_threads|v8|net|util)$/u.test(name)),
    [],
  );
});

test("what a published file imports, at once or later, is published too", () => {
  const dist = join(root, "dist");
  const internals = join(dist, "internals");
  const files = readdirSync(dist, { recursive: true, encoding: "utf8" })
    .map((file) => join(dist, file))
    .filter((file) => file.endsWith(".js") && !file.startsWith(internals));
  const imported = files.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/(?:from|import\() ?"(\.[^"]+)"/gu)].map(([, path = ""]) =>
      join(dirname(file), path),
    ),
  );
  assert.ok(
    imported.some((file) => file.endsWith("queue.js")),
    "imports are found",
  );
  assert.deepEqual(
    imported.filter((file) => !existsSync(file) || file.startsWith(internals)),
    [],
  );
});

test("declarations use no typed array with an argument, which TypeScript before 5.7 does not know", () => {
  const dist = join(root, "dist");
  const declarations = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".d.ts"),
  );
  assert.ok(declarations.includes("native.d.ts"));
  assert.deepEqual(
    declarations.filter((file) => /\b(?:Buffer|DataView|\w+Array)<Array/u.test(readFileSync(join(dist, file), "utf8"))),
    [],
  );
});

test("a stack trace shows the names of the functions, and with source maps the lines of the sources", () => {
  const script = `import { PosixQueue } from "hostmq"; try { PosixQueue.open("${gone}") } catch (e) { console.log(e.stack) }`;
  const stackWith = (...options: string[]): string =>
    spawnSync(process.execPath, [...options, "--input-type=module", "-e", script], { cwd: root, encoding: "utf8" })
      .stdout;
  assert.match(stackWith(), /at (?:Function|PosixQueue)\.open \(.*dist\/core\.js:\d+/u);
  assert.match(stackWith("--enable-source-maps"), /lib\/posix\/queue\.ts:\d+/u);
});

test("the bundles are the same where the clone lies in a folder called lib", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "hostmq-clone-"));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  const clone = join(folder, "lib/clone");
  for (const file of ["lib", "package.json", "rolldown.config.js", "tsconfig.base.json"])
    cpSync(join(root, file), join(clone, file), { recursive: true });
  for (const internals of ["test", "scripts", "bench"]) mkdirSync(join(clone, internals));
  symlinkSync(join(root, "node_modules"), join(clone, "node_modules"));
  const { status, stdout, stderr } = spawnSync(join(root, "node_modules/.bin/rolldown"), ["--config"], {
    cwd: clone,
    encoding: "utf8",
  });
  assert.equal(status, 0, stdout + stderr);
  for (const file of ["base.js", "core.js", "index.js", "cli/beginning.js", "cli/main.js"])
    assert.ok(existsSync(join(clone, "dist", file)), file);
});
