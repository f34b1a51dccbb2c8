/** PosixQueue.fromDescriptor: queue descriptors that come from elsewhere. */
import assert from "node:assert/strict";
import { closeSync, openSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { json, PosixQueue, QueueError } from "hostmq";
import { posixName } from "../helpers/names.js";
import { skipUnless, start } from "../helpers/peers.js";

const small = { maxMessages: 4, maxMessageSize: 32 };
// A parent that passes an open queue on, as systemd does: blocking, and inherited.
const parent = `
import ctypes, os, sys
name, node, script = sys.argv[1:]
queue = ctypes.CDLL(None, use_errno=True).mq_open(name.encode(), os.O_RDWR)
if queue < 0: sys.exit("mq_open")
os.set_inheritable(queue, True)
os.execv(node, [node, script, str(queue)])
`;

function code(expected: string): (error: unknown) => boolean {
  return (error) => error instanceof QueueError && error.code === expected;
}

function flagsOf(descriptor: number): number {
  const flags = /^flags:\s*([0-7]+)/mu.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, "utf8"))?.[1];
  return Number.parseInt(flags ?? "", 8);
}

/** A descriptor of a new queue that no handle of this process knows. */
function foreignDescriptor(name: string): number {
  using queue = PosixQueue.create(name, small);
  return openSync(`/proc/self/fd/${queue.descriptor}`, "r+");
}

describe("fromDescriptor", () => {
  test(
    "a descriptor that a Python parent passed on sends and receives, waiting and not",
    { skip: skipUnless("Python with ctypes", "python3", ["-c", "import ctypes"]) },
    async (t) => {
      using queue = PosixQueue.create(posixName(t), small);
      const script = fileURLToPath(new URL("./inherited.child.js", import.meta.url));
      const program = start(t, "python3", ["-c", parent, queue.name, process.execPath, script]);
      assert.equal(await program.line(), `adopted ${queue.name}`);
      queue.trySend("ping");
      assert.equal(await program.line(), "received ping", program.stderr);
      assert.equal((await queue.receive()).body.toString(), "pong");
      assert.deepEqual(await program.exited, { code: 0, signal: null }, program.stderr);
    },
  );

  test("the handle has the queue's name, and makes the descriptor close-on-exec and non-blocking", (t) => {
    const name = posixName(t);
    const descriptor = foreignDescriptor(name);
    using queue = PosixQueue.fromDescriptor(descriptor);
    assert.equal(queue.name, name);
    assert.equal(queue.descriptor, descriptor);
    assert.equal(flagsOf(descriptor) & 0o2004000, 0o2004000);
    assert.deepEqual(queue.attributes(), { ...small, currentMessages: 0 });
  });

  test("close closes the descriptor", (t) => {
    const name = posixName(t);
    const descriptor = foreignDescriptor(name);
    PosixQueue.fromDescriptor(descriptor).close();
    assert.throws(() => {
      closeSync(descriptor);
    }, /EBADF/u);
  });

  test("a codec goes with it", (t) => {
    const name = posixName(t);
    using queue = PosixQueue.fromDescriptor(foreignDescriptor(name), { codec: json<number[]>() });
    queue.trySend([1, 2]);
    assert.deepEqual(queue.tryReceive()?.body, [1, 2]);
  });

  test("adopting what a handle has already is refused, and disturbs neither", (t) => {
    using queue = PosixQueue.create(posixName(t), small);
    assert.throws(() => PosixQueue.fromDescriptor(queue.descriptor), code("EBUSY"));
    const name = posixName(t);
    using adopted = PosixQueue.fromDescriptor(foreignDescriptor(name));
    assert.throws(() => PosixQueue.fromDescriptor(adopted.descriptor), code("EBUSY"));
    for (const each of [queue, adopted]) {
      assert.ok(each.trySend("x"));
      assert.ok(each.tryReceive());
    }
  });

  test("what is open and no queue is refused, and stays open", () => {
    const file = openSync("/dev/null", "r");
    assert.throws(() => PosixQueue.fromDescriptor(file), code("EBADF"));
    closeSync(file);
    assert.throws(() => PosixQueue.fromDescriptor(file), code("EBADF"));
  });

  test("what is no descriptor is refused before any call", () => {
    for (const value of [-1, 1.5, NaN, 2 ** 31]) assert.throws(() => PosixQueue.fromDescriptor(value), RangeError);
    assert.throws(() => PosixQueue.fromDescriptor("3" as unknown as number), TypeError);
  });
});
