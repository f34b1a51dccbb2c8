/**
 * Lets several C and Node programs send and receive through one queue of each family while they are killed, the queues removed
 * and made anew, the wall clock jumps and system calls fail; tells what happened, and ends with status 1 when a message was
 * doubled, out of order or invented, when more were lost than were in the hands of killed readers and in removed queues, or
 * when a program that was never killed grew.
 *   chaos.child.js [SECONDS [PACE]]    1800, and 4 milliseconds between two messages of a sender
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { faultyEnvironment, type Rule } from "../faults/faults.js";
import { root } from "../helpers/peers.js";
import { Stage } from "./stage.js";

const [seconds = 1800, pace = 4] = process.argv.slice(2).map(Number);
/** Milliseconds between two blows at one family, on average. */
const interval = 1000;
/** One blow in so many removes the queue. */
const recreation = 10;
/** Seconds until the engines know how much memory they want. A shorter run does not look at it. */
const warm = Math.max(60, seconds / 5);
const residentAllowance = 16 * 2 ** 20;

/** What is harmless in a system in trouble, again and again, and calls that take their time. */
const trouble: Rule[] = [
  { call: "epoll_wait", error: "EINTR", every: 7, times: Infinity },
  { call: "mq_timedsend", error: "EAGAIN", every: 5, times: Infinity },
  { call: "mq_timedreceive", error: "EAGAIN", every: 5, times: Infinity },
  { call: "msgrcv", error: "EINTR", every: 3, times: Infinity },
  { call: "msgsnd", error: "EINTR", every: 3, times: Infinity },
  { call: "msgrcv", delay: 2, every: 11, times: Infinity },
  { call: "futex", error: "EINTR", every: 5, times: Infinity },
  { call: "pthread_create", delay: 5, every: 2, times: Infinity },
];

const cleanups: (() => void | Promise<void>)[] = [];
const scope = { after: (cleanup: () => void | Promise<void>): unknown => cleanups.push(cleanup) };

async function cleanUp(): Promise<void> {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
}

const began = performance.now();
const elapsed = (): number => (performance.now() - began) / 1000;

/** Blows at random moments, until the time is over. */
async function strike(stage: Stage): Promise<void> {
  const victims = stage.members.filter(({ part }) => !part.steady);
  while (elapsed() < seconds) {
    await sleep(Math.random() * 2 * interval);
    stage.check();
    const victim = victims[Math.floor(Math.random() * victims.length)];
    if (Math.random() < 1 / recreation) await stage.recreate();
    else if (victim !== undefined) await stage.kill(victim);
  }
}

type Holding = ReturnType<Stage["members"][number]["holding"]>;

function holdings(stages: readonly Stage[]): Map<string, Holding> {
  const steady = stages.flatMap(({ members }) => members.filter(({ part }) => part.steady));
  return new Map(steady.map((member) => [`${member.part.family} ${member.part.role}`, member.holding()]));
}

function report(stage: Stage): void {
  const { killedReaders, killedSenders, recreated } = stage.counts;
  const { sent, lost } = stage.ledger.totals();
  console.log(
    `${Math.round(elapsed())} s, ${stage.family}: ${sent} sent, ${killedReaders} readers and ${killedSenders} senders killed, ${recreated} queues removed, ${lost} on their way or lost`,
  );
}

async function chaos(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "chaos-"));
  scope.after(() => {
    rmSync(folder, { recursive: true });
  });
  const faulty = faultyEnvironment(folder, trouble);
  const preload = [faulty.LD_PRELOAD, join(root, "build/peers/preload/wandering_clock.so")].join(" ");
  const troubled = { ...faulty, LD_PRELOAD: preload };
  const stages = (["posix", "sysv"] as const).map((family) => new Stage(scope, family, pace, troubled));

  let before: Map<string, Holding> | undefined;
  const watch = async (): Promise<void> => {
    for (let minute = 1; elapsed() < seconds;) {
      await sleep(100);
      if (before === undefined && elapsed() > warm) before = holdings(stages);
      if (elapsed() < minute * 60) continue;
      minute++;
      stages.forEach(report);
    }
  };
  await Promise.all([...stages.map(strike), watch()]);
  const after = holdings(stages);
  for (const stage of stages) {
    await stage.end();
    stage.check();
    report(stage);
    const { sent, lost, invented } = stage.ledger.totals();
    assert.equal(invented, 0, `${stage.family}: ${invented} messages were received that nobody sent`);
    assert.ok(sent > 0);
    assert.ok(lost <= stage.mayBeLost(), `${stage.family}: ${lost} messages are gone, ${stage.mayBeLost()} may be`);
    console.log(
      `${stage.family}: none doubled, none out of order, ${lost} gone of the ${stage.mayBeLost()} that may be`,
    );
  }
  for (const [who, now] of after) {
    const then = before?.get(who) ?? now;
    console.log(`${who}: resident ${mib(then.resident)} then ${mib(now.resident)} MiB, ${now.descriptors} descriptors`);
    assert.ok(now.resident - then.resident <= residentAllowance, `${who} has grown`);
    assert.ok(
      now.descriptors <= then.descriptors + 1,
      `${who}: ${then.descriptors} descriptors, then ${now.descriptors}`,
    );
    assert.ok(now.threads <= then.threads + 1, `${who}: ${then.threads} threads, then ${now.threads}`);
  }
}

const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void cleanUp().then(() => {
      process.kill(process.pid, signal);
    });
  });
}
try {
  await chaos();
} finally {
  await cleanUp();
}
