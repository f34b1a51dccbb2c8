/**
 * A Node program among those that chaos meets: sends numbered messages for ever or receives them, and says each.
 *   member.child.js posix|sysv ADDRESS send|receive RANK FIRST PACE
 * Sends with RANK as priority or type, a pause of PACE milliseconds after each. "reopen" on its input: it opens the queue anew
 * once the call at hand is over, and says "reopened"; "end": it ends. A timeout that was not kept is said, too.
 */
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { PosixQueue, QueueError, QueueRemovedError, QueueTimeoutError, SysVQueue } from "hostmq";

const [family = "", address = "", role = "", rank = "", first = "", pace = ""] = process.argv.slice(2);
/** Milliseconds, on every call; long enough to be met only where nobody is at the other end. */
const timeout = 200;
/** By how much a timeout may be late on a machine that is busy or was asleep; the wall clock jumps by an hour. */
const allowance = 600_000;

type Queue = PosixQueue | SysVQueue;
const say = (line: string): unknown => writeSync(1, `${line}\n`);

let wanted: "reopen" | "end" | undefined;
let interruption = new AbortController();
createInterface({ input: process.stdin })
  .on("line", (line) => {
    wanted = line as "reopen" | "end";
    // Who sends finishes that first, or it would not be known whether it was sent.
    if (role === "receive") interruption.abort();
  })
  .on("close", () => process.exit(3));

/** Somebody may just be making it. */
async function open(): Promise<Queue> {
  for (;;) {
    try {
      return family === "posix" ? PosixQueue.open(address) : SysVQueue.open(Number(address));
    } catch (error) {
      if (!(error instanceof QueueError && error.code === "ENOENT")) throw error;
      await sleep(5);
    }
  }
}

let sequence = Number(first);
const kind = family === "posix" ? { priority: Number(rank) } : { type: Number(rank) };

/** One call; each reports by itself. */
async function step(queue: Queue): Promise<void> {
  const { signal } = interruption;
  if (role === "send") {
    await (queue as SysVQueue).send(String(sequence), { ...kind, timeout });
    say(`sent ${sequence++}`);
    await sleep(Number(pace));
  } else {
    const message = await queue.receive({ timeout, signal });
    say(`message ${message.body.toString()} ${"priority" in message ? message.priority : message.type}`);
  }
}

let queue = await open();
say("open");
while (wanted !== "end") {
  const began = performance.now();
  try {
    await step(queue);
  } catch (error) {
    const took = performance.now() - began;
    if (error instanceof QueueTimeoutError) {
      if (took < timeout - 1 || took > timeout + allowance) say(`a timeout of ${timeout} ms took ${took} ms`);
    } else if (error instanceof QueueRemovedError) {
      queue.close();
      queue = await open();
    } else if (error !== interruption.signal.reason) {
      throw error;
    }
  }
  if (wanted === "reopen") {
    wanted = undefined;
    interruption = new AbortController();
    queue.close();
    queue = await open();
    say("reopened");
  }
}
queue.close();
// The input is all that keeps the process alive now; that nothing else does shows in that it ends.
process.stdin.removeAllListeners();
process.stdin.destroy();
