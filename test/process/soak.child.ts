/**
 * Opens, sends, receives and closes again and again, then passes messages through one queue, for both families, and tells what
 * the process holds as it goes: descriptors, threads, memory. Ends with status 1 when that grew.
 *   soak.child.js [ROUNDS [MESSAGES]]    a million each
 */
import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { PosixQueue, SysVQueue } from "hostmq";
import { posixName, sysvKey } from "../helpers/names.js";

const [rounds = 1_000_000, messages = 1_000_000] = process.argv.slice(2).map(Number);
const reports = 10;
/** Until then the engine finds out how much memory it wants. */
const warm = 3;
/** One in so many passes begins with receives that wait, one of which is given up. */
const waitsEvery = 10;
/** Threads that nobody uses end after a moment. */
const settling = 700;
/** Bytes by which memory may grow from the report after which the engine is warm to the last. */
const residentAllowance = 16 * 2 ** 20;
const heapAllowance = 2 ** 19;

interface Holding {
  descriptors: number;
  threads: number;
  resident: number;
  heap: number;
}

type Queue = PosixQueue | SysVQueue;

const cleanups: (() => void | Promise<void>)[] = [];
const scope = { after: (cleanup: () => void | Promise<void>): unknown => cleanups.push(cleanup) };

async function cleanUp(): Promise<void> {
  for (const cleanup of cleanups.splice(0)) await cleanup();
}

function holding(): Holding {
  (globalThis as { gc?: () => void }).gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  return {
    descriptors: readdirSync("/proc/self/fd").length,
    threads: readdirSync("/proc/self/task").length,
    resident: rss,
    heap: heapUsed + external,
  };
}

/** Runs the step so many times with reports in between, and tells whether what the process holds stayed the same. */
async function soak(what: string, times: number, step: (n: number) => Promise<void>): Promise<boolean> {
  let first: Holding | undefined;
  let last: Holding | undefined;
  for (let report = 1; report <= reports; report++) {
    const end = Math.floor((times * report) / reports);
    for (let n = Math.floor((times * (report - 1)) / reports); n < end; n++) await step(n);
    await sleep(report === warm || report === reports ? settling : 0);
    last = holding();
    if (report === warm) first = last;
    const [resident, heap] = [last.resident, last.heap].map((bytes) => (bytes / 2 ** 20).toFixed(1)) as [
      string,
      string,
    ];
    console.log(
      `${what}: ${end}: ${last.descriptors} descriptors, ${last.threads} threads, ${resident} MiB, heap ${heap} MiB`,
    );
  }
  if (first === undefined || last === undefined) return true;
  const flat =
    last.descriptors <= first.descriptors &&
    last.threads <= first.threads &&
    last.resident - first.resident <= residentAllowance &&
    last.heap - first.heap <= heapAllowance;
  console.log(`${what}: ${flat ? "flat" : "NOT FLAT"}`);
  return flat;
}

/** One message there and back; sometimes the receive is first and waits, sometimes another one waits in vain. */
async function pass(queue: Queue, n: number): Promise<void> {
  if (n % waitsEvery === 0) {
    const abort = new AbortController();
    const late = queue.receive();
    const vain = queue.receive({ signal: abort.signal }).catch(() => undefined);
    await queue.send("a message that is waited for");
    await late;
    abort.abort();
    await vain;
  }
  await queue.send("a message");
  await queue.receive();
}

async function soakFamily(family: string, open: () => Queue): Promise<boolean> {
  const opened = await soak(`${family}, open, send, receive, close`, rounds, async (n) => {
    const queue = open();
    await pass(queue, n);
    queue.close();
  });
  const queue = open();
  const passed = await soak(`${family}, messages through one queue`, messages, (n) => pass(queue, n));
  queue.close();
  return opened && passed;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void cleanUp().then(() => {
      process.kill(process.pid, signal);
    });
  });
}
try {
  const name = posixName(scope);
  PosixQueue.create(name, { maxMessages: 4, maxMessageSize: 64 }).close();
  const key = sysvKey(scope);
  SysVQueue.create(key).close();
  const posix = await soakFamily("POSIX", () => PosixQueue.open(name));
  const sysv = await soakFamily("System V", () => SysVQueue.open(key));
  process.exitCode = posix && sysv ? 0 : 1;
} finally {
  await cleanUp();
}
