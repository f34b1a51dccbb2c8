/** purge, copy, move, dump and restore. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { PosixQueue, type SysVQueue } from "hostmq";
import { hostmq, shell, startHostmq } from "../helpers/cli.js";
import type { TestScope } from "../helpers/names.js";
import { posix, sysv } from "./queues.js";

function file(t: TestScope): string {
  const folder = mkdtempSync(join(tmpdir(), "cli-"));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  return join(folder, "dump.jsonl");
}

type Pair = readonly [body: string, kind: number | bigint];
const inPosix = (queue: PosixQueue): Pair[] =>
  queue.tryReceiveMany(99).map(({ body, priority }) => [body.toString("latin1"), priority]);
const inSysV = (queue: SysVQueue): Pair[] =>
  queue.tryReceiveMany(99).map(({ body, type }) => [body.toString("latin1"), type]);

test("purge empties queues, or takes out one type, and says how many", (t) => {
  const [one, other] = [posix(t), sysv(t)];
  one.queue.trySendMany(["a", "b", "c"]);
  other.queue.trySend("seven", { type: 7 });
  other.queue.trySend("eight", { type: 8 });
  const { status, stdout, stderr } = hostmq(["purge", one.name]);
  assert.deepEqual([status, stdout, stderr], [0, "", `3 messages dropped from ${one.name}\n`]);
  assert.equal(hostmq(["purge", other.word, "--type", 7]).status, 0);
  assert.deepEqual(inSysV(other.queue), [["eight", 8]]);
  assert.deepEqual(inPosix(one.queue), []);
});

test("copy sends copies and takes nothing; from POSIX it says why it cannot", (t) => {
  const [from, to, other] = [sysv(t), sysv(t), posix(t)];
  from.queue.trySend("a", { type: 7 });
  from.queue.trySend("b", { type: 2 });
  assert.equal(hostmq(["copy", from.word, to.word]).status, 0);
  assert.deepEqual(inSysV(to.queue), [
    ["a", 7],
    ["b", 2],
  ]);
  assert.equal(hostmq(["copy", from.word, other.name, "--as-priority", "type"]).status, 0);
  assert.deepEqual(inPosix(other.queue), [
    ["a", 6],
    ["b", 1],
  ]);
  assert.equal(hostmq(["copy", from.word, to.word, "--type", 3]).status, 3);
  assert.deepEqual(inSysV(from.queue), [
    ["a", 7],
    ["b", 2],
  ]);
  const refused = hostmq(["copy", other.name, to.word]);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /dump --take/u);
});

test("copy sends in the order in which move and receive take, also with --up-to", (t) => {
  const [from, copied, moved] = [sysv(t), sysv(t), sysv(t)];
  for (const [body, type] of [
    ["a", 3],
    ["b", 1],
    ["c", 2],
    ["d", 9],
    ["e", 1],
  ] as const) {
    from.queue.trySend(body, { type });
  }
  assert.equal(hostmq(["copy", from.word, copied.word, "--up-to", 3]).status, 0);
  assert.equal(hostmq(["move", from.word, moved.word, "--up-to", 3]).status, 0);
  const order = inSysV(copied.queue);
  assert.deepEqual(order, [
    ["b", 1],
    ["e", 1],
    ["c", 2],
    ["a", 3],
  ]);
  assert.deepEqual(inSysV(moved.queue), order);
});

test("a queue is not copied or moved to itself, nor asked and listened to, by whatever words", (t) => {
  const { word, queue } = sysv(t);
  queue.trySend("a");
  for (const [words, expected] of [
    [["copy", word, `id:${queue.id}`], 1],
    [["move", word, `id:${queue.id}`, "--count", 1], 2],
    [["request", word, "x", "--reply-queue", `id:${queue.id}`, "--reply-type", 1, "--timeout", "100ms"], 2],
  ] as const) {
    const { status, stderr } = hostmq([...words]);
    assert.equal(status, expected, stderr);
    assert.match(stderr, /itself/u);
  }
  assert.deepEqual(inSysV(queue), [["a", 1]]);
  const other = posix(t);
  const own = hostmq(["request", other.name, "x", "--reply-queue", other.name.slice(1), "--timeout", "100ms"]);
  assert.equal(own.status, 2);
  assert.match(own.stderr, /itself/u);
});

test("move keeps order, priorities and types, within and between the families", (t) => {
  const [a, b, c] = [posix(t), posix(t), sysv(t)];
  a.queue.trySend("low");
  a.queue.trySend("high", { priority: 9 });
  assert.equal(hostmq(["move", a.name, b.name]).status, 0);
  assert.equal(hostmq(["move", a.name, b.name]).status, 3);
  const untold = hostmq(["move", b.name, c.word]);
  assert.equal(untold.status, 2);
  assert.match(untold.stderr, /--as-type priority/u);
  assert.equal(hostmq(["move", b.name, c.word, "--as-type", "priority"]).status, 0);
  assert.equal(hostmq(["move", c.word, a.name, "--as-priority", "type", "--count", 1]).status, 0);
  assert.deepEqual(inPosix(a.queue), [["high", 9]]);
  assert.deepEqual(inSysV(c.queue), [["low", 1]]);
});

test("move leaves in the first queue what finds no room", (t) => {
  const [from, to, small] = [posix(t), posix(t, 1), posix(t, 1, 16)];
  from.queue.trySendMany(["a", "b", "c"]);
  assert.equal(hostmq(["move", from.name, to.name, "--timeout", "50ms"]).status, 3);
  assert.deepEqual(inPosix(to.queue), [["a", 0]]);
  const refused = hostmq(["move", from.name, small.name]);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /64 bytes.*takes 16/u);
  assert.deepEqual(inPosix(from.queue), [
    ["b", 0],
    ["c", 0],
  ]);
  const other = sysv(t);
  for (const body of ["short", "x".repeat(17), "after"]) other.queue.trySend(body);
  const stopped = hostmq(["move", other.word, small.name, "--as-priority", 0]);
  assert.equal(stopped.status, 1);
  assert.match(stopped.stderr, /17 bytes.*16 bytes/u);
  assert.deepEqual(inPosix(small.queue), [["short", 0]]);
  assert.equal(inSysV(other.queue).length, 2);
});

test("move takes nothing for a System V queue that has as many messages as bytes", (t) => {
  const [from, to] = [posix(t, 1, 20), sysv(t)];
  from.queue.trySend("precious");
  to.queue.configure({ maxBytes: 20 });
  for (let sent = 0; sent < 20; sent++) to.queue.trySend("");
  // It would have the freed place before the message could go back.
  startHostmq(t, ["send", from.name, "next"]);
  assert.equal(hostmq(["move", from.name, to.word, "--as-type", 1, "--timeout", "500ms"]).status, 3);
  assert.deepEqual(inPosix(from.queue)[0], ["precious", 0]);
});

test("an interrupted move leaves every message in one of the queues", async (t) => {
  const [from, to] = [posix(t), posix(t, 1)];
  from.queue.trySendMany(["a", "b", "c"]);
  const run = startHostmq(t, ["move", from.name, to.name]);
  while (to.queue.attributes().currentMessages === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  run.child.kill("SIGINT");
  assert.deepEqual(await run.exited, { code: null, signal: "SIGINT" });
  assert.deepEqual(
    [...inPosix(to.queue), ...inPosix(from.queue)].map(([body]) => body),
    ["a", "b", "c"],
  );
});

test("dump and restore keep order, priorities, types and every byte", (t) => {
  const [one, other] = [posix(t), sysv(t)];
  const path = file(t);
  const bytes = Buffer.from([0, 10, 13, 255, 34]);
  one.queue.trySend("low");
  one.queue.trySend(bytes, { priority: 32767 });
  one.queue.trySend("");
  const refused = hostmq(["dump", one.name, path]);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /--take/u);
  assert.equal(hostmq(["dump", "--take", one.name, path]).status, 0);
  // Bodies of a queue that is its owner's alone.
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const lines = readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.equal(lines[0]?.maxMessages, 8);
  assert.deepEqual(lines.slice(1), [
    { priority: 32767, base64: bytes.toString("base64") },
    { priority: 0, body: "low" },
    { priority: 0, body: "" },
    { end: 3 },
  ]);
  assert.equal(hostmq(["restore", path]).status, 0);
  assert.deepEqual(inPosix(one.queue), [
    [bytes.toString("latin1"), 32767],
    ["low", 0],
    ["", 0],
  ]);
  assert.ok(!existsSync(`${path}.restored`));

  other.queue.trySend(bytes, { type: 2n ** 62n });
  other.queue.trySend("b", { type: 3 });
  assert.equal(hostmq(["dump", other.word, path]).status, 1);
  assert.equal(hostmq(["dump", other.word, path, "--force"]).status, 0);
  const before = inSysV(other.queue);
  assert.equal(before.length, 2);
  assert.equal(hostmq(["restore", path, other.word]).status, 0);
  assert.deepEqual(inSysV(other.queue), before);
});

test("a dump --take onto a full disk loses no message, and goes on when there is room", (t) => {
  const [one, other] = [posix(t, 8, 256), sysv(t)];
  const bodies = ["a", "b", "c", "d", "e", "f", "g", "h"].map((letter) => letter.repeat(150));
  one.queue.trySendMany(bodies);
  for (const body of bodies) other.queue.trySend(body);
  for (const word of [one.name, other.word]) {
    const path = file(t);
    // Room for the header and some of the messages.
    const full = shell(`ulimit -f 1; exec hostmq dump --take ${word} ${path}`);
    assert.equal(full.status, 1);
    assert.match(full.stderr, /EFBIG/u);
    assert.equal(hostmq(["dump", "--take", word, path]).status, 0);
    const lines = readFileSync(path, "utf8").trim().split("\n").slice(1);
    const [end, ...messages] = lines.map((line) => JSON.parse(line) as { body?: string; end?: number }).reverse();
    assert.deepEqual(messages.map(({ body }) => body).sort(), bodies);
    assert.equal(end?.end, 8);
  }
});

test("restore --create makes the queue as large as it was", (t) => {
  const { name, queue } = posix(t, 5, 48);
  const path = file(t);
  queue.trySendMany(["a", "b", "c", "d", "e"]);
  assert.equal(hostmq(["dump", "--take", name, path]).status, 0);
  PosixQueue.unlink(name);
  assert.equal(hostmq(["restore", path]).status, 1);
  assert.equal(hostmq(["restore", path, "--create"]).status, 0);
  const again = PosixQueue.open(name);
  assert.deepEqual(again.attributes(), { maxMessages: 5, maxMessageSize: 48, currentMessages: 5 });
  again.close();
});

test("restore begins anew with a dump that was made anew", (t) => {
  const { name, queue } = posix(t, 2);
  const path = file(t);
  const unfinished = (): string => {
    assert.equal(hostmq(["restore", path, "--again", "--wait", "--timeout", "50ms"]).status, 3);
    return readFileSync(`${path}.restored`, "utf8");
  };
  queue.trySendMany(["a", "b"]);
  assert.equal(hostmq(["dump", "--take", name, path]).status, 0);
  queue.trySend("in the way");
  const note = unfinished();
  queue.tryReceiveMany(2);
  queue.trySendMany(["c", "d"]);
  assert.equal(hostmq(["dump", "--take", "--force", name, path]).status, 0);
  assert.ok(!existsSync(`${path}.restored`));
  // As if the file had been made elsewhere and copied.
  writeFileSync(`${path}.restored`, note);
  assert.equal(hostmq(["restore", path]).status, 0);
  assert.deepEqual(inPosix(queue), [
    ["c", 0],
    ["d", 0],
  ]);
});

test("restore refuses what would not fit, says what is missing and sends nothing", (t) => {
  const [from, few, short, limited] = [posix(t), posix(t, 2), posix(t, 8, 8), sysv(t)];
  const path = file(t);
  from.queue.trySendMany(["a", "longer than eight", "c"]);
  assert.equal(hostmq(["dump", "--take", from.name, path]).status, 0);
  const refused = (word: string, ...more: string[]): string => {
    const { status, stderr } = hostmq(["restore", path, word, ...more]);
    assert.equal(status, 1);
    return stderr;
  };
  assert.match(refused(few.name), /room for 2 of the 3 messages.*\n.*--wait/u);
  for (const more of [[], ["--wait"]]) {
    const tooLong = refused(short.name, ...more);
    assert.match(tooLong, /it takes 8 bytes, and 1 of 3 messages has more; the longest has 17/u);
    assert.match(tooLong, /hostmq create/u);
    assert.doesNotMatch(tooLong, /--wait/u);
  }
  limited.queue.configure({ maxBytes: 18 });
  assert.match(refused(limited.word, "--as-type", "1"), /18 of its 18 bytes are free, and the 3 messages have 19/u);
  for (const queue of [few.queue, short.queue]) assert.equal(queue.attributes().currentMessages, 0);
  // With somebody who reads, what does not fit at once waits.
  const timedOut = hostmq(["restore", path, few.name, "--wait", "--timeout", "50ms"]);
  assert.equal(timedOut.status, 3);
  assert.equal(inPosix(few.queue).length, 2);
  const rest = hostmq(["restore", path, few.name]);
  assert.match(rest.stderr, /going on after 2 of 3/u);
  assert.deepEqual(inPosix(few.queue), [["c", 0]]);
});

test("restore counts empty messages: a System V queue holds as many messages as bytes", (t) => {
  const [from, to] = [sysv(t), sysv(t)];
  const path = file(t);
  for (let sent = 0; sent < 6; sent++) from.queue.trySend("");
  assert.equal(hostmq(["dump", from.word, path]).status, 0);
  to.queue.configure({ maxBytes: 8 });
  for (let sent = 0; sent < 3; sent++) to.queue.trySend("");
  const refused = hostmq(["restore", path, to.word]);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /as many messages as bytes, 8, and there is room for 5 of the 6 messages/u);
  assert.equal(to.queue.status().messages, 3);
  to.queue.tryReceive();
  assert.equal(hostmq(["restore", path, to.word]).status, 0);
  assert.equal(to.queue.status().messages, 8);
});

test("a dump that was cut short is told from a whole one", (t) => {
  const { word, queue } = sysv(t);
  const path = file(t);
  for (const body of ["a", "b"]) queue.trySend(body);
  assert.equal(hostmq(["dump", word, path]).status, 0);
  truncateSync(path, readFileSync(path).length - 5);
  const refused = hostmq(["restore", path]);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /cut short: it has 2 messages/u);
  writeFileSync(path, "hello\n");
  assert.match(hostmq(["restore", path]).stderr, /no dump of hostmq/u);
  assert.equal(hostmq(["dump", word, path]).status, 1);
  assert.equal(readFileSync(path, "utf8"), "hello\n");
});
