/** Who stops receiving leaves the next message in the queue: loops, iterators and streams. */
import assert from "node:assert/strict";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { PosixQueue } from "hostmq";
import { posixName } from "../helpers/names.js";
import { nodeChild, peer } from "../helpers/peers.js";
import { families, type Queue, receive, type Received } from "./families.js";
import { spin } from "./moments.js";

/** Milliseconds after which a receive surely waits. */
const settling = 20;
/** Microseconds after which a thread that waits has surely met the message that was sent before. */
const meeting = 20_000;

/** Everything that is queued. */
function queued(queue: Queue): string[] {
  return queue.tryReceiveMany(100).map(({ body }: Received) => body.toString());
}

for (const family of families) {
  for (const sizes of ["-1", "0"]) {
    const kind = sizes === "0" ? "zero-length messages" : "messages";
    const body = (number: number): string => (sizes === "0" ? "" : String(number));

    test(`${family.name}: a broken for await leaves the next of several ${kind} in the queue`, async (t) => {
      const host = family.host(t);
      const queue = host.open();
      assert.equal(
        await host
          .send(["-s", sizes], 4)
          .rest()
          .then((lines) => lines.at(-1)),
        "sent 4",
      );
      for (const taken of [0, 1]) {
        for await (const message of queue) {
          assert.equal(message.body.toString(), body(taken));
          break;
        }
      }
      assert.deepEqual(queued(host.open()), [body(2), body(3)]);
    });

    test(`${family.name}: a for await that waited takes one of two ${kind} and leaves the other`, async (t) => {
      const host = family.host(t);
      const queue = host.open();
      const sender = host.send(["-s", sizes, "-d", settling * 1000], 2);
      for await (const message of queue) {
        assert.equal(message.body.toString(), body(0));
        break;
      }
      await sender.exited;
      assert.deepEqual(queued(host.open()), [body(1)]);
    });
  }

  for (const body of ["later", ""]) {
    const what = body === "" ? "a zero-length message" : "a message";

    test(`${family.name}: return() ends a pending next() and leaves ${what} in the queue`, async (t) => {
      const host = family.host(t);
      const messages = host.open().messages();
      const next = messages.next();
      await sleep(settling);
      assert.deepEqual(await messages.return(), { done: true, value: undefined });
      assert.deepEqual(await next, { done: true, value: undefined });
      assert.deepEqual(await messages.next(), { done: true, value: undefined });
      const other = host.open();
      assert.equal(other.trySend(body), true);
      await sleep(settling);
      assert.deepEqual(queued(other), [body]);
    });

    test(`${family.name}: return() in the moment in which ${what} comes loses nothing`, async (t) => {
      const host = family.host(t);
      const other = host.open();
      const messages = host.open().messages();
      const next = messages.next();
      await sleep(settling);
      assert.equal(other.trySend(body), true);
      spin(meeting);
      await messages.return();
      const { done, value } = await next;
      assert.deepEqual([...(done === true ? [] : [value.body.toString()]), ...queued(other)], [body]);
    });

    test(`${family.name}: a stream destroyed while it waits leaves ${what} in the queue`, async (t) => {
      const host = family.host(t);
      const stream = flowing(host.open());
      await sleep(settling);
      await destroy(stream);
      const other = host.open();
      assert.equal(other.trySend(body), true);
      await sleep(settling);
      assert.deepEqual(queued(other), [body]);
    });

    test(`${family.name}: a stream destroyed in the moment in which ${what} comes loses nothing`, async (t) => {
      const host = family.host(t);
      const other = host.open();
      const stream = flowing(host.open());
      await sleep(settling);
      assert.equal(other.trySend(body), true);
      spin(meeting);
      await destroy(stream);
      assert.deepEqual(queued(other), [body]);
    });

    test(`${family.name}: a stream destroyed between taking ${what} and giving it out loses nothing`, async (t) => {
      const host = family.host(t);
      const queue = host.open();
      assert.equal(queue.trySend(body), true);
      // Its read takes the message at once; the reader could have it only after some more steps of the promises.
      const stream = queue.readable();
      stream.read(0);
      await destroy(stream);
      assert.deepEqual(queued(queue), [body]);
    });

    test(`${family.name}: a stream gives back ${what} that nobody read`, async (t) => {
      const host = family.host(t);
      const queue = host.open();
      assert.equal(queue.trySend(body), true);
      const stream = queue.readable();
      stream.read(0);
      await once(stream, "readable");
      assert.equal(queue.tryReceive(), undefined);
      await destroy(stream);
      assert.deepEqual(queued(queue), [body]);
    });
  }

  test(`${family.name}: a stream gives back also what it took ahead, in order`, async (t) => {
    const queue = family.host(t).open();
    assert.equal(queue.trySendMany(["0", "1", "2", "3"]), 4);
    const stream = queue.readable({ prefetch: 2 });
    const [first] = (await once(stream, "data")) as [Received];
    assert.equal(first.body.toString(), "0");
    await destroy(stream);
    assert.deepEqual(queued(queue).sort(), ["1", "2", "3"]);
  });

  test(`${family.name}: a broken for await over a stream loses nothing`, async (t) => {
    const queue = family.host(t).open();
    assert.equal(queue.trySendMany(["0", "1", "2"]), 3);
    for await (const message of queue.readable()) {
      assert.equal((message as Received).body.toString(), "0");
      break;
    }
    assert.deepEqual(queued(queue).sort(), ["1", "2"]);
  });

  test(`${family.name}: a stream gives back to a full queue when there is room, and closes then`, async (t) => {
    const host = family.host(t);
    const queue = host.open();
    assert.equal(queue.trySend("first"), true);
    const stream = queue.readable();
    stream.read(0);
    await once(stream, "readable");
    while (queue.trySend("filler"));
    let closed = false;
    stream.once("close", () => (closed = true));
    stream.destroy();
    await sleep(settling);
    assert.equal(closed, false);
    assert.equal((await receive(host.open())).body.toString(), "filler");
    await once(stream, "close");
    assert.ok(queued(queue).includes("first"));
  });
}

test("POSIX: a stream that may not give a message back says so", async (t) => {
  const name = posixName(t);
  const queue = PosixQueue.create(name, { maxMessages: 2, maxMessageSize: 16 });
  t.after(() => {
    queue.close();
  });
  queue.trySend("x");
  const reader = PosixQueue.open(name, { access: "read" });
  t.after(() => {
    reader.close();
  });
  const stream = reader.readable();
  stream.read(0);
  await once(stream, "readable");
  stream.destroy();
  await assert.rejects(once(stream, "close"), { code: "EBADF", syscall: "mq_send" });
});

test("POSIX: a receive whose handle nobody holds any more still gets its message", async (t) => {
  const name = posixName(t);
  PosixQueue.create(name, { maxMessages: 2, maxMessageSize: 16 }).close();
  const script = new URL("./forgotten-handle.child.js", import.meta.url);
  const child = nodeChild(t, script, [name], ["--expose-gc"]);
  assert.equal(await child.line(), "collected");
  await peer(t, "posix_send", [name, 1]).exited;
  assert.equal(await child.line(), "received 0");
  assert.deepEqual(await child.exited, { code: 0, signal: null });
});

function flowing(queue: Queue): Readable {
  return queue.readable().on("data", () => undefined);
}

async function destroy(stream: Readable): Promise<void> {
  const closed = once(stream, "close");
  stream.destroy();
  await closed;
}
