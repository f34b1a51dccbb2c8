/** kill -9 of either side at any moment: the other goes on, with all that was sent. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { nodeChild, type Program } from "../helpers/peers.js";
import { families, type Family, receive, send } from "./families.js";

const script = new URL("./killed.child.js", import.meta.url);
/** Milliseconds after "open" within which the kill comes. */
const longestLife = 30;
/** Where the machine is so slow that fewer come through, the rounds go on. */
const fewestMessages = 20;
const patience = 20_000;

const sides = ["C", "Node"] as const;

export function testKills(rounds: number): void {
  for (const family of families) {
    for (const side of sides) {
      test(`${family.name}: ${rounds} ${side} senders are killed, and the reader gets all they sent`, async (t) => {
        await killSenders(t, family, side, rounds);
      });

      test(`${family.name}: ${rounds} ${side} readers are killed, and sender and next reader go on`, async (t) => {
        await killReaders(t, family, side, rounds);
      });
    }
  }
}

/** Each sender begins where the one before was stopped; this process is the reader all the time. */
async function killSenders(
  t: TestContext,
  family: Family,
  side: (typeof sides)[number],
  rounds: number,
): Promise<void> {
  const host = family.host(t);
  const queue = host.open();
  const received: number[] = [];
  for (let round = 0; goesOn(round, rounds, received.length); round++) {
    const first = received.length;
    const sender =
      side === "C"
        ? host.send(["-f", first, "-v"], 0)
        : nodeChild(t, script, [family.name, host.address, "send", first]);
    await atRandom(sender, async (signal) => {
      received.push(Number((await receive(queue, { timeout: patience, signal })).body.toString()));
    });
    for (const message of queue.tryReceiveMany(100)) received.push(Number(message.body.toString()));
    const confirmed = (await sender.rest()).filter((line) => /^sent \d+$/u.test(line)).length;
    // It may have been killed after the last send and before it said so.
    const sent = received.length - first;
    assert.ok(sent === confirmed || sent === confirmed + 1, `${confirmed} said to be sent, ${sent} received`);
    assert.deepEqual(received, Array.from(received.keys()));
  }
  assert.ok(received.length >= fewestMessages, `${received.length} messages`);
}

/** This process sends all the time; at most the message in a reader's hands is gone with it. */
async function killReaders(
  t: TestContext,
  family: Family,
  side: (typeof sides)[number],
  rounds: number,
): Promise<void> {
  const host = family.host(t);
  const queue = host.open();
  let sent = 0;
  const messages: number[] = [];
  const note = (lines: string[]): void => {
    for (const line of lines) if (line.startsWith("message ")) messages.push(Number(line.split(" ")[1]));
  };
  let killed = 0;
  for (; goesOn(killed, rounds, sent); killed++) {
    const reader = side === "C" ? host.receive([], 0) : nodeChild(t, script, [family.name, host.address, "receive", 0]);
    await atRandom(reader, async (signal) => {
      await send(queue, String(sent), { timeout: patience, signal });
      sent++;
    });
    note(await reader.rest());
  }
  for (const message of queue.tryReceiveMany(100)) messages.push(Number(message.body.toString()));
  assert.ok(sent >= fewestMessages, `${sent} messages`);
  assert.equal(new Set(messages).size, messages.length);
  assert.deepEqual(
    messages,
    [...messages].sort((a, b) => a - b),
  );
  const lost = sent - messages.length;
  assert.ok(lost <= killed, `${lost} of ${sent} messages are gone with ${killed} readers`);
}

function goesOn(round: number, rounds: number, messages: number): boolean {
  return round < rounds || (messages < fewestMessages && round < 10 * rounds);
}

/** Works with the other side until that is killed, at a moment that is never the same. */
async function atRandom(other: Program, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  assert.equal(await other.line(), "open");
  const killed = new AbortController();
  const killing = sleep(Math.random() * longestLife).then(() => {
    other.child.kill("SIGKILL");
    killed.abort();
  });
  while (!killed.signal.aborted) {
    await work(killed.signal).catch((error: unknown) => {
      if (error !== killed.signal.reason) throw error;
    });
  }
  await killing;
  assert.deepEqual(await other.exited, { code: null, signal: "SIGKILL" });
}
