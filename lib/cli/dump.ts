import { existsSync, fstatSync } from "node:fs";
import { queueArgument } from "./address.js";
import { defineCommand } from "./command.js";
import type { Context } from "./command.js";
import { peekSelected, takeCopied } from "./copy-first.js";
import { DumpWriter, readDump } from "./dump-file.js";
import type { Dump, DumpHeader } from "./dump-file.js";
import { CommandError, exitStatus } from "./exit.js";
import { orPutBack } from "./put-back.js";
import { openQueue } from "./queues.js";
import type { OpenQueue } from "./queues.js";
import { forgetProgress } from "./restore-progress.js";
import { takeMany } from "./transfer.js";

interface Options {
  take?: true;
  force?: true;
  fsync: boolean;
}

export const dump = defineCommand<Options>({
  name: "dump",
  summary: "write the messages of a queue to a file",
  description: [
    "Writes all messages, with order, priority or type and every byte, to a file that restore reads. A System V queue keeps its messages, unless --take is given. A POSIX queue can only be dumped with --take, for the kernel gives a message only to who takes it: it is empty afterwards.",
    "A dump --take that was killed is continued by typing it again.",
  ],
  arguments: [
    { name: "<queue>", description: queueArgument },
    { name: "<file>", description: "made anew; a dump --take that was cut short is continued" },
  ],
  options: [
    { flags: "--take", description: "take the messages out of the queue" },
    { flags: "-f, --force", description: "write over a file that exists" },
    {
      flags: "--no-fsync",
      description:
        "with --take: do not wait until each message is on the disk (a power failure then costs what was not)",
    },
  ],
  examples: [
    { does: "keep a copy of a System V queue", line: "hostmq dump key:0x1234 queue.jsonl" },
    {
      does: "empty a POSIX queue into a file, and fill it again",
      line: "hostmq dump --take /jobs jobs.jsonl && hostmq restore jobs.jsonl /jobs",
    },
  ],
  sections: [
    {
      title: "The file",
      paragraphs: [
        'Lines of JSON. The first is the header: {"hostmq":"dump","version":1,"kind":"posix","queue":"/jobs","at":"2026-01-01T00:00:00.000Z","mode":384,"maxMessages":10,"maxMessageSize":8192} (System V: maxBytes). Then one line for each message in the order in which the queue gives them: {"priority":3,"body":"text"} or, where the bytes are no UTF-8 text, {"type":7,"base64":"AAEC"}; a type beyond 2^53 is a string of digits. The last line is {"end":2}, the number of messages; a file without it was cut short. In a dump --take of System V before is how many messages there were when this one was copied.',
      ],
    },
    {
      title: "What a kill costs",
      paragraphs: [
        "Without --take nothing. With --take from a System V queue nothing either: each message is copied, written to the disk and only then taken; a rerun sees from the number of messages whether the last one was still taken, which is exact when nobody else uses the queue meanwhile (otherwise at most one is doubled).",
        "With --take from a POSIX queue kill -9 may lose the one message in hand, between taking and writing it, and never doubles any. Ctrl-C, SIGTERM and a full disk lose nothing: what was not written is put back, behind those of its priority.",
      ],
    },
  ],
  async run([word = "", path = ""], options, context) {
    const source = await openQueue(word, "read");
    if (source.kind === "posix" && options.take !== true) {
      throw new CommandError(
        `cannot copy from ${source.label}: a POSIX queue has no call that reads a message without taking it`,
        "dump --take empties the queue into the file; restore puts the messages back.",
      );
    }
    const from = unfinished(path, source, options);
    const writer = new DumpWriter(path, {
      from,
      overwrite: options.force === true,
      synced: options.take === true && options.fsync,
    });
    if (from === undefined) {
      forgetProgress(path);
      writer.header(headerOf(source));
    } else context.output.talk(`hostmq: going on after ${from.messages.length} messages in ${path}`);
    await dumpAll(source, writer, from, options, context);
    const count = writer.end();
    context.output.talk(`${count} ${count === 1 ? "message" : "messages"} in ${path}`);
    return exitStatus.done;
  },
});

/** A dump of this queue that was cut short. Anything else that exists is not ours to write over. */
function unfinished(path: string, source: OpenQueue, { take, force }: Options): Dump | undefined {
  if (force === true || !existsSync(path)) return undefined;
  const exists = new CommandError(`${path} exists`, "--force writes over it.");
  let from: Dump;
  try {
    from = readDump(path);
  } catch {
    throw exists;
  }
  if (from.complete || take !== true || from.header.queue !== source.label) throw exists;
  return from;
}

function headerOf(source: OpenQueue): DumpHeader {
  const common = {
    hostmq: "dump",
    version: 1,
    kind: source.kind,
    queue: source.label,
    at: new Date().toISOString(),
  } as const;
  if (source.kind === "sysv") {
    const { mode, maxBytes } = source.queue.status();
    return { ...common, mode, maxBytes };
  }
  const { maxMessages, maxMessageSize } = source.queue.attributes();
  return { ...common, mode: fstatSync(source.queue.descriptor).mode & 0o777, maxMessages, maxMessageSize };
}

async function dumpAll(
  source: OpenQueue,
  writer: DumpWriter,
  from: Dump | undefined,
  { take }: Options,
  { output, signal }: Context,
): Promise<void> {
  let written = from?.messages.length ?? 0;
  const step = async (): Promise<void> => {
    written++;
    output.progress(() => `${written} dumped`);
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  };
  if (source.kind === "posix") {
    for (let [message] = takeMany(source, {}, 1); message !== undefined; [message] = takeMany(source, {}, 1)) {
      const taken = message;
      await orPutBack(source, taken, () => {
        writer.message(taken);
      });
      await step();
    }
    return;
  }
  if (take !== true) {
    for (const message of source.queue.browse()) {
      writer.message(message);
      await step();
    }
    return;
  }
  if (from !== undefined) await finishLast(source, from);
  for (let message = peekSelected(source.queue, {}); message !== undefined; message = peekSelected(source.queue, {})) {
    writer.message(message, source.queue.status().messages);
    await takeCopied(source, message);
    await step();
  }
}

/** The last message of a dump that was killed is written; it may still be in the queue. */
async function finishLast(source: OpenQueue & { kind: "sysv" }, from: Dump): Promise<void> {
  const last = from.messages.at(-1);
  if (last === undefined || source.queue.status().messages !== from.before.at(-1)) return;
  const head = source.queue.peek();
  if (head?.type === last.type && head?.body.equals(last.body)) await takeCopied(source, head);
}
