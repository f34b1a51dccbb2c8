/** The recipes of docs/cookbook.md, run as they are printed. */
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { hostmq, shell } from "../helpers/cli.js";
import { root } from "../helpers/peers.js";
import { describeInPrivateNamespace } from "../helpers/private-namespace.js";

interface Recipe {
  readonly title: string;
  readonly script: string;
}

function recipes(): Recipe[] {
  const found: Recipe[] = [];
  let title = "";
  let lines: string[] | undefined;
  for (const line of readFileSync(join(root, "docs/cookbook.md"), "utf8").split("\n")) {
    if (line.startsWith("## ")) title = line.slice(3);
    if (line === "```sh") lines = [];
    else if (line === "```" && lines !== undefined) {
      found.push({ title, script: lines.join("\n") });
      lines = undefined;
    } else lines?.push(line);
  }
  return found;
}

/** What each is to print, or to leave in a file; in the order of the page. */
const outcomes: readonly ((stdout: string, file: (name: string) => string) => void)[] = [
  (_stdout, file) => {
    const done = file("work.log").trim().split("\n").map(Number);
    assert.deepEqual(
      done.sort((a, b) => a - b),
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
  },
  (_stdout, file) => {
    assert.equal(file("batch.log"), "1\n2\n3\n4\n5\n");
  },
  (_stdout, file) => {
    assert.match(file("notified"), /^\/orders: no message was taken for \d+ ms/u);
  },
  (stdout) => {
    assert.match(stdout, /^\{"type":7,"body":"\*.*front door +"\}\n +42\n$/u);
  },
  (stdout) => {
    assert.equal(stdout, "urgent\nlater\nurgent\nlater\n");
  },
  (stdout) => {
    assert.equal(stdout, "do not forget");
  },
  (stdout) => {
    assert.match(stdout, /id:\d+/u);
  },
];

const programs = { work: 'body=$(cat); echo "$body"', batch: "cat > batch.log", notify: "cat > notified" };

describeInPrivateNamespace("the cookbook", import.meta.url, {}, () => {
  const all = recipes();
  test("has an outcome for each recipe", () => {
    assert.equal(all.length, outcomes.length);
  });
  for (const [index, { title, script }] of all.entries()) {
    test(`${title} (${index + 1})`, (t) => {
      const folder = mkdtempSync(join(tmpdir(), "cookbook-"));
      t.after(() => {
        rmSync(folder, { recursive: true });
      });
      for (const [name, body] of Object.entries(programs)) {
        writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`);
        chmodSync(join(folder, name), 0o755);
      }
      const { status, stdout, stderr } = shell(`set -eo pipefail; cd '${folder}'\n${script}`);
      assert.equal(status, 0, stderr);
      outcomes[index]?.(stdout, (name) => readFileSync(join(folder, name), "utf8"));
      // Each recipe cleans up behind itself.
      assert.equal(hostmq(["ls", "--no-header"]).stdout, "");
    });
  }
});
