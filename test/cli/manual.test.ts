/** Manual page, completions, code generation, and how long it takes to begin. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { PosixQueue } from "hostmq";
import { commands } from "#hostmq/cli/manifest";
import { command, hostmq, shell } from "../helpers/cli.js";
import { posixName } from "../helpers/names.js";
import { root, runToEnd, skipUnless } from "../helpers/peers.js";

test("the manual page and docs/cli.md are what the commands say", () => {
  const { status, stderr } = runToEnd(join(root, "scripts/generate-manual"), ["--check"]);
  assert.equal(status, 0, stderr);
});

test("a global install brings the manual page: npm links only what is in a list", () => {
  const { man } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { man: unknown };
  assert.ok(Array.isArray(man));
  assert.deepEqual(man, ["./docs/man/hostmq.1"]);
  assert.ok(existsSync(join(root, String(man[0]))));
});

test("the list of commands and the commands say the same", async () => {
  for (const [name, entry] of Object.entries(commands)) {
    const command = await entry.load();
    assert.deepEqual([command.name, command.summary], [name, entry.summary]);
    assert.ok(command.examples.length > 0);
  }
});

/** What bash would offer for these words, the last of which is being typed. */
function offered(...words: string[]): string[] {
  const script = `eval "$(hostmq completion bash)"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _hostmq; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = shell(`set -- ${words.map((word) => `'${word}'`).join(" ")}; ${script}`);
  assert.equal(stderr, "");
  return stdout.trim().split("\n");
}

test("bash completes commands, options, their words and queues", (t) => {
  const name = posixName(t);
  const queue = PosixQueue.create(name, { maxMessages: 1, maxMessageSize: 16 });
  t.after(() => {
    queue.close();
  });
  assert.deepEqual(offered("hostmq", "re"), ["receive", "request", "restore"]);
  assert.deepEqual(offered("hostmq", "ls", "--so"), ["--sort"]);
  assert.deepEqual(offered("hostmq", "ls", "--kind", "p"), ["posix"]);
  assert.deepEqual(offered("hostmq", "stat", name.slice(0, -2)), [name]);
});

for (const name of ["zsh", "fish"]) {
  test(`${name} reads its completions`, { skip: skipUnless(name, name, ["-c", "true"]) }, () => {
    const { stdout } = hostmq(["completion", name]);
    const { status, stderr } = spawnSync(name, ["-n"], { input: stdout, encoding: "utf8" });
    assert.equal(status, 0, stderr);
  });
}

test("every shell's completions know every command", () => {
  const names = [...hostmq(["--help"]).stdout.matchAll(/^ {2}(\S+) {2}/gmu)].map(([, name = ""]) => name);
  for (const shell of ["bash", "zsh", "fish"]) {
    const { status, stdout } = hostmq(["completion", shell]);
    assert.equal(status, 0);
    for (const name of names) assert.match(stdout, new RegExp(`\\b${name}\\b`, "u"), `${shell} ${name}`);
  }
  const other = hostmq(["completion", "bsh"]);
  assert.deepEqual([other.status, other.stderr.includes('did you mean "bash"')], [2, true]);
});

const noCompiler = skipUnless("gcc", "gcc", ["--version"]) || skipUnless("readelf", "readelf", ["--version"]);
test("codegen writes TypeScript for a header's struct", { skip: noCompiler }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), "cli-"));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  const header = join(folder, "job.h");
  writeFileSync(header, "struct job { int id; char name[SIZE]; };\n");
  const { status, stdout, stderr } = hostmq(["codegen", header, "--type", "struct job", "--define", "SIZE=12"]);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /16 bytes/u);
  assert.equal(hostmq(["codegen", header]).status, 2);
  const refused = hostmq(["codegen", header, "--type", "struct jbo"]);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /^hostmq: gcc refuses: .*\n/u);
  assert.doesNotMatch(refused.stderr, /\\x0a/u);
});

const hooks = `
import { appendFileSync } from "node:fs";
export async function load(url, context, next) {
  appendFileSync(new URL("loaded", import.meta.url), url + "\\n");
  return next(url, context);
}`;

test("a command loads only what it uses", (t) => {
  // Which modules were loaded is what startup costs; the time itself is for bench/.
  const folder = mkdtempSync(join(tmpdir(), "cli-"));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  writeFileSync(join(folder, "hooks.mjs"), hooks);
  writeFileSync(
    join(folder, "register.mjs"),
    'import { register } from "node:module"; register("./hooks.mjs", import.meta.url);',
  );
  const loaded = (...words: string[]): string => {
    writeFileSync(join(folder, "loaded"), "");
    spawnSync(process.execPath, ["--import", join(folder, "register.mjs"), command, ...words]);
    return readFileSync(join(folder, "loaded"), "utf8");
  };
  assert.equal(loaded("--version").match(/file:.*dist/gu)?.length, 1);
  const ls = loaded("ls");
  assert.match(ls, /cli\/ls\.js/u);
  assert.doesNotMatch(
    ls,
    /cli\/(?:send|receive|doctor|top)\.js|lib\/waiting\.js|dist\/waiting\.js|streams\.js|codec\//u,
  );
});
