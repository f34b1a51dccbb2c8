/** A message's type is a C `long`: what one holds differs between processors, and what it cannot hold is refused, not cut off. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SysVQueue } from "hostmq";
import { IPC_NOWAIT, mq_timedsend, msgrcv, msgsnd } from "hostmq/sys";
import { longBits } from "#hostmq/c-long";
import { native } from "#hostmq/native";
import { sysvKey } from "../helpers/names.js";

const largest = 2n ** BigInt(native.typeSize * 8 - 1) - 1n;

test("the checks and the compiled addon have the same long", () => {
  assert.equal(longBits, native.typeSize * 8);
});

test("the largest type goes through the queue, and one more is refused, naming the limit", async (t) => {
  const queue = SysVQueue.create(sysvKey(t));
  t.after(() => {
    queue.close();
  });
  const limit = longBits === 64 ? /from 1 to 2\^63-1/u : /from 1 to 2\^31-1 \(a type is a C long, which has 32 bits/u;
  const refused = { name: "RangeError", code: "ERR_OUT_OF_RANGE", message: limit };
  const tooLarge = largest + 1n;
  for (const type of [tooLarge, ...(longBits === 32 ? [Number(tooLarge)] : [])]) {
    assert.throws(() => queue.trySend("x", { type }), refused);
    assert.throws(() => queue.tryReceive({ type }), refused);
    assert.throws(() => queue.tryReceive({ upTo: type }), refused);
    await assert.rejects(queue.send("x", { type }), refused);
    assert.throws(() => SysVQueue.fromId(queue.id, { type }), refused);
    assert.throws(() => {
      msgsnd(queue.id, "x", type);
    }, RangeError);
    assert.throws(() => msgrcv(queue.id, Buffer.alloc(1), -BigInt(type) - 1n), RangeError);
  }
  assert.equal(queue.status().messages, 0);

  await queue.send("x", { type: largest });
  assert.equal(BigInt((await queue.receive({ type: largest })).type), largest);
  msgsnd(queue.id, "x", largest);
  assert.equal(BigInt(msgrcv(queue.id, Buffer.alloc(1), -largest, IPC_NOWAIT).type), largest);
});

test("seconds have 64 bits on every processor", () => {
  assert.throws(
    () => {
      mq_timedsend(-1, "x", 0, { tv_sec: 2 ** 40, tv_nsec: 0 });
    },
    { code: "EBADF" },
  );
});
