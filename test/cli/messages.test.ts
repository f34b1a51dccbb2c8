/** send, receive, peek and request. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { PosixQueue, type SysVQueue } from "hostmq";
import { command, hostmq, hostmqBytes, inTerminal, noTerminal, shell, startHostmq } from "../helpers/cli.js";
import type { TestScope } from "../helpers/names.js";
import { posix, sysv } from "./queues.js";

/** Bytes that go through the pipeline; the slow suite does a gibibyte. */
const pipelineBytes = 4 * 1024 * 1024;

const texts = (queue: PosixQueue | SysVQueue): string[] => queue.tryReceiveMany(100).map(({ body }) => body.toString());
/** A temporary folder that goes after the test. */
function folder(t: TestScope): string {
  const path = mkdtempSync(join(tmpdir(), "cli-"));
  t.after(() => {
    rmSync(path, { recursive: true });
  });
  return path;
}

test("send takes the body from the argument with priority or type, and says nothing", (t) => {
  const [one, other] = [posix(t), sysv(t)];
  const sent = hostmq(["send", one.name, "größe", "--priority", 5]);
  assert.deepEqual([sent.status, sent.stdout, sent.stderr], [0, "", ""]);
  assert.deepEqual(one.queue.tryReceive(), { body: Buffer.from("größe"), priority: 5 });
  assert.equal(hostmq(["send", other.word, "x", "--type", "9223372036854775807"]).status, 0);
  assert.deepEqual(other.queue.tryReceive(), { body: Buffer.from("x"), type: 2n ** 63n - 1n });
  assert.equal(hostmq(["send", other.word, "y"]).status, 0);
  assert.equal(other.queue.tryReceive()?.type, 1);
});

test("send cuts stdin by lines, NULs, size and JSON lines, or not at all", (t) => {
  const { name, queue } = posix(t);
  const sent = (input: string, ...words: (string | number)[]): string[] => {
    const { status, stderr } = hostmq(["send", name, ...words], { input });
    assert.equal(status, 0, stderr);
    return texts(queue);
  };
  assert.deepEqual(sent("a\nb\n"), ["a\nb\n"]);
  assert.deepEqual(sent(""), [""]);
  assert.deepEqual(sent("a\n\nb", "--lines"), ["a", "", "b"]);
  assert.deepEqual(sent("a\n\0b\0", "--null"), ["a\n", "b"]);
  assert.deepEqual(sent("abcdefgh", "--size", 3), ["abc", "def", "gh"]);
  assert.deepEqual(sent('{"body":"a"}\n{"base64":"/wA="}', "--jsonl"), ["a", "\ufffd\0"]);
  assert.deepEqual(sent("x", "--count", 3), ["x", "x", "x"]);
  assert.deepEqual(sent("x", "--end"), ["x", ""]);
  const bad = hostmq(["send", name, "--jsonl"], { input: '{"body":"good"}\n{"bdy":"a"}\n' });
  assert.equal(bad.status, 1);
  assert.match(bad.stderr, /line 2/u);
  assert.deepEqual(texts(queue), ["good"]);
});

test("a body that --codec refuses is in the queue again, with and without a program", (t) => {
  const { name, queue } = posix(t);
  queue.trySend("{", { priority: 3 });
  for (const more of [[], ["--", "cat"]]) {
    const { status, stdout, stderr } = hostmq(["receive", name, "--codec", "json", ...more]);
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, /no JSON/u);
  }
  const { body, priority } = queue.tryReceive() ?? assert.fail();
  assert.deepEqual([body.toString(), priority], ["{", 3]);
});

test("--codec json refuses what is none and sends it without blanks", (t) => {
  const { name, queue } = posix(t);
  assert.equal(hostmq(["send", name, '{ "a": 1 }', "--codec", "json"]).status, 0);
  assert.deepEqual(texts(queue), ['{"a":1}']);
  const { status, stderr } = hostmq(["send", name, "{", "--codec", "json"]);
  assert.equal(status, 1);
  assert.match(stderr, /no JSON/u);
});

test("--codec json takes out blanks and nothing else, both ways", (t) => {
  const { name, queue } = posix(t, 8, 256);
  const body = '{"id": 9007199254740993, "b":1,\t"1":2,\r\n"x":1.0, "x":[ "ä \\" \\\\", " \\u00e4" ] }';
  const compact = '{"id":9007199254740993,"b":1,"1":2,"x":1.0,"x":["ä \\" \\\\"," \\u00e4"]}';
  assert.equal(hostmq(["send", name, body, "--codec", "json"]).status, 0);
  assert.deepEqual(texts(queue), [compact]);
  queue.trySend(body);
  assert.equal(hostmq(["receive", name, "--codec", "json"]).stdout, compact);
});

test("send of several messages tells how many were sent when it ends early", (t) => {
  const { name, queue } = posix(t, 2, 16);
  for (const [input, words, expected, end] of [
    ["1\n2\n3\n", ["--timeout", "30ms"], 3, /\n\S*hostmq: 2 messages were sent; message 3 was not\n$/u],
    ["1\n2\n3\n", ["--try"], 3, /2 messages were sent; message 3 was not\n$/u],
    ["1\n2\n", ["--try", "--end"], 3, /2 messages were sent; the empty one of --end was not\n$/u],
    [`1\n${"2".repeat(17)}\n3\n`, [], 1, /EMSGSIZE.*\n.*1 message was sent; message 2 was not\n$/u],
    [`${"1".repeat(17)}\n`, [], 1, /^hostmq: EMSGSIZE[^\n]*\n$/u],
  ] as const) {
    const { status, stderr } = hostmq(["send", name, "--lines", ...words], { input });
    assert.equal(status, expected, stderr);
    assert.match(stderr, end);
    assert.doesNotMatch(stderr, /Nothing was sent/u);
    texts(queue);
  }
});

test("a full queue: --try and a timeout end with status 3, otherwise send waits", async (t) => {
  const { name, queue } = posix(t, 1, 16);
  queue.trySend("first");
  assert.equal(hostmq(["send", name, "x", "--try"]).status, 3);
  const timedOut = hostmq(["send", name, "x", "--timeout", "30ms"]);
  assert.equal(timedOut.status, 3);
  assert.match(timedOut.stderr, /1 of 1 message/u);
  assert.deepEqual(texts(queue), ["first"]);
  queue.trySend("first");
  const waiting = startHostmq(t, ["send", name, "second"]);
  await new Promise((resolve) => setTimeout(resolve, 300));
  // Only this one: there may be room for the second at once.
  assert.equal(queue.tryReceive()?.body.toString(), "first");
  assert.deepEqual(await waiting.exited, { code: 0, signal: null });
  assert.deepEqual(texts(queue), ["second"]);
});

test("send refuses a message over the size with both sizes", (t) => {
  const { name } = posix(t, 1, 16);
  const { status, stderr } = hostmq(["send", name, "x".repeat(17)]);
  assert.equal(status, 1);
  assert.match(stderr, /17 bytes.*16 bytes/u);
});

test("--rate spreads messages over time", (t) => {
  const { name, queue } = posix(t);
  const begin = performance.now();
  assert.equal(hostmq(["send", name, "x", "--count", 5, "--rate", 10]).status, 0);
  assert.ok(performance.now() - begin >= 390);
  assert.equal(texts(queue).length, 5);
});

test("receive writes exactly the bytes, and one message only", (t) => {
  const { name, queue } = posix(t);
  const body = Buffer.from([0, 255, 10, 13, 0]);
  queue.trySend(body);
  queue.trySend("next");
  const { status, stdoutBytes } = hostmqBytes(["receive", name]);
  assert.deepEqual([status, stdoutBytes], [0, body]);
  assert.deepEqual(texts(queue), ["next"]);
});

test("receive ends with status 3 when nothing is there or comes in time", (t) => {
  const { name, queue } = posix(t);
  for (const words of [["--try"], ["--timeout", "30ms"], ["--all"]]) {
    const { status, stdout } = hostmq(["receive", name, ...words]);
    assert.deepEqual([status, stdout], [3, ""], words.join(" "));
  }
  queue.trySend("a");
  assert.equal(hostmq(["receive", name, "--count", 2, "--timeout", "30ms", "--lines"]).status, 3);
});

test("receive --all, --lines, --null and --jsonl", (t) => {
  const { name, queue } = posix(t);
  queue.trySendMany(["a", "b"], { priority: 2 });
  assert.deepEqual(hostmq(["receive", name, "--all", "--lines"]).stdout, "a\nb\n");
  queue.trySendMany(["a", "b"]);
  assert.deepEqual(hostmq(["receive", name, "--count", 2, "--null"]).stdout, "a\0b\0");
  queue.trySend(Buffer.from([255, 0]), { priority: 2 });
  queue.trySend("grün");
  const lines = hostmq(["receive", name, "--all", "--jsonl"]).stdout.trim().split("\n");
  const [first, second] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.ok(Math.abs(Date.parse(String(first?.at)) - Date.now()) < 60_000);
  assert.deepEqual({ ...first, at: 0 }, { at: 0, priority: 2, base64: "/wA=" });
  assert.deepEqual({ ...second, at: 0 }, { at: 0, priority: 0, body: "grün" });
});

test("what receive --jsonl writes, send --jsonl sends again, types beyond 2^53 included", (t) => {
  const [from, to] = [sysv(t), sysv(t)];
  const types = [7, 2n ** 63n - 1n];
  for (const type of types) from.queue.trySend(Buffer.from([1, 254]), { type });
  const { status, stderr } = shell(`hostmq receive ${from.word} --all --jsonl | hostmq send ${to.word} --jsonl`);
  assert.equal(status, 0, stderr);
  assert.deepEqual(
    to.queue.tryReceiveMany(9).map(({ type, body }) => [type, [...body]]),
    types.map((type) => [type, [1, 254]]),
  );
});

test("send --jsonl refuses a priority or type that the queue cannot keep, unless told what becomes of it", (t) => {
  const [one, other] = [posix(t), sysv(t)];
  const send = (word: string, line: object, ...words: (string | number)[]) => {
    const { status, stderr } = hostmq(["send", word, "--jsonl", ...words], {
      input: `{"body":"first"}\n${JSON.stringify(line)}\n`,
    });
    return { status, stderr };
  };
  const [withPriority, withType] = [
    { body: "x", priority: 5 },
    { body: "x", type: 8 },
  ];
  for (const [word, line, way] of [
    [other.word, withPriority, "--as-type priority"],
    [other.word, { ...withPriority, type: 8 }, "--as-type priority"],
    [one.name, withType, "--as-priority type"],
  ] as const) {
    const { status, stderr } = send(word, line, way.startsWith("--as-type") ? "--type" : "--priority", 7);
    assert.equal(status, 2, stderr);
    assert.match(stderr, new RegExp(`line 2: .*${way}`, "u"));
  }
  assert.deepEqual(texts(other.queue), ["first", "first"]);
  assert.deepEqual(texts(one.queue), ["first"]);

  assert.equal(send(other.word, withPriority, "--as-type", "priority").status, 0);
  assert.deepEqual(
    other.queue.tryReceiveMany(9).map(({ type }) => type),
    [1, 6],
  );
  assert.equal(send(other.word, withType, "--as-type", 3, "--type", 2).status, 0);
  assert.deepEqual(
    other.queue.tryReceiveMany(9).map(({ type }) => type),
    [2, 8],
  );
  assert.equal(send(one.name, withType, "--as-priority", "type").status, 0);
  assert.equal(one.queue.tryReceive()?.priority, 7);
  assert.equal(hostmq(["send", other.word, "x", "--as-type", 1]).status, 2);
  assert.equal(send(one.name, withPriority, "--as-type", 1).status, 2);
});

test("receive selects by type and cuts", (t) => {
  const { word, queue } = sysv(t);
  for (const type of [3, 2, 7]) queue.trySend(`type ${type}`, { type });
  const received = (...words: (string | number)[]): string => hostmq(["receive", word, ...words]).stdout;
  assert.equal(received("--except", 3), "type 2");
  assert.equal(received("--type", 7, "--truncate", 4), "type");
  queue.trySend("type 1", { type: 1 });
  assert.equal(received("--up-to", 5), "type 1");
  const { status, stderr } = hostmq(["receive", posix(t).name, "--type", 1]);
  assert.equal(status, 2);
  assert.match(stderr, /no types/u);
});

test("at a terminal a line's end follows the body", { skip: noTerminal }, (t) => {
  const { name, queue } = posix(t);
  queue.trySend("text");
  assert.equal(inTerminal(["receive", name]).stdout, "text\r\n");
});

test("Ctrl-C ends a waiting receive by the signal and takes nothing", { skip: noTerminal }, async (t) => {
  const { name, queue } = posix(t);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    const waiting = startHostmq(t, ["receive", name, "--follow", "--lines"]);
    queue.trySend("one");
    assert.equal(await waiting.line(), "one");
    waiting.child.kill(signal);
    assert.deepEqual(await waiting.exited, { code: null, signal });
    queue.trySend("two");
    assert.deepEqual(texts(queue), ["two"]);
  }
});

test("Ctrl-C between two sends ends the command without a word", async (t) => {
  const { name, queue } = posix(t);
  const sending = startHostmq(t, ["send", name, "ping", "--count", "3", "--rate", "0.1"]);
  await queue.receive();
  sending.child.kill("SIGINT");
  assert.deepEqual(await sending.exited, { code: null, signal: "SIGINT" });
  assert.equal(sending.stderr, "");
});

test("a reader that goes away costs no message", async (t) => {
  const { name, queue } = posix(t);
  const run = startHostmq(t, ["receive", name, "--follow", "--lines"]);
  queue.trySend("one");
  assert.equal(await run.line(), "one");
  run.child.stdout.destroy();
  await new Promise((resolve) => setTimeout(resolve, 100));
  queue.trySend("two", { priority: 4 });
  assert.deepEqual(await run.exited, { code: 0, signal: null });
  assert.equal(run.stderr, "");
  assert.deepEqual(queue.tryReceive(), { body: Buffer.from("two"), priority: 4 });
});

test("what cannot be written is in the queue again, whatever is wrong with the output", (t) => {
  const { name, queue } = posix(t);
  queue.trySend("precious", { priority: 4 });
  for (const more of ["", "--jsonl", "--all --lines"]) {
    const { status, stderr } = shell(`hostmq receive ${name} ${more} > /dev/full`);
    assert.equal(status, 1);
    assert.match(stderr, /ENOSPC/u);
    assert.equal(queue.attributes().currentMessages, 1, more);
  }
  assert.deepEqual(queue.tryReceive(), { body: Buffer.from("precious"), priority: 4 });
});

test("a message whose program cannot even be started is in the queue again", (t) => {
  const { name, queue } = posix(t);
  queue.trySend("precious");
  const { status, stderr } = hostmq(["receive", name, "--", `${command}/none`]);
  assert.equal(status, 1);
  assert.match(stderr, /ENOTDIR; the message is in the queue again/u);
  assert.deepEqual(texts(queue), ["precious"]);
});

test("a message of which a file has room for a part only is in the queue again", (t) => {
  const { name, queue } = posix(t, 1, 4096);
  queue.trySend("x".repeat(3000));
  const { status, stderr } = shell(`ulimit -f 1; hostmq receive ${name} > '${join(folder(t), "file")}'`);
  assert.equal(status, 1);
  assert.match(stderr, /EFBIG/u);
  assert.equal(queue.tryReceive()?.body.length, 3000);
});

test("--exec runs a program for each message, with the body on stdin and the rest in the environment", (t) => {
  const [one, other] = [posix(t, 8, 256), sysv(t)];
  one.queue.trySendMany(["a", "b"], { priority: 6 });
  const line = 'echo "$HOSTMQ_QUEUE $HOSTMQ_PRIORITY$HOSTMQ_TYPE $(cat)"';
  const { status, stdout } = hostmq(["receive", one.name, "--all", "--exec", line]);
  assert.deepEqual([status, stdout], [0, `${one.name} 6 a\n${one.name} 6 b\n`]);
  other.queue.trySend("c", { type: 8 });
  assert.equal(hostmq(["receive", other.word, "--exec", line]).stdout, `${other.word} 8 c\n`);
  one.queue.trySend("d");
  assert.equal(hostmq(["receive", one.name, "--", "tr", "a-z", "A-Z"]).stdout, "D");
  one.queue.trySend("does not read its input".repeat(8));
  assert.equal(hostmq(["receive", one.name, "--", "true"]).status, 0);
});

test("when the program fails: stop, put back, or go on", (t) => {
  const { name, queue } = posix(t);
  const fill = (): void => {
    queue.trySendMany(["bad", "good"]);
  };
  const run = (...words: (string | number)[]) => hostmq(["receive", name, ...words, "--exec", '[ "$(cat)" = good ]']);
  fill();
  const stopped = run("--all");
  assert.equal(stopped.status, 1);
  assert.match(stopped.stderr, /status 1; the message is in the queue again/u);
  assert.deepEqual(texts(queue).sort(), ["bad", "good"]);
  fill();
  assert.equal(run("--all", "--on-failure", "go-on").status, 0);
  assert.deepEqual(texts(queue), []);
  fill();
  assert.equal(run("--count", 2, "--on-failure", "put-back").status, 0);
  assert.deepEqual(texts(queue), ["bad"]);
  fill();
  assert.equal(hostmq(["receive", name, "--", "/no/such/program"]).status, 1);
  assert.equal(texts(queue).length, 2);
});

test("a message that finds its queue full again is shown, with status 1", (t) => {
  const { name, queue } = posix(t, 1);
  queue.trySend(Buffer.from([255, 0]), { priority: 3 });
  const { status, stderr } = hostmq([
    "receive",
    name,
    "--exec",
    `'${process.execPath}' '${command}' send ${name} x; false`,
  ]);
  assert.equal(status, 1);
  assert.match(stderr, /cannot be put back: ETIMEDOUT/u);
  assert.deepEqual(texts(queue), ["x"]);
  const [line = ""] = stderr.trim().split("\n").slice(-1);
  assert.equal(hostmq(["send", name, "--jsonl"], { input: line }).status, 0);
  assert.deepEqual(queue.tryReceive(), { body: Buffer.from([255, 0]), priority: 3 });
});

test("--keep gives back what is not the message it copied", (t) => {
  const { word, queue } = sysv(t);
  for (const body of ["copied", "another"]) queue.trySend(body);
  const { status, stderr } = hostmq(["receive", word, "--keep", "--", process.execPath, command, "receive", word]);
  assert.equal(status, 1);
  assert.match(stderr, /another reader/u);
  assert.deepEqual(texts(queue), ["another"]);
});

test("--keep takes a System V message only after its program succeeded", (t) => {
  const { word, queue } = sysv(t);
  for (const type of [5, 3]) queue.trySend(`type ${type}`, { type });
  const seen = hostmq([
    "receive",
    word,
    "--keep",
    "--up-to",
    4,
    "--exec",
    `cat; echo; '${process.execPath}' '${command}' stat ${word} | grep ^messages`,
  ]);
  assert.equal(seen.status, 0, seen.stderr);
  assert.match(seen.stdout, /^type 3\nmessages: +2\n$/u);
  assert.deepEqual(texts(queue), ["type 5"]);
  queue.trySend("again");
  assert.equal(hostmq(["receive", word, "--keep", "--", "false"]).status, 1);
  assert.deepEqual(texts(queue), ["again"]);
  assert.equal(hostmq(["receive", word, "--keep", "--try", "--", "true"]).status, 3);
  assert.equal(hostmq(["receive", posix(t).name, "--keep", "--", "true"]).status, 2);
});

test("peek copies System V messages and takes none; for POSIX it says why not", (t) => {
  const { word, queue } = sysv(t);
  assert.equal(hostmq(["peek", word]).status, 3);
  for (const type of [5, 3]) queue.trySend(`type ${type}`, { type });
  assert.equal(hostmq(["peek", word]).stdout, "type 5");
  assert.equal(hostmq(["peek", word, "--type", 3]).stdout, "type 3");
  assert.equal(
    hostmq(["peek", word, "--all", "--jsonl"]).stdout,
    '{"type":5,"body":"type 5"}\n{"type":3,"body":"type 3"}\n',
  );
  assert.deepEqual(texts(queue), ["type 5", "type 3"]);
  const { status, stderr } = hostmq(["peek", posix(t).name]);
  assert.equal(status, 1);
  assert.match(stderr, /without taking it/u);
});

test("peek --up-to shows what receive --up-to takes, in its order", (t) => {
  const { word, queue } = sysv(t);
  for (const type of [9, 3, 12, 3, 1]) queue.trySend(`${type}`, { type });
  const lines = (...words: (string | number)[]): string =>
    hostmq([...words, "--up-to", 10, "--lines"] as string[]).stdout.replaceAll("\n", " ");
  assert.equal(lines("peek", word), "1 ");
  assert.equal(lines("peek", word, "--count", 2), "1 3 ");
  const seen = lines("peek", word, "--all");
  assert.equal(seen, "1 3 3 9 ");
  assert.equal(lines("receive", word, "--all"), seen);
});

test("request gets the answer of the matching type (System V)", async (t) => {
  const { word, queue } = sysv(t);
  const asking = startHostmq(t, ["request", word, "--expand", "{pid} hello"]);
  const { body } = await queue.receive({ type: 1, timeout: 30_000 });
  const [pid, text] = body.toString().split(" ");
  assert.equal(Number(pid), asking.child.pid);
  queue.trySend("for somebody else", { type: 2 });
  queue.trySend(`${text ?? ""} back`, { type: Number(pid) });
  assert.deepEqual(await asking.exited, { code: 0, signal: null });
  assert.deepEqual(await asking.rest(), ["hello back"]);
  assert.deepEqual(texts(queue), ["for somebody else"]);
  assert.equal(hostmq(["request", word, "x", "--timeout", "50ms"]).status, 3);
});

test("request gets the answer on a queue of its own (POSIX), which is gone afterwards", async (t) => {
  const { name, queue } = posix(t);
  const asking = startHostmq(t, ["request", name, "--expand", "{reply} hello"]);
  const [reply = ""] = (await queue.receive({ timeout: 30_000 })).body.toString().split(" ");
  const answers = PosixQueue.open(reply, { access: "write" });
  answers.trySend("hello back");
  answers.close();
  assert.deepEqual(await asking.exited, { code: 0, signal: null });
  assert.deepEqual(await asking.rest(), ["hello back"]);
  assert.throws(() => PosixQueue.open(reply), { code: "ENOENT" });
});

test("random bytes go through a small queue unchanged", (t) => {
  const { name } = posix(t, 10, 1024);
  const path = join(folder(t), "bytes");
  const bytes = randomBytes(pipelineBytes);
  const { status, stderr } = shell(
    `exec 3<&0; hostmq send ${name} --size 1k --end <&3 & hostmq receive ${name} --end > ${path} && wait $!`,
    {},
    bytes,
  );
  assert.equal(status, 0, stderr);
  assert.ok(readFileSync(path).equals(bytes));
});
