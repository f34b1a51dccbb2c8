import { queueArgument } from "./address.js";
import { defineCommand } from "./command.js";
import type { Context } from "./command.js";
import { crossing, crossingOptions } from "./crossing.js";
import type { CrossingFlags } from "./crossing.js";
import { readDump } from "./dump-file.js";
import type { DumpHeader } from "./dump-file.js";
import type { Envelope } from "./envelope.js";
import { CommandError, exitStatus } from "./exit.js";
import { createQueue, longestFitting, openQueue } from "./queues.js";
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
        `${path} was cut short: it has ${messages.length} messages and no end`,
        "Finish the dump by typing it again, or restore what is there with --partial.",
      );
    }
    const target = await openTarget(word ?? header.queue, header, options);
    const change = crossing(header.kind, target, options);
    const task = { queue: target.label, at: header.at };
    const progress = new RestoreProgress(path, task, options.again === true);
    const rest = messages.slice(progress.done).map(change);
    if (progress.done > 0)
      context.output.talk(`hostmq: going on after ${progress.done} of ${messages.length} messages`);
    refuseWhatDoesNotFit(target, rest, options);
    await sendAll(target, rest, progress, options, context);
    progress.finish();
    context.output.talk(`${rest.length} ${rest.length === 1 ? "message" : "messages"} sent to ${target.label}`);
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
  const longest = messages.reduce((most, { body }) => Math.max(most, body.length), 0);
  const bytes = messages.reduce((sum, { body }) => sum + body.length, 0);
  const missing =
    target.kind === "posix"
      ? missingIn(target.queue.attributes(), messages, longest, wait)
      : missingBytes(target.queue.status(), longestFitting(target), { bytes, longest, count: messages.length }, wait);
  if (missing.length === 0) return;
  throw new CommandError(
    `the dump does not fit ${target.label}: ${missing.join("; ")}`,
    "Nothing was sent. --wait sends what fits and waits for readers; a larger queue can be created with hostmq create.",
  );
}

interface Slots {
  readonly maxMessages: number;
  readonly maxMessageSize: number;
  readonly currentMessages: number;
}

function missingIn(
  { maxMessages, maxMessageSize, currentMessages }: Slots,
  messages: readonly Envelope[],
  longest: number,
  wait = false,
): string[] {
  const tooLong = messages.filter(({ body }) => body.length > maxMessageSize).length;
  const free = maxMessages - currentMessages;
  return [
    ...(tooLong > 0
      ? [
          `${tooLong} of ${messages.length} messages are longer than its ${maxMessageSize} bytes, the longest has ${longest}`,
        ]
      : []),
    ...(!wait && free < messages.length
      ? [
          `${messages.length} messages need ${messages.length - free} more places than the ${free} that are free of ${maxMessages}`,
        ]
      : []),
  ];
}

interface Needs {
  readonly bytes: number;
  readonly longest: number;
  readonly count: number;
}

function missingBytes(
  status: { bytes: number; maxBytes: number },
  fits: number,
  { bytes, longest, count }: Needs,
  wait = false,
): string[] {
  const free = status.maxBytes - status.bytes;
  const missing: string[] = [];
  if (longest > fits) missing.push(`the longest message has ${longest} bytes, and it takes ${fits}`);
  if (!wait && free < bytes) {
    missing.push(
      `${count} messages of ${bytes} bytes need ${bytes - free} bytes more than the ${free} that are free of ${status.maxBytes}`,
    );
  }
  return missing;
}
