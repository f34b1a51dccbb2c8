import { queueArgument } from "./address.js";
import { count } from "../errors/words.js";
import { defineCommand } from "./command.js";
import type { Context } from "./command.js";
import { crossing, crossingOptions } from "./crossing.js";
import type { CrossingFlags } from "./crossing.js";
import { readDump } from "./dump-file.js";
import type { DumpHeader } from "./dump-file.js";
import type { Envelope } from "./envelope.js";
import { CommandError, exitStatus } from "./exit.js";
import { createQueue, longestFitting, openQueue, roomIn } from "./queues.js";
import type { OpenQueue } from "./queues.js";
import { RestoreProgress } from "./restore-progress.js";
import { sendTo } from "./transfer.js";
import { duration } from "./values.js";

interface Options extends CrossingFlags {
  create?: true;
  wait?: true;
  timeout?: number;
  again?: true;
  partial?: true;
}

export const restore = defineCommand<Options>({
  name: "restore",
  summary: "send the messages of a dump to a queue",
  description: [
    "Sends the messages of a file that dump wrote, in order. Before the first one it looks whether all fit, and refuses with what is missing when they do not; with --wait only each message must fit by itself, and the rest waits for room. Without a queue they go to the one that was dumped.",
    "A restore that was killed is continued by typing it again: what was sent is kept in FILE.restored, which goes away at the end, or when the file is made anew.",
  ],
  arguments: [
    { name: "<file>", description: "what dump wrote" },
    { name: "[queue]", description: queueArgument },
  ],
  options: [
    { flags: "-c, --create", description: "create the queue, as large as the dumped one was, if it does not exist" },
    { flags: "-w, --wait", description: "wait for room: somebody reads" },
    {
      flags: "--timeout <time>",
      description: "with --wait: so long for each message; status 3 when it passed",
      parse: duration,
    },
    ...crossingOptions,
    { flags: "--partial", description: "restore also a dump that was cut short" },
    { flags: "--again", description: "begin with the first message, whatever was sent before" },
  ],
  examples: [
    { does: "back to where they were", line: "hostmq restore jobs.jsonl" },
    {
      does: "to another host's queue, made anew",
      line: "scp host:jobs.jsonl . && hostmq restore --create jobs.jsonl /jobs",
    },
  ],
  sections: [
    {
      title: "What a kill costs",
      paragraphs: [
        "Nothing is lost: the file stays. Killed between sending a message and noting that, a rerun sends this one again: at most one is doubled for each kill, and order is kept.",
      ],
    },
  ],
  async run([path = "", word], options, context) {
    const { header, messages, complete } = readDump(path);
    if (!complete && options.partial !== true) {
      throw new CommandError(
        `${path} was cut short: it has ${count(messages.length, "message")} and no end`,
        "Finish the dump by typing it again, or restore what is there with --partial.",
      );
    }
    const target = await openTarget(word ?? header.queue, header, options);
    const change = crossing(header.kind, target, options);
    const task = { queue: target.label, at: header.at };
    const progress = new RestoreProgress(path, task, options.again === true);
    const rest = messages.slice(progress.done).map(change);
    if (progress.done > 0)
      context.output.talk(`hostmq: going on after ${progress.done} of ${count(messages.length, "message")}`);
    refuseWhatDoesNotFit(target, rest, options);
    await sendAll(target, rest, progress, options, context);
    progress.finish();
    context.output.talk(`${count(rest.length, "message")} sent to ${target.label}`);
    return exitStatus.done;
  },
});

async function openTarget(word: string, header: DumpHeader, { create }: Options): Promise<OpenQueue> {
  if (create !== true) return await openQueue(word, "write");
  const { mode, maxMessages, maxMessageSize, maxBytes } = header;
  return await createQueue(word, {
    posix: { mode, maxMessages, maxMessageSize, exactMode: true },
    sysv: { mode, maxBytes },
    existing: true,
  });
}

async function sendAll(
  target: OpenQueue,
  messages: readonly Envelope[],
  progress: RestoreProgress,
  options: Options,
  context: Context,
): Promise<void> {
  const { output, signal } = context;
  const timeout = options.wait === true ? options.timeout : 0;
  for (const [index, message] of messages.entries()) {
    signal.throwIfAborted();
    await sendTo(target, message, { timeout, signal });
    progress.sent();
    output.progress(() => `${index + 1} of ${messages.length} restored`);
  }
}

function refuseWhatDoesNotFit(target: OpenQueue, messages: readonly Envelope[], { wait }: Options): void {
  const tooLong = missingLength(longestFitting(target), messages);
  const room = wait === true ? undefined : missingRoom(target, messages);
  const missing = [tooLong, room].filter((one) => one !== undefined);
  if (missing.length === 0) return;
  throw new CommandError(
    `the dump does not fit ${target.label}: ${missing.join("; ")}`,
    tooLong === undefined
      ? "Nothing was sent. --wait sends what fits and waits for readers; a larger queue can be created with hostmq create."
      : "Nothing was sent. Only a queue for longer messages takes them all; hostmq create makes one.",
  );
}

/** What no waiting helps against. */
function missingLength(fits: number, messages: readonly Envelope[]): string | undefined {
  const lengths = messages.map(({ body }) => body.length);
  const tooLong = lengths.filter((length) => length > fits).length;
  if (tooLong === 0) return undefined;
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  return `it takes ${count(fits, "byte")}, and ${tooLong} of ${count(messages.length, "message")} ${tooLong === 1 ? "has" : "have"} more; the longest has ${longest}`;
}

function missingRoom({ kind, queue }: OpenQueue, messages: readonly Envelope[]): string | undefined {
  if (kind === "posix") {
    const { maxMessages, currentMessages } = queue.attributes();
    const free = maxMessages - currentMessages;
    return free < messages.length ? `there is room for ${free} of the ${count(messages.length, "message")}` : undefined;
  }
  const { maxBytes } = queue.status();
  const free = roomIn(queue);
  const needed = messages.reduce((sum, { body }) => sum + body.length, 0);
  if (free.bytes < needed)
    return `${free.bytes} of its ${count(maxBytes, "byte")} are free, and the ${count(messages.length, "message")} have ${needed}`;
  return free.messages < messages.length
    ? `it holds as many messages as bytes, ${maxBytes}, and there is room for ${free.messages} of the ${count(messages.length, "message")}`
    : undefined;
}
