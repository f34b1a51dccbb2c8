/** The examples of docs/cli.md, the manual page and --help, run as they are printed. */
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { PosixQueue, SysVQueue } from "hostmq";
import { commands } from "#hostmq/cli/manifest";
import { command, inTerminal, noTerminal, shell } from "../helpers/cli.js";
import { skipUnless, start } from "../helpers/peers.js";
import { describeInPrivateNamespace } from "../helpers/private-namespace.js";
import { type Example, outcomes, type Scene } from "./examples.js";

const key = 0x1234;

/** Programs and files that the examples take for granted. */
const programs = {
  resize: "cat >> resized",
  worker: "cat > worked",
  alert: "cat > alerted",
  batch: "echo batch",
  server: "cat /proc/sys/fs/mqueue/msg_max",
  curl: 'cat > /dev/null; echo "$@" >> fetched',
  mail: 'cat > /dev/null; echo "$@" > mailed',
  jq: 'exec $(PATH=${PATH#*:} command -v jq) --unbuffered "$@"',
  scp: "cp remote.jsonl jobs.jsonl",
};
const files = {
  "a.png": "",
  "b.png": "",
  file: "x".repeat(20_000),
  "protocol.h": "struct job { int id; char name[12]; };\n",
  "package.json": '{ "scripts": { "test": "echo tested" } }',
};
const folders = [".local/share/bash-completion/completions", ".zfunc", ".config/fish/completions"];

/** A queue of each family with messages, and a folder with those programs and files. */
function setScene(t: TestContext): Scene {
  const folder = mkdtempSync(join(tmpdir(), "examples-"));
  for (const [name, body] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  writeFileSync(join(folder, "hostmq"), `#!/bin/sh\nexec '${process.execPath}' '${command}' "$@"\n`, { mode: 0o755 });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  for (const name of folders) mkdirSync(join(folder, name), { recursive: true });

  const jobs = PosixQueue.create("/jobs", { maxMessages: 10, maxMessageSize: 1024 });
  const numbered = SysVQueue.create(key);
  jobs.trySend("one", { priority: 5 });
  jobs.trySend("two");
  numbered.trySend("hundred", { type: 100 });
  numbered.trySend("seven", { type: 7 });
  t.after(() => {
    jobs.close();
    numbered.close();
    for (const { name } of PosixQueue.list()) PosixQueue.unlink(name);
    for (const { id } of SysVQueue.list()) SysVQueue.fromId(id).remove();
    rmSync(folder, { recursive: true });
  });
  return {
    posix: () => jobs.attributes().currentMessages,
    sysv: () => numbered.status().messages,
    file: (name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : ""),
    folder,
    environment: { PATH: `${folder}:${process.env.PATH ?? ""}`, HOME: folder },
  };
}

/** Runs a line that never ends until it has done what it should. */
async function runUntil(t: TestContext, line: string, scene: Scene, done: (stdout: string) => boolean): Promise<void> {
  const program = start(t, "bash", ["-c", line], {
    cwd: scene.folder,
    env: { ...process.env, ...scene.environment },
    detached: true,
  });
  let stdout = "";
  program.child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
  const { pid } = program.child;
  assert.ok(pid !== undefined);
  try {
    for (let tries = 0; !done(stdout); tries += 1) {
      assert.ok(tries < 400, `${line} has not done it after 20 s: ${stdout}${program.stderr}`);
      await sleep(50);
    }
  } finally {
    process.kill(-pid, "SIGINT");
  }
  await program.exited;
}

async function run(t: TestContext, line: string, example: Example): Promise<void> {
  const scene = setScene(t);
  const enter = `cd '${scene.folder}'; PATH='${scene.folder}':$PATH`;
  if (example.before !== undefined) {
    const { status, stderr } = shell(`${enter}; ${example.before}`, scene.environment);
    assert.equal(status, 0, stderr);
  }
  if (example.until !== undefined) {
    await runUntil(t, line, scene, (stdout) => example.until?.(scene, stdout) === true);
  } else if (example.types !== undefined) {
    const words = line.split(" ").map((word) => word.replaceAll("'", ""));
    const { status, stdout } = inTerminal(words.slice(1), [example.types]);
    assert.equal(status, 0, stdout);
  } else {
    const { status, stdout, stderr } = shell(
      `${enter}; set -o pipefail; ${example.beside ?? ":"}\n${line}`,
      scene.environment,
    );
    assert.equal(status, example.status ?? 0, stdout + stderr);
    if (example.prints !== undefined) assert.match(stdout, example.prints);
    if (example.tells !== undefined) assert.match(stderr, example.tells);
  }
  example.leaves?.(scene);
}

const needs = {
  jq: skipUnless("jq", "jq", ["--version"]),
  gcc: skipUnless("gcc", "gcc", ["--version"]) || skipUnless("readelf", "readelf", ["--version"]),
  terminal: noTerminal,
  "an installed package": "test/package/build.test.ts compiles in one, and not this clone's addon under other tests",
  root: process.getuid?.() === 0 ? false : "another group is for root to give",
};

const lines = await Promise.all(
  Object.values(commands).map(async (entry) => (await entry.load()).examples.map(({ line }) => line)),
);

describeInPrivateNamespace("the examples of the commands", import.meta.url, { mount: true, timeout: 600_000 }, () => {
  test("each has an outcome, and each outcome an example", () => {
    assert.deepEqual(Object.keys(outcomes).sort(), lines.flat().sort());
  });
  for (const line of lines.flat()) {
    const example = outcomes[line];
    if (example === undefined) continue;
    const skip = example.needs === undefined ? false : needs[example.needs];
    test(line, { skip }, async (t) => {
      await run(t, line, example);
    });
  }
});
