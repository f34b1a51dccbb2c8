/** The check at the end of a run: it finds what was left behind, says so, and removes what is surely this run's. */
import assert from "node:assert/strict";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { PosixQueue, SysVQueue } from "hostmq";
import { sysvId, sysvKey } from "./names.js";
import { root, runToEnd, start, type Outcome } from "./peers.js";

const small = { maxMessages: 1, maxMessageSize: 8 };
const seesPosixQueues = process.getuid?.() === 0;

test("what a run leaves behind is named, and what is surely its own is removed", async (t) => {
  const run = `left-${process.pid}`;
  const ledger = mkdtempSync(join(tmpdir(), "ledger-"));
  t.after(() => {
    rmSync(ledger, { recursive: true });
  });
  mkdirSync(join(ledger, "tmp"));
  writeFileSync(join(ledger, "start"), "");
  const check = (): Outcome =>
    // As where the tests share the namespace: in one of their own everything in it would be taken for left behind.
    runToEnd(join(root, "scripts/leftovers"), [ledger, run], { cwd: ledger, env: { HOSTMQ_TEST_IPC: "shared" } });
  assert.deepEqual([check().status, check().stderr], [0, ""]);

  const name = `/hostmq-test-${run}-1`;
  PosixQueue.create(name, small).close();
  const keyed = SysVQueue.create(sysvKey(t));
  const unkeyed = SysVQueue.createPrivate();
  sysvId(t, unkeyed.id);
  appendFileSync(join(ledger, "keys"), `${keyed.key ?? 0}\n`);
  appendFileSync(join(ledger, "ids"), `${unkeyed.id}\n`);
  writeFileSync(join(ledger, "tmp/forgotten"), "");
  writeFileSync(join(ledger, "report.1.json"), "");
  const stray = start(t, process.execPath, ["-e", "setInterval(() => {}, 1000)"], { env: { HOSTMQ_TEST_RUN: run } });

  const { status, stderr } = check();
  assert.equal(status, 1);
  assert.match(stderr, new RegExp(`process ${stray.child.pid ?? 0}:`, "u"));
  assert.match(stderr, new RegExp(`System V queue ${keyed.id} with key`, "u"));
  assert.match(stderr, new RegExp(`System V queue ${unkeyed.id}, private`, "u"));
  assert.match(stderr, /temporary file .*forgotten/u);
  assert.match(stderr, /^ {2}file .*report\.1\.json$/mu);
  if (seesPosixQueues) assert.match(stderr, new RegExp(`POSIX queue ${name}`, "u"));

  assert.deepEqual(await stray.exited, { code: null, signal: "SIGKILL" });
  for (const queue of [keyed, unkeyed]) assert.throws(() => queue.status(), { code: "EIDRM" });
  if (seesPosixQueues) assert.throws(() => PosixQueue.open(name), { code: "ENOENT" });
  else PosixQueue.unlink(name);
  assert.ok(existsSync(ledger));
});
