/** The quick start of the README, its programs as they stand there, in an empty folder. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { PosixQueue } from "hostmq";
import { shell } from "../helpers/cli.js";
import { type Program, root, runToEnd, skipUnless, start } from "../helpers/peers.js";
import { describeInPrivateNamespace } from "../helpers/private-namespace.js";

const page = readFileSync(join(root, "README.md"), "utf8");

/** The block behind a text of the page. */
function block(text: string, language: string): string {
  const place = page.indexOf(text);
  assert.ok(place !== -1, `the README does not say ${text}`);
  const body = new RegExp(`\`\`\`${language}\n(.*?)\n\`\`\``, "su").exec(page.slice(place))?.[1];
  assert.ok(body !== undefined);
  return body;
}

function folderWith(t: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "readme-"));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/hostmq"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const quickStart = {
  "receive.mjs": block("`receive.mjs`", "ts"),
  "send.mjs": block("`send.mjs`", "ts"),
  "greet.c": block("`greet.c`", "c"),
};

const node = (t: TestContext, folder: string, script: string): Program =>
  start(t, process.execPath, [script], { cwd: folder });

describeInPrivateNamespace("the README", import.meta.url, {}, () => {
  test("the first program prints its message", async (t) => {
    const folder = folderWith(t, {
      "first.mjs": block("There is no daemon", "ts").replace("json<{ id: number }>", "json"),
    });
    const first = node(t, folder, "first.mjs");
    assert.deepEqual([await first.rest(), (await first.exited).code], [["1 5"], 0], first.stderr);
    PosixQueue.unlink("/jobs");
  });

  test("the receiver prints what both senders send, C among them, and removes the queue", async (t) => {
    const noCompiler = skipUnless("gcc", "gcc", ["--version"]);
    if (noCompiler !== false) {
      t.skip(noCompiler);
      return;
    }
    const folder = folderWith(t, quickStart);
    const receiver = node(t, folder, "receive.mjs");
    const { status, stderr } = runToEnd("sh", ["-ec", `until ${block("waits:", "sh")}; do sleep 0.1; done`], {
      cwd: folder,
    });
    assert.equal(status, 0, stderr);
    assert.equal(await receiver.line(), "3 hello from C");
    assert.equal((await node(t, folder, "send.mjs").exited).code, 0);
    assert.deepEqual(await receiver.rest(), ["0 hello", "0 bye"]);
    assert.equal((await receiver.exited).code, 0);
    assert.throws(() => PosixQueue.open("/greetings"), { code: "ENOENT" });
  });

  test("started the other way round, the messages wait in the kernel", async (t) => {
    const folder = folderWith(t, quickStart);
    assert.equal((await node(t, folder, "send.mjs").exited).code, 0);
    assert.deepEqual(await node(t, folder, "receive.mjs").rest(), ["0 hello", "0 bye"]);
  });

  test("the commands of the shell print what the page says", () => {
    const steps = block("## From the shell", "console")
      .split(/^\$ /mu)
      .slice(1)
      .map((step) => step.split("\n"));
    assert.ok(steps.length > 3);
    for (const [line = "", ...expected] of steps) {
      const { status, stdout, stderr } = shell(line);
      assert.equal(status, 0, `${line}: ${stderr}`);
      assert.equal(stdout.trimEnd(), expected.join("\n").trimEnd(), line);
    }
  });

  test("the program for System V prints what it took", async (t) => {
    const source = block("See [docs/codecs.md]", "ts")
      .replace(/interface [^}]*\}/u, "")
      .replace("json<Order>", "json");
    const folder = folderWith(t, { "order.mjs": source });
    const order = node(t, folder, "order.mjs");
    assert.deepEqual([await order.rest(), (await order.exited).code], [["7 tea"], 0], order.stderr);
  });
});
