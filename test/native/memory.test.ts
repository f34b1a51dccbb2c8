/** What the memory of messages, names and bodies may be, and whose it is while others use theirs. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { MessageChannel } from "node:worker_threads";
import { type Codec, PosixQueue, SysVQueue } from "hostmq";
import { mq_close, mq_open, mq_unlink, O_CREAT, O_RDWR } from "hostmq/sys";
import { posixName, sysvId, type TestScope } from "../helpers/names.js";

type Body = Uint8Array | string;

/** A queue of each family; `nested` is the codec's peer, if any. */
function queues<Out>(t: TestScope, codec: Codec<Out, Body>): (PosixQueue<Out, Body> | SysVQueue<Out, Body>)[] {
  const posix = PosixQueue.create(posixName(t), { maxMessages: 10, maxMessageSize: 1024, codec });
  const sysv = SysVQueue.createPrivate({ codec });
  sysvId(t, sysv.id);
  t.after(() => {
    posix.close();
    sysv.close();
  });
  return [posix, sysv];
}

const raw: Codec<Buffer, Body> = {
  contentType: "application/octet-stream",
  encode: (value) => (typeof value === "string" ? Buffer.from(value) : value),
  decode: (bytes) => Buffer.from(bytes),
};

test("a name that is too long is refused, not cut to another queue's", (t) => {
  const mode = 0o600;
  const size = { mq_maxmsg: 1, mq_msgsize: 8 };
  const longest = posixName(t).padEnd(256, "x");
  t.after(() => {
    mq_unlink(longest);
  });
  mq_close(mq_open(longest, O_RDWR | O_CREAT, mode, size));
  // The last character of three bytes starts where the limit is not yet reached.
  const cut = longest.slice(0, 254);
  const tooLong = { code: "ENAMETOOLONG" };
  assert.throws(() => mq_open(`${cut}€`, O_RDWR | O_CREAT, mode, size), tooLong);
  assert.throws(() => {
    mq_unlink(`${longest.slice(0, 255)}€`);
  }, tooLong);
  assert.throws(() => mq_open(cut, O_RDWR), { code: "ENOENT" });
});

test("a sparse array of bodies is refused, and nothing is sent", (t) => {
  for (const queue of queues(t, raw)) {
    const bodies: Body[] = ["first"];
    bodies[2] = "third";
    assert.throws(() => queue.trySendMany(bodies), TypeError);
    assert.equal(queue.tryReceive(), undefined);
  }
});

test("a lone surrogate is sent as the replacement character, also where the string is long", (t) => {
  for (const queue of queues(t, raw)) {
    queue.trySend("a\ud800b");
    assert.equal(queue.tryReceive()?.body.toString(), "a\ufffdb");
    const long = `${"€".repeat(300)}\udc00`;
    queue.trySend(long);
    assert.equal(queue.tryReceive()?.body.toString(), `${"€".repeat(300)}\ufffd`);
  }
});

test("shared and resizable memory is read and written as it is; what is gone is refused and not sent as nothing", (t) => {
  for (const queue of queues(t, raw)) {
    const shared = new Uint8Array(new SharedArrayBuffer(1024));
    shared[1023] = 7;
    queue.trySend(shared);
    shared.fill(0);
    assert.equal(queue.receiveInto(shared)?.length, 1024);
    assert.equal(shared[1023], 7);

    const resizable = Reflect.construct(ArrayBuffer, [1024, { maxByteLength: 4096 }]) as ArrayBuffer & {
      resize(length: number): void;
    };
    const whole = new Uint8Array(resizable);
    const tail = new Uint8Array(resizable, 16);
    resizable.resize(8);
    queue.trySend(whole);
    assert.equal(queue.tryReceive()?.body.length, 8);

    const detached = new Uint8Array(16);
    structuredClone(detached, { transfer: [detached.buffer] });
    const gone = { name: "TypeError", code: "ERR_INVALID_ARG_TYPE", message: /^trySend: body has no bytes any more/u };
    for (const body of [tail, detached]) assert.throws(() => queue.trySend(body), gone);
    assert.throws(() => queue.trySendMany(["before", detached]), { code: "ERR_INVALID_ARG_TYPE" });
    queue.trySend(new Uint8Array(0));
    assert.deepEqual(
      queue.tryReceiveMany(3).map(({ body }) => body.length),
      [0],
    );
  }
});

test("a codec that closes its handle sends nothing, and not to the queue that gets its descriptor", async (t) => {
  const closing: Codec<Buffer, () => void> = {
    contentType: raw.contentType,
    decode: (bytes) => raw.decode(bytes),
    encode: (close) => {
      close();
      return Buffer.from("x");
    },
  };
  const closed = { code: "ERR_HOSTMQ_CLOSED" };
  const name = posixName(t);
  const other = posixName(t);
  for (const queue of [PosixQueue.create(other, { maxMessages: 4, maxMessageSize: 8 }), SysVQueue.createPrivate()]) {
    if (queue instanceof SysVQueue) sysvId(t, queue.id);
    t.after(() => {
      queue.close();
    });
    for (const method of ["trySend", "sendSync", "send", "trySendMany"] as const) {
      const handle =
        queue instanceof SysVQueue
          ? SysVQueue.fromId(queue.id, { codec: closing })
          : PosixQueue.openOrCreate(name, { maxMessages: 4, maxMessageSize: 8, codec: closing });
      let successor: PosixQueue | undefined;
      const close = (): void => {
        handle.close();
        successor = PosixQueue.open(other);
      };
      if (method === "send") await assert.rejects(handle.send(close), closed);
      else if (method === "trySendMany") assert.throws(() => handle.trySendMany([close]), closed);
      else assert.throws(() => handle[method](close), closed);
      successor?.close();
    }
    assert.equal(queue.tryReceive(), undefined);
  }
});

test("a getter of options that closes its handle sends nothing to the queue that gets its descriptor", (t) => {
  const options = { maxMessages: 4, maxMessageSize: 8 };
  const handle = PosixQueue.create(posixName(t), options);
  const other = posixName(t);
  PosixQueue.create(other, options).close();
  let successor: PosixQueue | undefined;
  const closing = {
    get priority() {
      handle.close();
      successor ??= PosixQueue.open(other);
      return 1;
    },
  };
  assert.throws(() => handle.trySend("x", closing), { code: "ERR_HOSTMQ_CLOSED" });
  assert.equal(successor?.tryReceive(), undefined);
  successor?.close();
});

test("a codec that itself receives does not overwrite the messages of its batch", (t) => {
  for (const other of queues(t, raw)) {
    const nested: Codec<string, Body> = {
      ...raw,
      decode: (bytes) => {
        other.tryReceiveMany(3);
        return Buffer.from(bytes).toString();
      },
    };
    for (const queue of queues(t, nested)) {
      const bodies = ["one", "two", "three", "four"];
      queue.trySendMany(bodies);
      other.trySendMany(["XXXXXXXXXXXXXXXX", "YYYYYYYYYYYYYYYY", "ZZZZZZZZZZZZZZZZ"]);
      assert.deepEqual(
        queue.tryReceiveMany(4).map(({ body }) => body),
        bodies,
      );
    }
  }
});

test("transferring a body to another thread leaves the other bodies whole", async (t) => {
  for (const queue of queues(t, raw)) {
    queue.trySendMany(["mine", "yours"]);
    const [mine, yours] = queue.tryReceiveMany(2).map(({ body }) => body) as [Buffer, Buffer];
    const { port1, port2 } = new MessageChannel();
    const arrived = once(port2, "message");
    try {
      port1.postMessage(yours, [yours.buffer as ArrayBuffer]);
      await arrived;
    } catch (error) {
      // From Node 21 on the port says why it does not.
      assert.equal((error as Error).name, "DataCloneError");
    } finally {
      port1.close();
    }
    assert.equal(mine.toString(), "mine");
  }
});
