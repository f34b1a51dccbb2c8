/** The demo of the README: what it shows, and that it leaves nothing behind. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { peer, type Program, root, start } from "../helpers/peers.js";

function converse(t: TestContext): Program {
  return start(t, process.execPath, [join(root, "build/examples/conversation/conversation.js")]);
}

async function assertQueuesGone(t: TestContext, pid: number | undefined): Promise<void> {
  for (const direction of ["orders", "answers"]) {
    const reader = peer(t, "posix_receive", ["-n", `/hostmq-demo-${String(pid)}-${direction}`, 1]);
    assert.match(await reader.line(), /^error mq_open 2 /u);
  }
  // A private queue has no name to look for, but the kernel knows who sent to it last.
  const table = readFileSync("/proc/sysvipc/msg", "utf8").split("\n").slice(1);
  const senders = table.map((line) => Number(line.trim().split(/ +/u)[5]));
  assert.ok(!senders.includes(pid ?? -1), "a System V queue of the demo is still there");
}

test("the conversation shows order, types and waiting over both families, and leaves nothing", async (t) => {
  const demo = converse(t);
  const lines = await demo.rest();
  const text = lines.join("\n");
  assert.deepEqual(await demo.exited, { code: 0, signal: null }, `${text}\n${demo.stderr}`);

  const taken = lines.filter((line) => line.startsWith("C ")).map((line) => /\((.+)\): (.+)$/u.exec(line)?.slice(1));
  const posix = taken.filter((order) => order?.[0]?.startsWith("priority"));
  const sysv = taken.filter((order) => order?.[0]?.startsWith("type"));
  assert.deepEqual(posix.slice(0, 3), [
    ["priority 20", "espresso"],
    ["priority 7", "cappuccino"],
    ["priority 1", "filter coffee"],
  ]);
  assert.deepEqual(sysv.slice(0, 3), [
    ["type 1", "espresso"],
    ["type 5", "filter coffee"],
    ["type 5", "cappuccino"],
  ]);
  const waits = [...text.matchAll(/send waited (\d+) ms/gu)].map((match) => Number(match[1]));
  assert.equal(waits.length, 2);
  for (const wait of waits) assert.ok(wait > 100 && wait < 20_000, `waited ${wait} ms for the kitchen's 800 ms break`);
  await assertQueuesGone(t, demo.child.pid);
});

for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  for (const family of ["POSIX", "System V"]) {
    test(`${signal} while a sender of the ${family} part waits ends the demo with ${code} and leaves nothing`, async (t) => {
      const demo = converse(t);
      while (!(await demo.line()).startsWith(`A ${family}`));
      while (!(await demo.line()).includes("it is full"));
      demo.child.kill(signal);
      assert.deepEqual(await demo.exited, { code, signal: null }, demo.stderr);
      await assertQueuesGone(t, demo.child.pid);
    });
  }
}
