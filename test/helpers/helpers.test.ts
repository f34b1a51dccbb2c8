/** What every other test relies on: that peers talk, that namespaces are private, that an ordinary user is one. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { noOtherUser, ordinaryUid, runAsOrdinaryUser } from "./as-user.js";
import { posixName, sysvId, sysvKey, uniqueKey, uniqueName } from "./names.js";
import { peer } from "./peers.js";
import { noPrivateNamespace, runInPrivateNamespace } from "./private-namespace.js";

const facts = new URL("./facts.child.js", import.meta.url);

test("names and keys are never the same", () => {
  const names = new Set(Array.from({ length: 100 }, uniqueName));
  const keys = new Set(Array.from({ length: 100 }, uniqueKey));
  assert.equal(names.size, 100);
  assert.equal(keys.size, 100);
  for (const key of keys) assert.equal(key >> 24, 0x68);
});

test("two C peers send and receive over a POSIX queue", async (t) => {
  const name = posixName(t);
  assert.equal(await peer(t, "posix_create", [name, 4, 64]).line(), "queue 4 64 0");
  const receiver = peer(t, "posix_receive", [name, 3]);
  const sender = peer(t, "posix_send", ["-s", "8,0,-1", name, 3]);
  assert.deepEqual(await sender.exited, { code: 0, signal: null });
  assert.deepEqual(await receiver.rest(), ["open", "message 0 0 8", "message - 0 0", "message 2 0 1", "received 3"]);
});

test("two C peers send and receive over a System V queue", async (t) => {
  const key = sysvKey(t);
  assert.match(await peer(t, "sysv_create", [key]).line(), /^queue \d+ /u);
  const receiver = peer(t, "sysv_receive", ["-t", 7, key, 2]);
  const sender = peer(t, "sysv_send", ["-t", "7,8", key, 4]);
  assert.deepEqual(await sender.exited, { code: 0, signal: null });
  assert.deepEqual(await receiver.rest(), ["open", "message 0 7 1", "message 2 7 1", "received 2"]);
});

test("a private System V queue is removed by its id", async (t) => {
  const id = Number((await peer(t, "sysv_create", [0]).line()).split(" ")[1]);
  sysvId(t, id);
  const echo = peer(t, "sysv_echo", ["-t", 1, "-a", 2, `id:${id}`, `id:${id}`, 1]);
  assert.equal(await echo.line(), "open");
  await peer(t, "sysv_send", [`id:${id}`, 1]).exited;
  assert.deepEqual(await peer(t, "sysv_receive", ["-t", 2, `id:${id}`, 1]).rest(), [
    "open",
    "message 0 2 1",
    "received 1",
  ]);
});

test("a peer that fails says why and ends with status 1", async (t) => {
  const receiver = peer(t, "posix_receive", [uniqueName(), 1]);
  assert.match(await receiver.line(), /^error mq_open 2 /u);
  assert.deepEqual(await receiver.exited, { code: 1, signal: null });
  await assert.rejects(receiver.line(), /ended \(1\) without another line/u);
});

test("limits in a private namespace are its own", { skip: noPrivateNamespace() }, () => {
  const before = readFileSync("/proc/sys/fs/mqueue/msg_max", "utf8");
  const options = { sysctls: { "fs.mqueue.msg_max": 123 }, limits: { nofile: 77 }, mount: true };
  const { status, stdout, stderr } = runInPrivateNamespace(facts, options);
  assert.equal(status, 0, stderr);
  const inside = JSON.parse(stdout) as Record<string, unknown>;
  assert.equal(inside.messageMaximum, 123);
  assert.equal(inside.descriptors, 77);
  assert.deepEqual(inside.queues, []);
  assert.equal(readFileSync("/proc/sys/fs/mqueue/msg_max", "utf8"), before);
});

test("an ordinary user is one, with a namespace or without", { skip: noOtherUser() || noPrivateNamespace() }, () => {
  for (const { status, stdout, stderr } of [
    runAsOrdinaryUser(facts),
    runInPrivateNamespace(facts, { uid: ordinaryUid }),
  ]) {
    assert.equal(status, 0, stderr);
    assert.equal((JSON.parse(stdout) as Record<string, unknown>).uid, ordinaryUid);
  }
});
