/** Two processes: C programs at the other end of frames, and what is left when a process is killed or ends. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { nodeChild, peer } from "../helpers/peers.js";
import { drain, families, frameSize, inKernel, numbers, type Queue } from "./places.js";

const script = new URL("./frames.child.js", import.meta.url);
const patience = 20_000;
const rounds = 4;
/** Where the machine is so slow that fewer come through, the rounds go on. */
const fewestMessages = 100;
/** Milliseconds after "open" within which the kill comes. */
const longestLife = 60;
/** Messages of at least one digit that a frame of the test's queues has room for. */
const mostInFrame = Math.floor((frameSize - 16) / 5);

function numbersIn(lines: readonly string[], word: string): number[] {
  return lines.flatMap((line) => (line.startsWith(`${word} `) ? [Number(line.split(" ")[1])] : []));
}

function goesOn(round: number, messages: number): boolean {
  return round < rounds || (messages < fewestMessages && round < 10 * rounds);
}

async function receiveUntil(queue: Queue, received: number[], last: number): Promise<void> {
  while ((received.at(-1) ?? -1) < last) {
    received.push(Number((await queue.receive({ timeout: patience })).body.toString()));
  }
}

for (const family of families) {
  describe(`${family.name}, coalescing between processes`, () => {
    it("receives what a C program sends in frames", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      const sender = peer(t, "frame_send", ["-e", 7, "-s", "5,9,20", place.address, 400]);
      for (const n of numbers(0, 400)) {
        const message = await queue.receive({ timeout: patience });
        assert.equal(Number.parseInt(message.body.toString(), 10), n);
        assert.equal(message.body.length, [5, 9, 20][n % 3]);
        assert.equal(family.rankOf(message), 3);
      }
      assert.deepEqual(await sender.rest(), ["sent 400"]);
      assert.deepEqual(await sender.exited, { code: 0, signal: null });
    });

    it("fills a frame to the last byte as the C header does", async (t) => {
      const place = family.place(t);
      const [queue, plain] = [place.open(), place.openPlain()];
      const sizes = [frameSize - 20, 0];
      const sender = peer(t, "frame_send", ["-s", sizes.join(","), place.address, 3]);
      const ofC: string[] = [];
      while (ofC.length < 3) ofC.push((await plain.receive({ timeout: patience })).body.toString("hex"));
      await sender.rest();
      const ours: string[] = [];
      const sent = [0, 1, 2].map((n) => {
        const size = sizes[n % 2] ?? 0;
        return queue.send(size === 0 ? "" : String(n).padEnd(size, "."), family.rank(3));
      });
      while (ours.length < 3) ours.push((await plain.receive({ timeout: patience })).body.toString("hex"));
      await Promise.all(sent);
      assert.deepEqual(ours, ofC);
    });

    it("sends a C program what it reads message by message", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      const receiver = peer(t, "frame_receive", [place.address, 300]);
      assert.equal(await receiver.line(), "open");
      assert.equal(place.openPlain().trySend("foreign"), true);
      await Promise.all(numbers(0, 300).map((n) => queue.send(String(n), family.rank(2))));
      const lines = await receiver.rest();
      assert.equal(lines[0], "foreign 7");
      assert.deepEqual(numbersIn(lines, "message"), numbers(0, 300));
      assert.ok(lines.every((line) => !line.startsWith("message") || line.split(" ")[2] === "2"));
      assert.ok(lines.filter((line) => line.startsWith("frame")).length < 20);
      assert.equal(lines.at(-1), "received 300");
    });

    it(`gets all that senders had confirmed when they are killed, and nothing twice`, async (t) => {
      const place = family.place(t);
      const queue = place.open();
      const received: number[] = [];
      for (let round = 0; goesOn(round, received.length); round++) {
        const sender = nodeChild(t, script, [family.name, place.address, "send", received.length]);
        assert.equal(await sender.line(), "open");
        const killing = sleep(Math.random() * longestLife).then(() => sender.child.kill("SIGKILL"));
        while (!sender.child.killed) {
          received.push(...drain(queue));
          await sleep(1);
        }
        await killing;
        const confirmed = numbersIn(await sender.rest(), "sent").at(-1) ?? -1;
        received.push(...drain(queue));
        assert.ok(received.length > confirmed, `${confirmed} confirmed, ${received.length} received`);
        assert.deepEqual(received, numbers(0, received.length));
      }
      assert.ok(received.length >= fewestMessages, `${received.length} messages`);
    });

    it(`loses at most one frame with each reader that is killed, and nothing twice or out of order`, async (t) => {
      const place = family.place(t);
      const queue = place.open();
      const received: number[] = [];
      let sent = 0;
      let killed = 0;
      for (; goesOn(killed, sent); killed++) {
        const reader = nodeChild(t, script, [family.name, place.address, "receive"]);
        assert.equal(await reader.line(), "open");
        const killing = sleep(Math.random() * longestLife).then(() => reader.child.kill("SIGKILL"));
        while (!reader.child.killed) {
          sent += queue.trySendMany(numbers(sent, sent + 40).map(String));
          await sleep(1);
        }
        await killing;
        received.push(...numbersIn(await reader.rest(), "message"));
      }
      received.push(...drain(queue));
      assert.deepEqual(
        received,
        [...new Set(received)].sort((a, b) => a - b),
      );
      const lost = sent - received.length;
      assert.ok(sent >= fewestMessages && lost <= killed * mostInFrame, `${lost} of ${sent} messages lost`);
      const present = new Set(received);
      const gaps = numbers(0, sent).filter((n) => !present.has(n) && (n === 0 || present.has(n - 1))).length;
      assert.ok(gaps <= killed, `messages are missing in ${gaps} places`);
    });

    it("finds in the queue what a process had in hand that ended in order", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      await Promise.all(numbers(0, 6).map((n) => queue.send(String(n), family.rank(4))));
      const reader = nodeChild(t, script, [family.name, place.address, "leave", 2]);
      assert.deepEqual(await reader.exited, { code: 0, signal: null });
      const left = queue.tryReceiveMany(10);
      assert.deepEqual(
        left.map(({ body }) => Number(body.toString())),
        [2, 3, 4, 5],
      );
      assert.equal(family.rankOf(left[0] ?? {}), 4);
    });

    it("has what was sent in the tick in which the process exits", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      const sender = nodeChild(t, script, [family.name, place.address, "exit", "last words"]);
      assert.deepEqual(await sender.exited, { code: 0, signal: null });
      assert.equal(inKernel(queue), 1);
      assert.equal(queue.tryReceive()?.body.toString(), "last words");
    });

    it("carries many messages both ways between two processes in order", async (t) => {
      const place = family.place(t);
      const queue = place.open();
      const sender = nodeChild(t, script, [family.name, place.address, "send", 0]);
      assert.equal(await sender.line(), "open");
      const received: number[] = [];
      await receiveUntil(queue, received, 5000);
      sender.child.kill();
      assert.deepEqual(received, numbers(0, received.length));
    });
  });
}
