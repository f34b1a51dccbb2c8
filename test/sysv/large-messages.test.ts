/** Messages of the greatest length that the system allows, from C, received without naming a size. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { SysVQueue } from "hostmq";
import { assertWaits } from "../contract/pending.js";
import { sysvKey, type TestScope } from "../helpers/names.js";
import { peer } from "../helpers/peers.js";
import { describeInPrivateNamespace } from "../helpers/private-namespace.js";

const largest = 200_000;

function create(t: TestScope): SysVQueue & { key: number } {
  const queue = SysVQueue.create(sysvKey(t));
  t.after(() => {
    queue.close();
  });
  return queue as SysVQueue & { key: number };
}

const sysctls = { "kernel.msgmax": largest, "kernel.msgmnb": 3 * largest };
describeInPrivateNamespace(`messages of msgmax = ${largest} bytes`, import.meta.url, { sysctls }, () => {
  test("the namespace has the limit", () => {
    assert.equal(Number(readFileSync("/proc/sys/kernel/msgmax", "utf8")), largest);
  });

  const roads: Record<string, (queue: SysVQueue) => Promise<number> | number | undefined> = {
    receive: async (queue) => (await queue.receive()).body.length,
    tryReceive: (queue) => queue.tryReceive()?.body.length,
    receiveSync: (queue) => queue.receiveSync().body.length,
    "tryReceiveMany(1)": (queue) => queue.tryReceiveMany(1)[0]?.body.length,
    peek: (queue) => queue.peek()?.body.length,
    "for await": async (queue) => {
      for await (const { body } of queue) return body.length;
      return -1;
    },
  };
  for (const [road, receive] of Object.entries(roads)) {
    test(`from C by ${road}, whole`, async (t) => {
      const queue = create(t);
      await peer(t, "sysv_send", ["-s", largest, queue.key, 1]).exited;
      assert.equal(await receive(queue), largest);
    });
  }

  test("from C by a receive that waits, and by a blocking one", async (t) => {
    const queue = create(t);
    const receive = queue.receive();
    await assertWaits(receive);
    peer(t, "sysv_send", ["-s", largest, queue.key, 1]);
    const { body } = await receive;
    assert.equal(body.toString(), "0".padEnd(largest, "."));
    peer(t, "sysv_send", ["-s", largest, "-f", 7, queue.key, 1]);
    assert.equal(create(t).closed, false);
    using fresh = SysVQueue.open(queue.key);
    assert.equal(fresh.receiveSync().body.toString(), "7".padEnd(largest, "."));
  });

  test("small and large ones in one batch keep their order and bytes", async (t) => {
    const queue = create(t);
    const sizes = [1, largest, 0, 8193, 8192, 2];
    for (const [n, size] of sizes.entries()) await queue.send(Buffer.alloc(size, n));
    const bodies = queue.tryReceiveMany(99).map(({ body }) => body);
    assert.deepEqual(
      bodies.map((body) => body.length),
      sizes,
    );
    assert.ok(bodies.every((body, n) => body.every((byte) => byte === n)));
  });

  test("a large one sent from here, waiting for room, arrives in C", async (t) => {
    const queue = create(t);
    for (let n = 0; n < 3; n++) queue.trySend(Buffer.alloc(largest));
    const send = queue.send("9".padEnd(largest, "."));
    await assertWaits(send);
    const receiver = peer(t, "sysv_receive", [queue.key, 4]);
    await send;
    assert.equal((await receiver.rest()).at(-2), `message 9 1 ${largest}`);
  });
});
