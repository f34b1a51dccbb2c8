import { QueueTimeoutError } from "../errors/queue-error.js";
import { queueArgument } from "./address.js";
import { defineCommand } from "./command.js";
import type { Context } from "./command.js";
import { peekSelected, takeCopied } from "./copy-first.js";
import { crossing, crossingOptions } from "./crossing.js";
import type { CrossingFlags } from "./crossing.js";
import type { Envelope } from "./envelope.js";
import { CommandError, exitStatus, UsageError } from "./exit.js";
import { orPutBack } from "./put-back.js";
import { areSame, longestFitting, openQueue, roomIn } from "./queues.js";
import type { OpenQueue } from "./queues.js";
import { selectorOf, selectorOptions, sendTo, takeMany } from "./transfer.js";
import type { SelectorOptions } from "./transfer.js";
import { duration, positive } from "./values.js";

interface Options extends SelectorOptions, CrossingFlags {
  count?: number;
  timeout?: number;
}

export const move = defineCommand<Options>({
  name: "move",
  summary: "move messages to another queue",
  description: [
    "Moves the messages that are there, one by one and in order, to the second queue. Waits for room there; status 3 when --timeout passed, and what was not moved is in the first queue. A message that the second queue can never hold stays in the first one.",
  ],
  arguments: [
    { name: "<from>", description: queueArgument },
    { name: "<to>", description: queueArgument },
  ],
  options: [
    { flags: "-n, --count <n>", description: "at most so many messages", parse: positive },
    ...selectorOptions,
    ...crossingOptions,
    { flags: "--timeout <time>", description: "wait so long for room, for each message", parse: duration },
  ],
  examples: [
    { does: "all messages", line: "hostmq move /jobs /jobs-later" },
    {
      does: "the messages of type 7 to a POSIX queue",
      line: "hostmq move key:0x1234 /sevens --type 7 --as-priority 0",
    },
  ],
  sections: [
    {
      title: "What a kill costs",
      paragraphs: [
        "From a System V queue nothing is lost: each message is copied, sent and only then taken. Killed between the two, the message in hand is in both queues, and a rerun moves it again: at most one is doubled for each kill. There must be no other reader.",
        "From a POSIX queue the kernel gives a message only to who takes it: kill -9 may lose the one message in hand, and never doubles any. It is taken only when the second queue has room, so that there is no waiting with a message in hand unless somebody else fills that place; Ctrl-C, SIGTERM and a passed --timeout put it back. If the first queue has been filled meanwhile, as by a sender that waited, the status is 1 and the message is shown as a line for send --jsonl.",
        "A rerun moves the rest.",
      ],
    },
  ],
  async run([from = "", to = ""], options, context) {
    const source = await openQueue(from, "readwrite");
    const target = await openQueue(to, "write");
    if (areSame(source, target)) throw new UsageError("a queue cannot be moved to itself");
    const change = crossing(source.kind, target, options);
    const moved =
      source.kind === "sysv"
        ? await moveCopied(source, target, change, options, context)
        : await moveTaken(source, target, change, options, context);
    return moved === 0 ? exitStatus.nothing : exitStatus.done;
  },
});

type Change = (message: Envelope) => Envelope;

async function moveCopied(
  source: OpenQueue & { kind: "sysv" },
  target: OpenQueue,
  change: Change,
  options: Options,
  context: Context,
): Promise<number> {
  const { output, signal } = context;
  const { count = Infinity, timeout } = options;
  const selector = selectorOf(source, options);
  let moved = 0;
  for (; moved < count; moved++) {
    signal.throwIfAborted();
    const message = peekSelected(source.queue, selector);
    if (message === undefined) break;
    await sendTo(target, change(message), { timeout, signal });
    await takeCopied(source, message);
    output.progress(() => `${moved + 1} moved`);
  }
  return moved;
}

async function moveTaken(
  source: OpenQueue & { kind: "posix" },
  target: OpenQueue,
  change: Change,
  options: Options,
  context: Context,
): Promise<number> {
  const { output, signal } = context;
  const { count = Infinity, timeout } = options;
  selectorOf(source, options);
  const longest = source.queue.attributes().maxMessageSize;
  refuseTooLong(source, target);
  let moved = 0;
  for (; moved < count; moved++) {
    signal.throwIfAborted();
    await room(target, longest, { timeout, signal });
    const [message] = takeMany(source, {}, 1);
    if (message === undefined) break;
    await orPutBack(source, message, () => sendTo(target, change(message), { timeout, signal }));
    output.progress(() => `${moved + 1} moved`);
  }
  return moved;
}

/** A message that does not fit would be known only once it is in hand. */
function refuseTooLong(source: OpenQueue & { kind: "posix" }, target: OpenQueue): void {
  const longest = source.queue.attributes().maxMessageSize;
  const fits = longestFitting(target);
  if (fits >= longest) return;
  throw new CommandError(
    `${source.label} holds messages of up to ${longest} bytes, and ${target.label} takes ${fits}`,
    "A POSIX message must be taken to learn its length, so that a long one would be in no queue: dump --take first, and restore what fits.",
  );
}

const pause = 20;

/** Waits until the target seems to have room, with nothing in hand. Others may fill it again. */
async function room(
  target: OpenQueue,
  longest: number,
  { timeout, signal }: { timeout: number | undefined; signal: AbortSignal },
): Promise<void> {
  const end = performance.now() + (timeout ?? Infinity);
  while (isFull(target, longest)) {
    signal.throwIfAborted();
    if (performance.now() >= end)
      throw new QueueTimeoutError(`ETIMEDOUT: no room in ${target.label} within ${timeout ?? 0} ms`, {
        code: "ETIMEDOUT",
        queue: target.label,
      });
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

function isFull(target: OpenQueue, longest: number): boolean {
  if (target.kind === "posix") {
    const { currentMessages, maxMessages } = target.queue.attributes();
    return currentMessages >= maxMessages;
  }
  const { bytes, messages } = roomIn(target.queue);
  return bytes < longest || messages === 0;
}
