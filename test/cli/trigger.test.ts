/** The trigger command. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SysVQueue } from "hostmq";
import { hostmq, startHostmq } from "../helpers/cli.js";
import { sysvKey } from "../helpers/names.js";
import { posix } from "./queues.js";

test("--once waits for the condition, runs the program with the reason, and takes nothing", (t) => {
  const { name, queue } = posix(t);
  queue.trySendMany(["a", "b"]);
  const line = 'echo "$HOSTMQ_QUEUE $HOSTMQ_MESSAGES $HOSTMQ_FIRING: $HOSTMQ_REASON"; cat';
  const { status, stdout } = hostmq(["trigger", name, "--messages", 2, "--once", "--exec", line]);
  assert.equal(status, 0);
  const [told, json = ""] = stdout.split("\n");
  assert.equal(told, `${name} 2 1: 2 messages there, at least 2 asked for`);
  assert.equal((JSON.parse(json) as { messages: number }).messages, 2);
  assert.equal(queue.attributes().currentMessages, 2);
  assert.equal(hostmq(["trigger", name, "--once", "--", "false"]).status, 1);
  assert.equal(hostmq(["trigger", name, "--messages", 3, "--once", "--timeout", "200ms"]).status, 3);
});

test("--once ends with the status of the program, as a shell tells it", (t) => {
  const { name, queue } = posix(t);
  queue.trySend("a");
  const once = (...program: string[]): number | null => hostmq(["trigger", name, "--once", "--", ...program]).status;
  assert.equal(once("sh", "-c", "exit 7"), 7);
  assert.equal(once("sh", "-c", "kill -9 $$"), 128 + 9);
  assert.equal(once("/no/such/program"), 1);
  assert.equal(once(`${process.execPath}/none`), 1);
});

test("without a program a line for each firing is printed", async (t) => {
  const { name, queue } = posix(t);
  const run = startHostmq(t, ["trigger", name, "--every"]);
  queue.trySend("a");
  assert.equal((JSON.parse(await run.line()) as { arrived: number }).arrived, 1);
  queue.trySend("b");
  assert.equal((JSON.parse(await run.line()) as { firing: number }).firing, 2);
  run.child.kill("SIGTERM");
  assert.deepEqual(await run.exited, { code: null, signal: "SIGTERM" });
});

test("a reader that goes away ends it without an error", async (t) => {
  const { name, queue } = posix(t);
  const run = startHostmq(t, ["trigger", name, "--every"]);
  queue.trySend("a");
  await run.line();
  run.child.stdout.destroy();
  queue.trySend("b");
  assert.deepEqual(await run.exited, { code: 0, signal: null });
});

test("types count for System V; for POSIX they and priorities are refused with the reason", (t) => {
  const key = sysvKey(t);
  using queue = SysVQueue.create(key);
  for (const type of [1, 7, 9, 200]) queue.trySend("x", { type });
  const word = `key:${key}`;
  assert.equal(hostmq(["trigger", word, "--messages", 2, "--types", "7-100", "--once"]).status, 0);
  assert.equal(
    hostmq(["trigger", word, "--messages", 3, "--types", "7-100", "--once", "--timeout", "200ms"]).status,
    3,
  );
  const { name } = posix(t);
  const types = hostmq(["trigger", name, "--messages", 2, "--types", "7"]);
  assert.deepEqual([types.status, types.stderr.includes("tells only how many")], [2, true]);
  const priority = hostmq(["trigger", name, "--messages", 2, "--priority", 7]);
  assert.deepEqual([priority.status, priority.stderr.includes("without taking its messages")], [2, true]);
});

test("a queue that is removed ends it with status 1", async (t) => {
  const key = sysvKey(t);
  using queue = SysVQueue.create(key);
  queue.trySend("x");
  const run = startHostmq(t, ["trigger", `key:${key}`]);
  await run.line();
  queue.remove();
  assert.deepEqual(await run.exited, { code: 1, signal: null });
  assert.match(run.stderr, /EIDRM/u);
});
