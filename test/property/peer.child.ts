/**
 * Does to one queue what it is told, a JSON line for each call, and answers with a JSON line `{ id, value }` or `{ id, error }`.
 *   peer.child.js posix|sysv ADDRESS
 * A call that may wait is first said to have begun: `{ id, begun: true }`.
 */
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { PosixQueue, QueueError, SysVQueue } from "hostmq";
import type { Order, PlainMessage } from "./peer.js";

const [family = "", address = ""] = process.argv.slice(2);
const queue = family === "posix" ? PosixQueue.open(address) : SysVQueue.open(Number(address));
const waiting = new Map<number, AbortController>();
const answer = (line: object): unknown => writeSync(1, `${JSON.stringify(line)}\n`);

function plain(message: Awaited<ReturnType<typeof queue.receive>>): PlainMessage {
  const kind = "priority" in message ? message.priority : message.type;
  return { body: message.body.toString(), kind: Number(kind) };
}

function carryOut(
  { act, body = "", kind = 0, selector = {}, count = 1, which = 0 }: Order,
  signal: AbortSignal,
): unknown {
  const options = queue instanceof PosixQueue ? { priority: kind } : { type: kind };
  switch (act) {
    case "trySend":
      return (queue as SysVQueue).trySend(body, options);
    case "tryReceiveMany":
      return (queue as SysVQueue).tryReceiveMany(count, selector).map(plain);
    case "send":
      return (queue as SysVQueue).send(body, { ...options, signal });
    case "receive":
      return (queue as SysVQueue).receive({ ...selector, signal }).then(plain);
    case "abort":
      waiting.get(which)?.abort("aborted");
      return true;
  }
}

async function obey(order: Order): Promise<void> {
  const { id } = order;
  const abort = new AbortController();
  waiting.set(id, abort);
  try {
    const result = carryOut(order, abort.signal);
    answer({ id, begun: true });
    answer({ id, value: await result });
  } catch (error) {
    answer({ id, error: error instanceof QueueError ? error.code : String(error) });
  } finally {
    waiting.delete(id);
  }
}

createInterface({ input: process.stdin }).on("line", (line) => void obey(JSON.parse(line) as Order));
answer({ id: -1, value: "open" });
