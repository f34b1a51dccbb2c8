/** Kills commands at random points and checks what their manual promises. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { randomInt } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { PosixQueue, SysVQueue } from "hostmq";
import { hostmq, startHostmq } from "../helpers/cli.js";
import type { TestScope } from "../helpers/names.js";

// Enough messages for the work to take longer than a kill takes to arrive.
const transferred = 400;
const executed = 25;
/** A kill comes at most so many milliseconds after the work was seen to begin. */
const latest = { transfer: 60, program: 120 };

/** The limits that these tests need. */
export const deepQueues = { sysctls: { "fs.mqueue.msg_max": transferred } } as const;

type Queue = PosixQueue | SysVQueue;

// The namespace ends with the tests, and takes the queues with it.
let serial = 0;
const families = {
  posix: (): { word: string; queue: Queue } => {
    const word = `/kill-${++serial}`;
    return { word, queue: PosixQueue.create(word, { maxMessages: transferred, maxMessageSize: 16 }) };
  },
  sysv: (): { word: string; queue: Queue } => {
    const key = ++serial;
    return { word: `key:${key}`, queue: SysVQueue.create(key) };
  },
};
type Family = keyof typeof families;

const bodies = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index).padStart(6, "0"));
const left = (queue: Queue): string[] => queue.tryReceiveMany(2 * transferred).map(({ body }) => body.toString());

function fill(queue: Queue, count: number): string[] {
  const all = bodies(count);
  assert.equal(queue.trySendMany(all), count);
  return all;
}

function depth(queue: Queue): number {
  return queue instanceof PosixQueue ? queue.attributes().currentMessages : queue.status().messages;
}

function drop(word: string, queue: Queue): void {
  if (queue instanceof PosixQueue) PosixQueue.unlink(word);
  else queue.remove();
  queue.close();
}

/** Starts the command, waits until its work has begun, and kills it a random moment later. */
async function killed(t: TestScope, words: string[], begun: () => boolean, within: number): Promise<void> {
  const run = startHostmq(t, words);
  while (!begun() && run.child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 1));
  await new Promise((resolve) => setTimeout(resolve, randomInt(within)));
  run.child.kill("SIGKILL");
  await run.exited;
}

/** What each of these bodies appears in, together: how many are missing, how many there are too many. */
function compare(all: readonly string[], found: readonly string[]): { lost: number; doubled: number } {
  const counts = new Map<string, number>();
  for (const body of found) counts.set(body, (counts.get(body) ?? 0) + 1);
  for (const body of counts.keys()) assert.ok(all.includes(body), `nobody sent ${JSON.stringify(body)}`);
  const lost = all.filter((body) => !counts.has(body)).length;
  return { lost, doubled: found.length - (all.length - lost) };
}

const ordered = (found: readonly string[]): boolean =>
  found.every((body, index) => index === 0 || (found[index - 1] ?? "") <= body);

async function moveRound(t: TestScope, family: Family): Promise<void> {
  const [from, to] = [families[family](), families[family]()];
  const all = fill(from.queue, transferred - 1);
  await killed(t, ["move", from.word, to.word], () => depth(to.queue) > 0, latest.transfer);
  const rerun = hostmq(["move", from.word, to.word, "--timeout", "0"]);
  assert.ok([0, 3].includes(rerun.status ?? -1), rerun.stderr);
  assert.equal(depth(from.queue), 0);
  const found = left(to.queue);
  const { lost, doubled } = compare(all, found);
  assert.ok(
    family === "posix" ? lost <= 1 && doubled === 0 : lost === 0 && doubled <= 1,
    `${lost} lost, ${doubled} doubled`,
  );
  assert.ok(ordered(found));
  drop(from.word, from.queue);
  drop(to.word, to.queue);
}

async function dumpRound(t: TestScope, family: Family, folder: string): Promise<void> {
  const { word, queue } = families[family]();
  const path = join(folder, `${++serial}.jsonl`);
  const all = fill(queue, transferred);
  await killed(t, ["dump", "--take", word, path], () => existsSync(path) && statSync(path).size > 300, latest.transfer);
  // Killed at the very end, the dump is whole.
  const whole = existsSync(path) && readFileSync(path, "utf8").trimEnd().endsWith(`{"end":${transferred}}`);
  if (!whole) assert.equal(hostmq(["dump", "--take", word, path]).status, 0);
  assert.equal(depth(queue), 0);
  const found = readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line.includes('"body"'))
    .map((line) => (JSON.parse(line) as { body: string }).body);
  const { lost, doubled } = compare(all, found);
  assert.ok(doubled === 0 && lost <= (family === "posix" ? 1 : 0), `${lost} lost, ${doubled} doubled`);
  assert.ok(ordered(found));
  drop(word, queue);
}

async function restoreRound(t: TestScope, family: Family, folder: string): Promise<void> {
  const [from, to] = [families[family](), families[family]()];
  const path = join(folder, `${++serial}.jsonl`);
  const all = fill(from.queue, transferred - 1);
  assert.equal(hostmq(["dump", "--take", "--no-fsync", from.word, path]).status, 0);
  await killed(t, ["restore", path, to.word], () => depth(to.queue) > 0, latest.transfer);
  const sent = depth(to.queue);
  if (sent < all.length || existsSync(`${path}.restored`)) {
    const rerun = hostmq(["restore", path, to.word]);
    assert.equal(rerun.status, 0, rerun.stderr);
  }
  const found = left(to.queue);
  const { lost, doubled } = compare(all, found);
  assert.ok(lost === 0 && doubled <= 1, `${lost} lost, ${doubled} doubled`);
  assert.ok(ordered(found));
  drop(from.word, from.queue);
  drop(to.word, to.queue);
}

async function execRound(t: TestScope, family: Family, folder: string, keep: boolean): Promise<void> {
  const { word, queue } = families[family]();
  const log = join(folder, `${++serial}.log`);
  const all = fill(queue, executed);
  const words = [
    "receive",
    word,
    "--all",
    ...(keep ? ["--keep"] : []),
    "--exec",
    `body=$(cat); test -n "$body" && echo "$body" >> ${log}`,
  ];
  await killed(t, words, () => existsSync(log), latest.program);
  // The program that was running is not killed with us: it ends by itself.
  await new Promise((resolve) => setTimeout(resolve, 50));
  const rerun = hostmq(words);
  assert.ok([0, 3].includes(rerun.status ?? -1), rerun.stderr);
  assert.equal(depth(queue), 0);
  const found = readFileSync(log, "utf8").trim().split("\n");
  const { lost, doubled } = compare(all, found);
  assert.ok(keep ? lost === 0 && doubled <= 1 : lost <= 1 && doubled === 0, `${lost} lost, ${doubled} doubled`);
  drop(word, queue);
}

/** Registers the tests, each with so many kills. */
export function killRounds(rounds: number): void {
  describe(`killed at ${rounds} random points`, () => {
    const repeat = (name: string, round: (t: TestScope, folder: string) => Promise<void>): void => {
      test(name, async (t) => {
        const folder = mkdtempSync(join(tmpdir(), "kill-"));
        t.after(() => {
          rmSync(folder, { recursive: true });
        });
        for (let done = 0; done < rounds; done++) await round(t, folder);
      });
    };
    repeat("move (POSIX) loses at most the message in hand and doubles none; a rerun moves the rest", (t) =>
      moveRound(t, "posix"),
    );
    repeat("move (System V) loses none and doubles at most one; a rerun moves the rest", (t) => moveRound(t, "sysv"));
    repeat("dump --take (POSIX) loses at most the message in hand; a rerun completes the file", (t, folder) =>
      dumpRound(t, "posix", folder),
    );
    repeat("dump --take (System V) loses and doubles none; a rerun completes the file", (t, folder) =>
      dumpRound(t, "sysv", folder),
    );
    repeat("restore (POSIX) loses none and doubles at most one; a rerun sends the rest", (t, folder) =>
      restoreRound(t, "posix", folder),
    );
    repeat("restore (System V) loses none and doubles at most one; a rerun sends the rest", (t, folder) =>
      restoreRound(t, "sysv", folder),
    );
    repeat("receive --exec (POSIX) loses at most the message in hand and gives none twice", (t, folder) =>
      execRound(t, "posix", folder, false),
    );
    repeat("receive --exec --keep (System V) loses none", (t, folder) => execRound(t, "sysv", folder, true));
  });
}
