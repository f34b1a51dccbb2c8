/** Sends that are given up while a C program empties a full queue: it gets those that resolved, once and in order. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { QueueClosedError, QueueTimeoutError } from "hostmq";
import { families, type Family, type Queue, send } from "./families.js";
import { someMoment } from "./moments.js";

/** Deadlines are kept to the millisecond, an abort or a close comes sooner. */
const microsecondsBetweenMessages = { abort: 50, timeout: 400, close: 50 };
const sendsPerRound = 3;
const longestTimeout = 1;
/** The number of the message after which there is none. */
const last = 1_000_000_000;

const ways = ["abort", "timeout", "close"] as const;
type Way = (typeof ways)[number];

export function testSendRaces(rounds: number): void {
  for (const family of families) {
    for (const way of ways) {
      test(`${family.name}: of ${rounds} sends raced by ${way} those that resolved arrive, and no other`, async (t) => {
        await race(t, family, way, rounds);
      });
    }
  }
}

async function race(t: TestContext, family: Family, way: Way, rounds: number): Promise<void> {
  const host = family.host(t);
  const reader = host.receive(["-d", microsecondsBetweenMessages[way]], 0);
  assert.equal(await reader.line(), "open");
  const sent: number[] = [];
  let givenUp = 0;
  let queue = host.open();
  let number = 0;
  for (let round = 0; round < rounds; round++) {
    if (queue.closed) queue = host.open();
    // Only a send that waits can be given up.
    while (queue.trySend(String(number), family.numbered(number))) sent.push(number++);
    const outcomes = await giveUp(queue, family, way, number);
    outcomes.forEach((outcome, index) => {
      if (outcome.status === "fulfilled") sent.push(number + index);
      else {
        assertReason(outcome.reason, way);
        givenUp++;
      }
    });
    number += outcomes.length;
  }
  await send(host.open(), String(last), family.numbered(last));
  const arrived: number[] = [];
  for (;;) {
    const arrival = numberOf(family, await reader.line());
    if (arrival === last) break;
    arrived.push(arrival);
  }
  assert.deepEqual(arrived, sent);
  const attempts = rounds * sendsPerRound;
  t.diagnostic(`${attempts - givenUp} of ${attempts} sent in races, and ${sent.length} in all`);
  // Otherwise it was no race.
  assert.ok(givenUp > rounds / 100 && attempts - givenUp > rounds / 100, `${givenUp} of ${attempts} given up`);
}

/** Every second body has length 0 on System V, where the type tells which message it is. */
function bodyOf(family: Family, number: number): string {
  return family.name === "System V" && number % 2 === 0 ? "" : String(number);
}

/** From "message SEQUENCE RANK LENGTH". */
function numberOf(family: Family, line: string): number {
  const [, sequence, rank] = line.split(" ");
  return family.name === "System V" ? Number(rank) - 1 : Number(sequence);
}

async function giveUp(queue: Queue, family: Family, way: Way, first: number): Promise<PromiseSettledResult<void>[]> {
  const abort = new AbortController();
  // Any of them can be aborted, with or without the others: the head of the line, its middle, its end.
  const aborted = way === "abort" ? 1 + Math.floor(Math.random() * 7) : 0;
  const sends = Array.from({ length: sendsPerRound }, (_, index) => {
    const number = first + index;
    return send(queue, bodyOf(family, number), {
      ...family.numbered(number),
      ...((aborted & (1 << index)) === 0 ? {} : { signal: abort.signal }),
      ...(way === "timeout" ? { timeout: Math.random() * longestTimeout } : {}),
    });
  });
  const settled = Promise.allSettled(sends);
  if (way !== "timeout") await someMoment();
  if (way === "abort") abort.abort(new Error("given up"));
  if (way === "close") queue.close();
  return settled;
}

function assertReason(reason: unknown, way: Way): void {
  if (way === "abort") assert.equal((reason as Error).message, "given up");
  else assert.ok(reason instanceof (way === "close" ? QueueClosedError : QueueTimeoutError), String(reason));
}
