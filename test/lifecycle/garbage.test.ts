/** Handles that the program forgets: what they hold is given back, unless somebody still waits. */
import assert from "node:assert/strict";
import { readdirSync, readlinkSync } from "node:fs";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { PosixQueue, SysVQueue } from "hostmq";
import { posixName, sysvKey } from "../helpers/names.js";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

async function collectGarbage(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** How many descriptors of this process are of the queue. */
function descriptorsOf(name: string): number {
  return readdirSync("/proc/self/fd").filter((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`).startsWith(name);
    } catch {
      return false;
    }
  }).length;
}

const small = { maxMessages: 2, maxMessageSize: 64 };

test("a forgotten POSIX handle gives its descriptor back", async (t) => {
  const name = posixName(t);
  using kept = PosixQueue.create(name, small);
  for (let i = 0; i < 20; i++) PosixQueue.open(name);
  assert.equal(descriptorsOf(name), 21);
  for (let patience = 50; patience > 0 && descriptorsOf(name) > 1; patience--) await collectGarbage();
  assert.equal(descriptorsOf(name), 1);
  kept.trySend("still open");
});

test("a descriptor that was closed and is in use again is not closed for a forgotten handle", async (t) => {
  const name = posixName(t);
  PosixQueue.create(name, small).close();
  using second = PosixQueue.open(name);
  await collectGarbage();
  assert.equal(second.attributes().maxMessages, 2);
});

for (const family of ["posix", "sysv"] as const) {
  const open = (name: string, key: number): PosixQueue | SysVQueue =>
    family === "posix" ? PosixQueue.openOrCreate(name, small) : SysVQueue.openOrCreate(key, { maxBytes: 128 });

  test(`${family}: a receive goes on when nothing but its promise is left of the handle`, async (t) => {
    const [name, key] = [posixName(t), sysvKey(t)];
    using sender = open(name, key);
    const message = ((): Promise<{ body: Buffer }> => open(name, key).receive({ timeout: 20_000 }))();
    await collectGarbage();
    await sender.send("late");
    assert.equal((await message).body.toString(), "late");
  });

  test(`${family}: a send goes on when nothing but its promise is left of the handle`, async (t) => {
    const [name, key] = [posixName(t), sysvKey(t)];
    using reader = open(name, key);
    while (reader.trySend("x".repeat(60)));
    const sent = ((): Promise<void> => open(name, key).send("late", { timeout: 20_000 }))();
    await collectGarbage();
    reader.tryReceive();
    await sent;
    const bodies = reader.tryReceiveMany(10).map(({ body }) => body.toString());
    assert.equal(bodies.at(-1), "late");
  });

  test(`${family}: an iteration goes on when nothing but the iterator is left of the handle`, async (t) => {
    const [name, key] = [posixName(t), sysvKey(t)];
    using sender = open(name, key);
    const messages = ((): AsyncIterableIterator<{ body: Buffer }> => open(name, key).messages())();
    await collectGarbage();
    const next = messages.next();
    await collectGarbage();
    await sender.send("late");
    const { value } = (await next) as { value: { body: Buffer } };
    assert.equal(value.body.toString(), "late");
    await messages.return?.();
  });
}

test("onNotEmpty calls back when nothing is left of the handle", async (t) => {
  const name = posixName(t);
  using sender = PosixQueue.create(name, small);
  const told = new Promise<void>((resolve) => {
    PosixQueue.open(name).onNotEmpty(resolve);
  });
  await collectGarbage();
  await sender.send("x");
  await told;
});
