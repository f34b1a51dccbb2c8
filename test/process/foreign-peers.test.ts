/** Programs in other languages at the other end, in both directions: bodies of any bytes, of none, types and priorities. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { PosixQueue, SysVQueue } from "hostmq";
import { posixName, sysvKey } from "../helpers/names.js";
import { peer, type Program, root, skipUnless, start } from "../helpers/peers.js";

interface Foreign {
  readonly what: string;
  /** Without the action, the queue and the messages. */
  readonly command: readonly [string, ...string[]];
  readonly skip: string | false;
  /** Where it cannot send all types. */
  readonly largestType?: number;
}

const script = (name: string): string => join(root, "test/process/peers", name);
const ffi = ["-d", "ffi.enable=1"];
// Debian's own Python has the packages of Debian.
const python = "/usr/bin/python3";

const sysvPeers: Foreign[] = [
  {
    what: "Perl IPC::Msg",
    command: ["perl", script("ipc_msg.pl")],
    skip: skipUnless("Perl with IPC::Msg", "perl", ["-MIPC::Msg", "-e", "1"]),
  },
  {
    what: "Python sysv_ipc",
    command: [python, script("sysv_ipc_peer.py")],
    skip: skipUnless("Python with sysv_ipc", python, ["-c", "import sysv_ipc"]),
    // It receives every type, and sends C's int.
    largestType: 2 ** 31 - 1,
  },
  {
    what: "PHP sysvmsg",
    command: ["php", script("sysvmsg.php")],
    skip: skipUnless("PHP with sysvmsg", "php", ["-r", "exit(function_exists('msg_get_queue') ? 0 : 1);"]),
  },
];

const posixPeers: Foreign[] = [
  {
    what: "Python ctypes",
    command: [python, script("ctypes_peer.py")],
    skip: skipUnless("Python with ctypes", python, ["-c", "import ctypes"]),
  },
  {
    what: "PHP FFI",
    command: ["php", ...ffi, script("ffi.php")],
    skip: skipUnless("PHP with FFI", "php", [...ffi, "-r", "exit(class_exists('FFI') ? 0 : 1);"]),
  },
];

/** A peer that fails sends nothing, and is found out by what it says. */
const patience = { timeout: 20_000 };

/** What any side may have to carry. */
const bodies = [
  Buffer.from("plain text"),
  Buffer.alloc(0),
  Buffer.from([0]),
  Buffer.from("a\0b\0\0", "latin1"),
  Buffer.from("grüße, 漢字"),
  Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
];
const types = [1, 7, 2 ** 31 - 1, 2 ** 40, 1, Number.MAX_SAFE_INTEGER];
const priorities = [3, 0, 32_767, 3, 1, 0];

const sysvMessages = bodies.map((body, index) => ({ body, type: types[index] ?? 1 }));
const posixMessages = bodies.map((body, index) => ({ body, priority: priorities[index] ?? 0 }));
/** Highest first, in order within one: sort is stable. */
const byPriority = posixMessages.toSorted((a, b) => b.priority - a.priority);

async function opened(
  t: TestContext,
  { command: [program, ...words] }: Foreign,
  ...args: (string | number)[]
): Promise<Program> {
  const running = start(t, program, [...words, ...args]);
  assert.equal(await running.line(), "open");
  return running;
}

async function endedWell(program: Program): Promise<void> {
  assert.deepEqual(await program.exited, { code: 0, signal: null }, program.stderr);
  assert.deepEqual(await program.rest(), []);
}

const asWords = (messages: { body: Buffer; type?: number; priority?: number }[]): string[] =>
  messages.flatMap(({ body, type, priority }) => [String(type ?? priority), body.toString("hex")]);
const asLines = (messages: { body: Buffer; type?: number; priority?: number }[]): string[] =>
  messages.map(({ body, type, priority }) => `${type ?? priority} ${body.toString("hex")}`);

for (const foreign of sysvPeers) {
  test(`${foreign.what} sends to a System V queue`, { skip: foreign.skip }, async (t) => {
    const key = sysvKey(t);
    using queue = SysVQueue.create(key);
    const first = queue.receive(patience);
    const { largestType = Infinity } = foreign;
    const messages = sysvMessages.map(({ body, type }) => ({ body, type: Math.min(type, largestType) }));
    const sender = await opened(t, foreign, "send", key, ...asWords(messages));
    const received = [await first];
    while (received.length < bodies.length) received.push(await queue.receive(patience));
    assert.deepEqual(received, messages);
    await endedWell(sender);
  });

  test(`${foreign.what} receives from a System V queue`, { skip: foreign.skip }, async (t) => {
    const key = sysvKey(t);
    using queue = SysVQueue.create(key);
    const receiver = await opened(t, foreign, "receive", key, bodies.length);
    for (const { body, type } of sysvMessages) await queue.send(body, { type });
    for (const line of asLines(sysvMessages)) assert.equal(await receiver.line(), line);
    await endedWell(receiver);
  });
}

for (const foreign of posixPeers) {
  test(`${foreign.what} sends to a POSIX queue`, { skip: foreign.skip }, async (t) => {
    const name = posixName(t);
    using queue = PosixQueue.create(name, { maxMessages: 8, maxMessageSize: 256 });
    const sender = await opened(t, foreign, "send", name, ...asWords(posixMessages));
    await endedWell(sender);
    const received = [];
    while (received.length < bodies.length) received.push(await queue.receive(patience));
    assert.deepEqual(received, byPriority);
  });

  test(`${foreign.what} wakes a receive that waits`, { skip: foreign.skip }, async (t) => {
    const name = posixName(t);
    using queue = PosixQueue.create(name, { maxMessages: 2, maxMessageSize: 256 });
    const waiting = queue.receive(patience);
    const sender = await opened(t, foreign, "send", name, 9, "00ff");
    assert.deepEqual(await waiting, { body: Buffer.from([0, 255]), priority: 9 });
    await endedWell(sender);
  });

  test(`${foreign.what} receives from a POSIX queue`, { skip: foreign.skip }, async (t) => {
    const name = posixName(t);
    using queue = PosixQueue.create(name, { maxMessages: 8, maxMessageSize: 256 });
    for (const { body, priority } of posixMessages) await queue.send(body, { priority });
    const receiver = await opened(t, foreign, "receive", name, bodies.length + 1);
    for (const line of asLines(byPriority)) assert.equal(await receiver.line(), line);
    // It blocks in its call by now, or will: a message reaches it in both cases.
    await queue.send("", { priority: 2 });
    assert.equal(await receiver.line(), "2 ");
    await endedWell(receiver);
  });
}

test("C sends to and receives from a System V queue", async (t) => {
  const key = sysvKey(t);
  using queue = SysVQueue.create(key);
  const sender = peer(t, "sysv_send", ["-s", "8,0,1", "-t", "1,7,1099511627776", key, 3]);
  assert.deepEqual(
    [await queue.receive(patience), await queue.receive(patience), await queue.receive(patience)],
    [
      { body: Buffer.from("0......."), type: 1 },
      { body: Buffer.alloc(0), type: 7 },
      { body: Buffer.from("2"), type: 2 ** 40 },
    ],
  );
  assert.deepEqual(await sender.exited, { code: 0, signal: null });
  const receiver = peer(t, "sysv_receive", ["-x", key, bodies.length]);
  assert.equal(await receiver.line(), "open");
  for (const { body, type } of sysvMessages) {
    await queue.send(body, { type });
    assert.equal(await receiver.line(), `message - ${type} ${body.length} ${body.toString("hex")}`);
  }
});

test("C sends to and receives from a POSIX queue", async (t) => {
  const name = posixName(t);
  using queue = PosixQueue.create(name, { maxMessages: 8, maxMessageSize: 256 });
  const sender = peer(t, "posix_send", ["-s", "8,0,1", "-p", "1,7,32767", name, 3]);
  assert.deepEqual(await sender.exited, { code: 0, signal: null });
  assert.deepEqual(
    [await queue.receive(patience), await queue.receive(patience), await queue.receive(patience)],
    [
      { body: Buffer.from("2"), priority: 32_767 },
      { body: Buffer.alloc(0), priority: 7 },
      { body: Buffer.from("0......."), priority: 1 },
    ],
  );
  for (const { body, priority } of posixMessages) await queue.send(body, { priority });
  const receiver = peer(t, "posix_receive", ["-x", name, bodies.length]);
  assert.equal(await receiver.line(), "open");
  for (const { body, priority } of byPriority) {
    assert.equal(await receiver.line(), `message - ${priority} ${body.length} ${body.toString("hex")}`);
  }
});
