/** The examples do what their pages say. (The conversation has a file of its own.) */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { type Fields, ftok, PosixQueue, type Struct, SysVQueue } from "hostmq";
import { loadStructs } from "hostmq/codegen";
import { posixName, sysvKey } from "../helpers/names.js";
import { peer, type Program, root, start } from "../helpers/peers.js";

function example(t: TestContext, script: string, ...args: (string | number)[]): Program {
  return start(t, process.execPath, [join(root, "build/examples", script), ...args]);
}

async function endsWell(program: Program): Promise<string[]> {
  const lines = await program.rest();
  assert.deepEqual(await program.exited, { code: 0, signal: null }, `${lines.join("\n")}\n${program.stderr}`);
  return lines;
}

const gone = { code: "ENOENT" };

test("work queue: two workers do each job once, urgent ones first, and Ctrl-C leaves the rest in the queue", async (t) => {
  const name = posixName(t);
  // Before any worker runs, the jobs wait in the queue.
  await endsWell(example(t, "work-queue/submit.js", name, 8));
  const first = example(t, "work-queue/worker.js", name);
  assert.equal(await first.line(), "waiting for jobs");
  assert.equal(await first.line(), "did job 5 (urgent)");
  const second = example(t, "work-queue/worker.js", name);
  assert.equal(await second.line(), "waiting for jobs");
  await endsWell(example(t, "work-queue/submit.js", name, 16));

  using jobs = PosixQueue.open(name);
  while (jobs.attributes().currentMessages > 0) await new Promise((resume) => setTimeout(resume, 20));
  first.child.kill("SIGINT");
  second.child.kill("SIGINT");
  const done = [...(await endsWell(first)), ...(await endsWell(second))];
  assert.equal(done.filter((line) => line.startsWith("did job")).length, 8 + 16 - 1);

  await jobs.send("{}");
  assert.equal(jobs.attributes().currentMessages, 1, "nobody takes a message after Ctrl-C");
  await endsWell(example(t, "work-queue/remove.js", name));
  assert.throws(() => PosixQueue.open(name), gone);
});

test("request and reply: each asker gets the replies to its own requests, and the server removes both queues", async (t) => {
  const key = neighbouringKeys(t);
  const server = example(t, "request-reply/server.js", key);
  assert.equal(await server.line(), "serving");
  const clients = ["a b c", "d e f"].map((words) => example(t, "request-reply/client.js", key, ...words.split(" ")));
  const answers = await Promise.all(clients.map(endsWell));
  assert.deepEqual(answers, [
    ["A", "B", "C"],
    ["D", "E", "F"],
  ]);
  server.child.kill("SIGINT");
  assert.deepEqual(await endsWell(server), ["both queues are removed"]);
  for (const each of [key, key + 1]) assert.throws(() => SysVQueue.open(each), gone);
});

test("C program: its structs are read as it goes on unchanged, and an order stops it", async (t) => {
  const path = mkdtempSync(join(tmpdir(), "hostmq-meterd-"));
  const key = ftok(path, "m".charCodeAt(0));
  t.after(() => {
    rmSync(path, { recursive: true });
    const left = SysVQueue.list().find((queue) => queue.key === key);
    if (left !== undefined) SysVQueue.fromId(left.id).remove();
  });
  const meterd = peer(t, "c-program-meterd", [path]);
  assert.equal(await meterd.line(), "meterd: running");
  assert.deepEqual(await endsWell(example(t, "c-program/collector.js", path)), [
    "meter 7: 1204001 Wh, 980 W on phase 1",
    "meter 7: 1204002 Wh, 980 W on phase 1",
    "meter 9: fault 17, no current on phase 2",
    "meter 7: about 1204004 Wh, 980 W on phase 1",
    "meter 7: 1204005 Wh, 980 W on phase 1",
  ]);
  assert.deepEqual(await endsWell(meterd), ['meterd: order "stop"']);
  assert.throws(() => SysVQueue.open(key), gone);
});

test("C program: the struct of the example is that of the header, as the compiler lays it out", async () => {
  const { MeterBody } = (await import(join(root, "build/examples/c-program/meter.js"))) as {
    MeterBody: Struct<Fields>;
  };
  const { meter_message: whole } = await loadStructs({
    headers: [join(root, "examples/c-program/meter.h")],
    types: ["struct meter_message"],
  });
  assert.ok(whole);
  const mtype = 8;
  assert.equal(MeterBody.size, whole.size - mtype);
  const offsets = Object.entries(whole.offsets).map(([name, offset]) => [name, offset - mtype]);
  assert.deepEqual(Object.entries(MeterBody.offsets), offsets.slice(1));
});

test("streams: a file goes through a queue of four places, line by line", async (t) => {
  const name = posixName(t);
  const printing = example(t, "streams/print-lines.js", name);
  const sending = example(t, "streams/send-lines.js", name);
  const text = readFileSync(join(root, "LICENSE"), "utf8");
  sending.child.stdin.end(text);
  await endsWell(sending);
  const expected = text.split("\n").filter((line) => line !== "");
  assert.deepEqual(
    await endsWell(printing),
    expected.map((line, index) => `${index + 1}  ${line}`),
  );
  assert.throws(() => PosixQueue.open(name), gone);
});

test("worker threads: each job is done by one worker", async (t) => {
  const name = posixName(t);
  const lines = await endsWell(example(t, "worker-threads/workers.js", name));
  assert.deepEqual(
    lines.map((line) => Number(/= (\d+)$/u.exec(line)?.[1])).sort((a, b) => a - b),
    [1, 4, 9, 16, 25, 36, 49, 64, 81],
  );
  assert.throws(() => PosixQueue.open(name), gone);
});

test("blocking script: take waits for put, tells a timeout by its status, and Ctrl-C ends it", async (t) => {
  const name = posixName(t);
  const script = "blocking-script/queue.js";
  const taking = example(t, script, "take", name);
  await endsWell(example(t, script, "put", name, "hello"));
  assert.deepEqual(await endsWell(taking), ["hello"]);

  const vain = example(t, script, "take", name, 50);
  assert.deepEqual(await vain.exited, { code: 1, signal: null });
  assert.match(vain.stderr, /^ETIMEDOUT: receiveSync on .*: no message within 50 ms/u);

  const stuck = example(t, script, "take", name);
  await untilAsleep(stuck);
  stuck.child.kill("SIGINT");
  assert.deepEqual(await stuck.exited, { code: null, signal: "SIGINT" });
  await endsWell(example(t, script, "remove", name));
  assert.throws(() => PosixQueue.open(name), gone);
});

test("each example says what to type", () => {
  for (const folder of ["work-queue", "request-reply", "c-program", "streams", "worker-threads", "blocking-script"]) {
    const page = readFileSync(join(root, "examples", folder, "README.md"), "utf8");
    const typed = [...page.matchAll(/build\/examples\/\S+\.js/gu)].map(([path]) => path);
    assert.ok(typed.length > 0, `${folder}/README.md names no program`);
    for (const path of typed) assert.ok(existsSync(join(root, path)), `${folder}/README.md: ${path} is not there`);
  }
});

/** A key whose next one is free and removed after the test too. */
function neighbouringKeys(t: TestContext): number {
  const key = sysvKey(t);
  t.after(() => {
    const next = SysVQueue.list().find((queue) => queue.key === key + 1);
    if (next !== undefined) SysVQueue.fromId(next.id).remove();
  });
  return key;
}

/** Until the program has slept for a while: it waits in the kernel. Should it not yet, Ctrl-C ends it all the same. */
async function untilAsleep({ child }: Program): Promise<void> {
  const status = `/proc/${String(child.pid)}/status`;
  for (let quiet = 0; quiet < 10;) {
    await new Promise((resume) => setTimeout(resume, 30));
    quiet = /^State:\s*S/mu.test(readFileSync(status, "utf8")) ? quiet + 1 : 0;
  }
}
