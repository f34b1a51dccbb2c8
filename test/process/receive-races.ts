/** Receives that are given up while a C program sends: what was sent is what was received, and nothing else. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { QueueClosedError, QueueTimeoutError } from "hostmq";
import { families, type Family, type Host, type Queue, receive, type Received } from "./families.js";
import { someMoment } from "./moments.js";

/** Deadlines are kept to the millisecond, an abort or a close comes sooner. */
const microsecondsBetweenMessages = { abort: 50, timeout: 700, close: 50 };
/** Receives of one round; only some of them are given up when it is an abort. */
const receivesPerRound = 2;
const longestTimeout = 1;

const ways = ["abort", "timeout", "close"] as const;

export function testReceiveRaces(rounds: number): void {
  for (const family of families) {
    for (const way of ways) {
      test(`${family.name}: ${rounds} receives raced by ${way} lose nothing and take nothing`, async (t) => {
        await race(t, family, way, rounds);
      });
    }
  }
}

async function race(t: TestContext, family: Family, way: (typeof ways)[number], rounds: number): Promise<void> {
  const host = family.host(t);
  const sender = host.send([...messagesOf(family), "-d", microsecondsBetweenMessages[way]], 0);
  assert.equal(await sender.line(), "open");
  const numbers: number[] = [];
  let receivedInRaces = 0;
  let givenUp = 0;
  let queue = host.open();
  for (let round = 0; round < rounds; round++) {
    if (queue.closed) queue = host.open();
    // Only a receive that waits can be given up.
    numbers.push(...queue.tryReceiveMany(100).map(numberOf));
    for (const outcome of await giveUp(queue, family, way, round)) {
      if (outcome.status === "fulfilled") {
        numbers.push(numberOf(outcome.value));
        receivedInRaces++;
      } else {
        assertReason(outcome.reason, way);
        givenUp++;
      }
    }
  }
  const sent = await drain(host, sender, numbers);
  assert.deepEqual(
    numbers,
    Array.from({ length: sent }, (_, number) => number),
  );
  t.diagnostic(`${receivedInRaces} received and ${givenUp} given up of ${rounds * receivesPerRound}`);
  // Otherwise it was no race.
  assert.ok(receivedInRaces > rounds / 100 && givenUp > rounds / 100, `${receivedInRaces} and ${givenUp}`);
}

/** For System V every second message has length 0, and the type tells which it is. */
function messagesOf(family: Family): string[] {
  return family.name === "POSIX" ? [] : ["-t", "+", "-s", "-1,0"];
}

function numberOf(message: Received): number {
  if (!("type" in message)) return Number(message.body.toString());
  const number = Number(message.type) - 1;
  if (message.body.length > 0) assert.equal(message.body.toString(), String(number));
  return number;
}

/** With growing types each of these selects the oldest message, through a wait of its own. */
function selectorOf(family: Family, round: number): object {
  if (family.name === "POSIX") return {};
  const forever = 2 ** 40;
  return [{}, { upTo: forever }, { except: forever }, { except: 1_000_000_007 }][round % 4] ?? {};
}

async function giveUp(
  queue: Queue,
  family: Family,
  way: (typeof ways)[number],
  round: number,
): Promise<PromiseSettledResult<Received>[]> {
  const abort = new AbortController();
  const options = {
    ...selectorOf(family, round),
    ...(way === "timeout" ? { timeout: Math.random() * longestTimeout } : {}),
  };
  // The first or the last of them, or both, can be aborted: leaving the head of a line differs from leaving its end.
  const aborted = way === "abort" ? 1 + Math.floor(Math.random() * 3) : 0;
  const receives = Array.from({ length: receivesPerRound }, (_, index) => {
    return receive(queue, (aborted & (1 << index)) === 0 ? options : { ...options, signal: abort.signal });
  });
  const settled = Promise.allSettled(receives);
  if (way !== "timeout") await someMoment();
  if (way === "abort") abort.abort(new Error("given up"));
  if (way === "close") queue.close();
  return settled;
}

function assertReason(reason: unknown, way: (typeof ways)[number]): void {
  if (way === "abort") assert.equal((reason as Error).message, "given up");
  else assert.ok(reason instanceof (way === "close" ? QueueClosedError : QueueTimeoutError), String(reason));
}

/** Ends the sender, takes what is still queued, and tells how many were sent. */
async function drain(host: Host, sender: ReturnType<Host["send"]>, numbers: number[]): Promise<number> {
  const queue = host.open();
  sender.child.kill("SIGTERM");
  for (;;) {
    const wasEnded = sender.child.exitCode !== null;
    const message = await receive(queue, { timeout: 20 }).catch((error: unknown) => {
      assertReason(error, "timeout");
      return undefined;
    });
    if (message !== undefined) numbers.push(numberOf(message));
    else if (wasEnded) break;
  }
  return Number(/^sent (\d+)$/u.exec(await sender.line())?.[1]);
}
