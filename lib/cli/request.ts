import { randomBytes } from "node:crypto";
import { queueArgument } from "./address.js";
import { defineCommand } from "./command.js";
import type { Context } from "./command.js";
import { toJson } from "./envelope.js";
import { exitStatus, UsageError } from "./exit.js";
import { whole } from "./framing.js";
import { areSame, createQueue, openQueue, removeQueue } from "./queues.js";
import type { OpenQueue } from "./queues.js";
import { receiveFrom, sendTo } from "./transfer.js";
import type { Received } from "./transfer.js";
import { duration, messageType, mode, positive, priority, size } from "./values.js";

interface Options {
  priority?: number;
  type?: number | bigint;
  replyType?: number | bigint | "pid";
  replyQueue?: string;
  replyMode?: number;
  replyMessages?: number;
  replySize?: number;
  expand?: true;
  timeout?: number;
  jsonl?: true;
}

export const request = defineCommand<Options>({
  name: "request",
  summary: "send a message and wait for the answer",
  description: [
    "Asks a server in one of the two classic patterns. System V: the request has one type, the answer another one, usually the client's process id, on the same queue or on --reply-queue. POSIX: the client makes a queue of its own for the answer and tells its name in the request; it is removed afterwards.",
    "With --expand {pid} and {reply} in the body become the process id and the name of the reply queue. Status 3 when no answer came in time. A request that nobody answered may still be in the queue.",
  ],
  arguments: [
    { name: "<queue>", description: queueArgument },
    {
      name: "[body]",
      description: "the request, behind -- if it begins with a dash; without it stdin is read",
      isBody: true,
    },
  ],
  options: [
    { flags: "-t, --type <type>", description: "System V: type of the request (1)", parse: messageType },
    {
      flags: "-T, --reply-type <type>",
      description: "System V: type of the answer, or pid for this process's id (pid)",
      parse: replyType,
    },
    { flags: "-p, --priority <n>", description: "POSIX: priority of the request", parse: priority },
    {
      flags: "-q, --reply-queue <queue>",
      description:
        "where the answer comes; a POSIX queue is created if it is not there (POSIX: a new one, /hostmq-reply-PID)",
    },
    { flags: "--reply-mode <octal>", description: "POSIX: mode of the reply queue, exactly (600)", parse: mode },
    { flags: "--reply-messages <n>", description: "POSIX: size of the reply queue (1)", parse: positive },
    {
      flags: "--reply-size <bytes>",
      description: "POSIX: the longest answer (the request queue's longest message)",
      parse: size,
    },
    { flags: "-x, --expand", description: "replace {pid} and {reply} in the body" },
    { flags: "--timeout <time>", description: "wait so long, for room and for the answer", parse: duration },
    { flags: "-j, --jsonl", description: "the answer as a line of JSON" },
  ],
  examples: [
    {
      does: "a System V server that answers to the client's pid",
      line: "hostmq request key:0x1234 --expand '{pid} uptime'",
    },
    {
      does: "a POSIX server that is told where to answer",
      line: "hostmq request /server --expand '{reply} uptime' --timeout 2s",
    },
  ],
  async run([word = "", given], options, context) {
    const body = given === undefined ? await whole(process.stdin) : Buffer.from(given, "utf8");
    const target = await openQueue(word, options.replyQueue === undefined ? "readwrite" : "write").catch(
      async (error: unknown) => {
        // Who may only write to a POSIX queue needs no more: the answer comes elsewhere.
        if (codeOf(error) !== "EACCES") throw error;
        return await openQueue(word, "write");
      },
    );
    checkKind(target, options);
    const answer =
      target.kind === "posix"
        ? await askPosix(target, body, options, context)
        : await askSysV(target, body, options, context);
    if (options.jsonl === true) await context.output.jsonLine(toJson(answer));
    else await context.output.body(answer.body);
    return exitStatus.done;
  },
});

function replyType(text: string): number | bigint | "pid" {
  return text === "pid" ? text : messageType(text);
}

function checkKind({ kind }: OpenQueue, options: Options): void {
  const foreign =
    kind === "posix"
      ? (["type", "replyType"] as const)
      : (["priority", "replyMode", "replyMessages", "replySize"] as const);
  const given = foreign.find((name) => options[name] !== undefined);
  if (given === undefined) return;
  const flag = `--${given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new UsageError(`${flag} is for ${kind === "posix" ? "System V" : "POSIX"} queues`);
}

async function askSysV(target: OpenQueue, body: Buffer, options: Options, { signal }: Context): Promise<Received> {
  const { timeout, type = 1, replyQueue } = options;
  const expected = options.replyType === undefined || options.replyType === "pid" ? process.pid : options.replyType;
  const replies = replyQueue === undefined ? target : await openQueue(replyQueue, "read");
  if (areSame(replies, target) && expected == type)
    throw new UsageError("the answer would have the type of the request: it would answer itself");
  const reply = replyQueue ?? target.label;
  await sendTo(target, { body: expanded(body, reply, options), type }, { timeout, signal });
  return await receiveFrom(replies, replies.kind === "sysv" ? { type: expected } : {}, { timeout, signal });
}

async function askPosix(
  target: OpenQueue & { kind: "posix" },
  body: Buffer,
  options: Options,
  { signal }: Context,
): Promise<Received> {
  const { timeout, priority } = options;
  const { word, queue, made } = await replyQueueOf(target, options);
  if (areSame(queue, target))
    throw new UsageError("the answer would come where the request goes: it would answer itself");
  try {
    await sendTo(target, { body: expanded(body, word, options), priority }, { timeout, signal });
    return await receiveFrom(queue, {}, { timeout, signal });
  } finally {
    if (made) await removeQueue(word);
  }
}

interface ReplyQueue {
  readonly word: string;
  readonly queue: OpenQueue;
  /** It is ours alone, and goes with the answer. */
  readonly made: boolean;
}

async function replyQueueOf(target: OpenQueue & { kind: "posix" }, options: Options): Promise<ReplyQueue> {
  const { replyQueue, replyMode: mode = 0o600, replyMessages: maxMessages = 1 } = options;
  const maxMessageSize = options.replySize ?? target.queue.attributes().maxMessageSize;
  const posix = { mode, exactMode: true, maxMessages, maxMessageSize };
  const make = async (word: string): Promise<ReplyQueue> => {
    return { word, queue: await createQueue(word, { posix, sysv: { mode }, existing: false }), made: true };
  };
  if (replyQueue === undefined) {
    // A queue of this name that is there already may be anybody's, who would read the answer or write another one.
    const word = `/hostmq-reply-${process.pid}`;
    return await make(word).catch(async (error: unknown) => {
      if (codeOf(error) !== "EEXIST") throw error;
      return await make(`${word}-${randomBytes(6).toString("hex")}`);
    });
  }
  try {
    return { word: replyQueue, queue: await openQueue(replyQueue, "read"), made: false };
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    return await make(replyQueue);
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as { code?: string }).code;
}

function expanded(body: Buffer, reply: string, { expand }: Options): Buffer {
  if (expand !== true) return body;
  // latin1 keeps every byte as it is.
  const text = body.toString("latin1").replaceAll("{pid}", String(process.pid));
  return Buffer.from(text.replaceAll("{reply}", Buffer.from(reply).toString("latin1")), "latin1");
}
