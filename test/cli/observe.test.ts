/** watch, top, doctor and run. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { SysVQueue } from "hostmq";
import { command, hostmq, inTerminal, noTerminal, startHostmq } from "../helpers/cli.js";
import { sysvKey } from "../helpers/names.js";
import { noPrivateNamespace } from "../helpers/private-namespace.js";
import { posix } from "./queues.js";

interface Sample {
  queue: string;
  messages: number;
  highWater: number;
  inRate: number;
  outRate: number;
  oldest: number;
}

test("watch --json shows depth, rates, high-water mark and waiting time, and takes nothing", async (t) => {
  const { name, queue } = posix(t);
  const run = startHostmq(t, ["watch", name, "--json", "--interval", "300ms"]);
  const sample = async (): Promise<Sample> => JSON.parse(await run.line()) as Sample;
  const first = await sample();
  assert.deepEqual([first.queue, first.messages, first.inRate, first.oldest], [name, 0, 0, 0]);
  queue.trySendMany(["a", "b", "c"]);
  let seen = await sample();
  while (seen.messages === 0) seen = await sample();
  assert.equal(seen.messages, 3);
  assert.ok(seen.inRate > 0 && seen.outRate === 0, JSON.stringify(seen));
  queue.tryReceive();
  queue.tryReceive();
  while (seen.messages === 3) seen = await sample();
  assert.ok(seen.outRate > 0 && seen.oldest > 0);
  assert.deepEqual([seen.messages, seen.highWater], [1, 3]);
  assert.equal(queue.attributes().currentMessages, 1);
});

test("watch prints one header and a line for each queue and interval", (t) => {
  const { name } = posix(t);
  const key = sysvKey(t);
  SysVQueue.create(key).close();
  const { status, stdout } = hostmq(["watch", name, `key:${key}`, "--interval", "20ms", "--count", 2]);
  assert.equal(status, 0);
  const lines = stdout.trimEnd().split("\n");
  assert.equal(lines.length, 5);
  assert.match(lines[0] ?? "", /^TIME +QUEUE +MESSAGES/u);
  assert.ok(lines[1]?.includes(name) && lines[2]?.includes("key:0x"));
  assert.equal(hostmq(["watch", "/no-such-queue"]).status, 1);
});

test("top goes on without a queue that is removed, of either family", { skip: noTerminal }, async (t) => {
  const { name } = posix(t);
  const key = sysvKey(t);
  const { id } = SysVQueue.create(key);
  const words = [`[${name[0] ?? ""}]${name.slice(1)}`, `[i]d:${id}`];
  const remover = spawn("sh", ["-c", `sleep 2; "$0" "$1" rm ${name} id:${id}`, process.execPath, command]);
  const ended = once(remover, "close");
  const { status, stdout } = inTerminal(["top", ...words, "--interval", "400ms"], [[" 0 queues", "q"]]);
  await ended;
  assert.equal(status, 0, stdout);
});

test(
  "top draws a screen of at most 80 columns, ends with q or Ctrl-C, and gives the old screen back",
  { skip: noTerminal },
  (t) => {
    const { name, queue } = posix(t);
    queue.trySendMany(["a", "b"]);
    for (const [key, expected] of [
      ["q", 0],
      ["\\x03", 130],
    ] as const) {
      const { status, stdout } = inTerminal(["top", name, "--interval", "100ms"], [["%", key]]);
      assert.equal(status, expected);
      assert.ok(stdout.startsWith("\u001b[?1049h\u001b[?25l"));
      assert.ok(stdout.trimEnd().endsWith("\u001b[?25h\u001b[?1049l"), JSON.stringify(stdout.slice(-80)));
      // eslint-disable-next-line no-control-regex -- the escapes of the terminal
      const lines = stdout.replace(/\u001b\[[?\d;]*[A-Za-z]/gu, "").split(/\r\n/u);
      for (const line of lines) assert.ok(line.length <= 80, line);
      assert.match(lines.join("\n"), /2 +25%/u);
    }
    // A name without its slash is the same queue, which the listing has as well.
    const { status, stdout } = inTerminal(["top", name.slice(1), "--interval", "100ms"], [["%", "q"]]);
    assert.equal(status, 0);
    assert.match(stdout, / 1 queue, 2 messages/u);
    const twice = inTerminal(["top", name, name.slice(1), "--interval", "100ms"], [["%", "q"]]);
    assert.match(twice.stdout, / 1 queue, 2 messages/u);
    assert.equal(queue.attributes().currentMessages, 2);
    assert.equal(hostmq(["top"]).status, 2);
    assert.equal(inTerminal(["top", name], [], { TERM: "dumb" }).status, 2);
  },
);

test("top tells what keeps it from showing every queue, as ls does", { skip: noTerminal }, (t) => {
  const { name } = posix(t);
  const { stderr: remarks } = hostmq(["ls"]);
  const start = remarks.slice(0, 50);
  const all = inTerminal(["top", "--interval", "100ms"], [["%", "q"]]);
  assert.equal(all.status, 0);
  assert.ok(
    all.stdout.replaceAll("\r", "").endsWith(`\u001b[?1049l${remarks}`),
    JSON.stringify(all.stdout.slice(-400)),
  );
  assert.ok(all.stdout.indexOf(start) < all.stdout.lastIndexOf("\u001b[?1049l"));
  const one = inTerminal(["top", name, "--interval", "100ms"], [["%", "q"]]);
  assert.ok(remarks === "" || !one.stdout.includes(start));
});

test("doctor tells value, needed and verdict, and with a failure the command that mends it", () => {
  const { stdout, stderr } = hostmq(["doctor", "--json"]);
  assert.equal(stderr, "");
  const found = JSON.parse(stdout) as { what: string; value: string; needed: string; verdict: string; mend?: string }[];
  for (const what of [
    "runtime",
    "addon",
    "fs.mqueue.msg_max",
    "RLIMIT_MSGQUEUE",
    "kernel.msgmnb",
    "POSIX queues",
    "System V queues",
    "mqueue filesystem",
    "IPC namespace",
    "container",
    "seccomp",
    "logind RemoveIPC",
  ]) {
    assert.ok(
      found.some((one) => one.what === what && one.value !== "" && one.needed !== "" && one.verdict !== ""),
      what,
    );
  }
  assert.equal(found.find(({ what }) => what === "addon")?.verdict, "ok");
  const much = hostmq(["doctor", "--messages", 100_000, "--size", "1M", "--queues", 100]);
  assert.equal(much.status, 1);
  assert.match(much.stdout, /FAIL +RLIMIT_MSGQUEUE.*\n +mend: .*prlimit --msgqueue=\d+/u);
});

test("ls and doctor advise the same way to see every POSIX queue, which makes the folder first", () => {
  const { stderr } = hostmq(["ls"]);
  const found = JSON.parse(hostmq(["doctor", "--json"]).stdout) as { what: string; mend?: string }[];
  const mend = found.find(({ what }) => what === "mqueue filesystem")?.mend;
  // Absent where one is mounted.
  assert.equal(stderr === "", mend === undefined);
  if (mend === undefined) return;
  assert.equal(mend, "mkdir -p /dev/mqueue && mount -t mqueue none /dev/mqueue");
  assert.ok(stderr.includes(`As root, ${mend} shows them all`), stderr);
});

test("doctor still speaks where the addon cannot be loaded", () => {
  const { status, stdout } = hostmq(["doctor"], { env: { HOSTMQ_ADDON: "/no/such/addon.node" } });
  assert.equal(status, 1);
  assert.match(stdout, /FAIL +addon +.*\/no\/such\/addon\.node/u);
});

test(
  "run --private runs a program with limits of its own and ends with its status",
  { skip: noPrivateNamespace() },
  (t) => {
    const { name } = posix(t);
    const { status, stdout } = hostmq([
      "run",
      "--private",
      "--msg-max",
      123,
      "--sysv-msgmnb",
      "1k",
      "--",
      "sh",
      "-c",
      "cat /proc/sys/fs/mqueue/msg_max /proc/sys/kernel/msgmnb; exit 7",
    ]);
    assert.deepEqual([status, stdout], [7, "123\n1024\n"]);
    assert.equal(hostmq(["run", "--private", "--", "sh", "-c", "kill -TERM $$"]).status, 128 + 15);
    assert.equal(hostmq(["run", "--private", "--", "/no/such/program"]).status, 127);
    assert.equal(hostmq(["run", "--", "true"]).status, 2);
    // The queue of this test is not there.
    const gone = hostmq(["run", "--private", "--", "sh", "-c", `"$0" "$1" stat ${name}`, process.execPath, command]);
    assert.equal(gone.status, 1);
    assert.match(gone.stderr, /ENOENT/u);
  },
);
