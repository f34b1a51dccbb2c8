/** What the tables of failing calls have in common: a queue for each case, and what must be true after the failure. */
import assert from "node:assert/strict";
import { readdirSync, readlinkSync } from "node:fs";
import { constants } from "node:os";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { errorTable } from "#hostmq/errors/table";
import type { PosixQueue, SysVQueue } from "hostmq";
import { described, type Described } from "../errors/described.js";
import { clear, hits, inject, type Rule } from "./faults.js";

export type Queue = PosixQueue | SysVQueue;

/** What the process holds of the system. */
export interface Holding {
  /** What each descriptor leads to, sorted. */
  readonly descriptors: string[];
  readonly threads: number;
}

export function holding(): Holding {
  const descriptors: string[] = [];
  for (const descriptor of readdirSync("/proc/self/fd")) {
    try {
      descriptors.push(readlinkSync(`/proc/self/fd/${descriptor}`));
    } catch {
      // The one with which the folder was read.
    }
  }
  return { descriptors: descriptors.sort(), threads: readdirSync("/proc/self/task").length };
}

/** Fails unless the process soon holds again what it held before. */
export async function assertHolds(before: Holding): Promise<void> {
  for (let patience = 100; patience > 0; patience--) {
    const now = holding();
    if (now.threads <= before.threads && String(now.descriptors) === String(before.descriptors)) return;
    await sleep(20);
  }
  assert.deepEqual(holding(), before);
}

/** The scene of a case: two handles of one queue that holds some messages. */
export interface Stage {
  readonly queue: Queue;
  readonly other: Queue;
  /** How errors name the queue. */
  readonly label: string;
  /** What is in the queue. A case that takes or sends without failure changes it. */
  readonly bodies: string[];
}

export interface Family {
  /** A new queue with room for four short messages, of which so many are there. Closed and removed after the test. */
  stage(t: { after: (cleanup: () => void) => void }, messages: number): Stage;
}

/** Puts so many messages into the queue, and closes both handles after the test. */
export function withMessages(
  t: { after: (cleanup: () => void) => void },
  stage: Omit<Stage, "bodies">,
  messages: number,
): Stage {
  const bodies = Array.from({ length: messages }, (_, n) => `message ${n}`);
  for (const body of bodies) assert.ok(stage.queue.trySend(body));
  t.after(() => {
    stage.queue.close();
    stage.other.close();
  });
  return { ...stage, bodies };
}

export const capacity = 4;
/** Milliseconds after which a case counts as hung. */
const timeout = 20_000;

/** How a call fails, for each of several errnos. */
export interface FailingCase extends Omit<Rule, "error"> {
  /** What the program does. */
  readonly what: string;
  /** Names, with a space between. */
  readonly errnos: string;
  /** The call that the error names, where it is not the one that is made to fail. */
  readonly syscall?: string;
  /** The errno that the error names, where it is not the one that was injected. */
  readonly code?: string;
  /** What waits has not been started yet, and shall not be: so that the next case finds it so, too. */
  readonly beforeStart?: boolean;
  /** Messages in the queue before (default 0). */
  readonly messages?: number;
  /** Fails with the errno. */
  act(stage: Stage): unknown;
}

/** Tests that each ends in the documented error, that nothing was sent, taken or leaked, and that the handle stays usable. */
export function testFailures(family: Family, cases: readonly FailingCase[]): void {
  for (const each of cases) {
    for (const error of each.errnos.split(" ")) {
      test(`${each.what}: ${each.call} fails with ${error}`, { timeout }, async (t) => {
        const before = holding();
        const stage = family.stage(t, each.messages ?? 0);
        const { call, after = 0, times = 1, every = 1, afterwards = false } = each;
        inject({ call, error, after, times, every, afterwards });
        const failure = await described(() => each.act(stage)).finally(clear);
        checkDescription(failure, each.syscall ?? call.replace(/ .*$/u, ""), each.code ?? error, stage.label);
        await assertUsable(stage, each.beforeStart !== true);
        for (const handle of [stage.queue, stage.other]) handle.close();
        await assertHolds(before);
      });
    }
  }
}

/** A case in which the failure is survived: what the program asked for happens all the same. */
export interface SurvivedCase extends Omit<FailingCase, "act" | "syscall"> {
  act(stage: Stage): unknown;
}

export function testSurvivals(family: Family, cases: readonly SurvivedCase[]): void {
  for (const each of cases) {
    for (const error of each.errnos.split(" ")) {
      test(`${each.what}: survives ${each.call} with ${error}`, { timeout }, async (t) => {
        const before = holding();
        const stage = family.stage(t, each.messages ?? 0);
        const { call, after = 0, times = 1, every = 1, afterwards = false } = each;
        inject({ call, error, after, times, every, afterwards });
        try {
          await each.act(stage);
          assert.ok(hits() > 0, "the call was not made");
        } finally {
          clear();
        }
        if (!stage.queue.closed) await assertUsable(stage, true);
        for (const handle of [stage.queue, stage.other]) handle.close();
        await assertHolds(before);
      });
    }
  }
}

/** The words of the row for the call and errno, or those that stand for all without a row. */
function checkDescription(failure: Described, syscall: string, errno: string, label: string): void {
  const { name, code, message, queue, hint } = failure;
  assert.equal(failure.syscall, syscall, message);
  const rows = errorTable.filter((row) => row.call === syscall && row.errno === errno);
  // Of several rows the words tell which it was; none of them may call this errno by another name.
  const row = rows.find((each) => each.code === undefined && (each.remedy === hint || each === rows.at(-1)));
  assert.deepEqual([name, code], [row?.errorClass ?? "QueueError", errno], message);
  assert.equal(failure.errno, (constants.errno as Record<string, number>)[code ?? ""]);
  if (syscall !== "ftok") assert.ok(queue !== undefined && sameQueue(queue, label), message);
  assert.ok(message.startsWith(`${code}: cannot `), message);
  assert.ok(message.endsWith(hint ?? "?"), message);
  if (row === undefined) assert.match(hint ?? "", /manual page/u);
  else if (row.explain === undefined) assert.equal(hint, row.remedy);
}

/** Some cases make another queue, named after the first, or know a descriptor alone. */
function sameQueue(queue: string, label: string): boolean {
  return queue.startsWith("descriptor ") || queue.startsWith(label.startsWith("/") ? label : "key ");
}

/** Takes what should be in the queue and nothing else, and passes a message each way, waiting and not. */
async function assertUsable({ queue, other, bodies }: Stage, mayWait: boolean): Promise<void> {
  assert.deepEqual(drained(other), bodies);
  if (mayWait) {
    const late = queue.receive({ timeout: 10_000 });
    await other.send("late", { timeout: 10_000 });
    assert.equal((await late).body.toString(), "late");
  }
  assert.equal(queue.trySend("soon"), true);
  assert.equal(other.tryReceive()?.body.toString(), "soon");
  assert.equal(other.tryReceive(), undefined);
}

export function drained(queue: Queue): string[] {
  return queue.tryReceiveMany(100).map(({ body }) => body.toString());
}

/** Fills the queue, so that a send waits. */
export function fill({ other, bodies }: Stage): void {
  for (let n = bodies.length; other.trySend(`filler ${n}`); n++) bodies.push(`filler ${n}`);
}

/** Takes the oldest, so that there is room. */
function makeRoom({ other, bodies }: Stage): void {
  assert.equal(other.tryReceive()?.body.toString(), bodies.shift());
}

/** Whoever must wait has begun to. */
export async function pause(): Promise<void> {
  await sleep(30);
}

// What several cases do.

/** A wait that goes well, after which what waits has started. */
export async function startWaiting(family: Family): Promise<void> {
  const cleanups: (() => void)[] = [];
  const { queue, other } = family.stage({ after: (cleanup) => cleanups.push(cleanup) }, 0);
  const waiting = queue.receive({ timeout: 10_000 });
  await pause();
  other.trySend("x");
  assert.equal((await waiting).body.toString(), "x");
  for (const cleanup of cleanups.reverse()) cleanup();
}

export async function waitForMessage({ queue }: Stage): Promise<void> {
  // The one after the other, and none of them hangs.
  const [first, second] = await Promise.allSettled([queue.receive(), queue.receive()]);
  assert.equal(second.status, "rejected");
  if (first.status === "rejected") throw first.reason;
}

export async function waitForRoom(stage: Stage): Promise<void> {
  fill(stage);
  const waiting = stage.queue.send("too much");
  const settled = Promise.allSettled([waiting]);
  await pause();
  makeRoom(stage);
  await settled;
  await waiting;
}

async function receiveTheFirst({ queue, bodies }: Stage): Promise<void> {
  assert.equal((await queue.receive({ timeout: 10_000 })).body.toString(), bodies.shift());
}

export function receiveTheFirstBlocking({ queue, bodies }: Stage): void {
  assert.equal(queue.receiveSync({ timeout: 10_000 }).body.toString(), bodies.shift());
}

export async function sendOne({ queue, bodies }: Stage): Promise<void> {
  await queue.send("one", { timeout: 10_000 });
  bodies.push("one");
}

export async function receiveLate({ queue, other }: Stage): Promise<void> {
  for (let n = 0; n < 10; n++) {
    const waiting = queue.receive({ timeout: 10_000 });
    await pause();
    other.trySend(`late ${n}`);
    assert.equal((await waiting).body.toString(), `late ${n}`);
  }
}

/** The two calls of a family, and the errnos that only a later message of a batch meets in silence. */
interface Tries {
  readonly send: string;
  readonly receive: string;
  /** How the kernel says that there is no message. */
  readonly empty: string;
  readonly sendErrors: string;
  readonly receiveErrors: string;
}

/** Tries that find nothing to do, at once or in the middle of a batch. */
export function survivedTries({ send, receive, empty, sendErrors, receiveErrors }: Tries): SurvivedCase[] {
  return [
    {
      what: "trySend on what is said to be full",
      call: send,
      errnos: "EAGAIN",
      act: ({ queue }) => {
        assert.equal(queue.trySend("x"), false);
      },
    },
    {
      what: "tryReceive of what is said to be empty",
      call: receive,
      errnos: empty,
      messages: 1,
      act: ({ queue }) => {
        assert.equal(queue.tryReceive(), undefined);
      },
    },
    {
      what: "trySendMany, in the middle",
      call: send,
      errnos: `EAGAIN ${sendErrors}`,
      after: 2,
      act: ({ queue, bodies }) => {
        assert.equal(queue.trySendMany(["a", "b", "c"]), 2);
        bodies.push("a", "b");
      },
    },
    {
      what: "tryReceiveMany, in the middle",
      call: receive,
      errnos: `${empty} ${receiveErrors}`,
      messages: 4,
      after: 2,
      times: 2,
      act: ({ queue, bodies }) => {
        assert.deepEqual(
          queue.tryReceiveMany(4).map(({ body }) => body.toString()),
          bodies.splice(0, 2),
        );
      },
    },
    { what: "receive", call: receive, errnos: empty, messages: 1, times: 50, act: receiveTheFirst },
  ];
}
