import { setTimeout as sleep } from "node:timers/promises";
import { count } from "../errors/words.js";
import { queueArgument } from "./address.js";
import { codecNames, codecOf } from "./codecs.js";
import type { CodecName } from "./codecs.js";
import { defineCommand } from "./command.js";
import type { Context } from "./command.js";
import { crossing, crossingOptions } from "./crossing.js";
import type { CrossingFlags } from "./crossing.js";
import { fromJson } from "./envelope.js";
import type { Envelope } from "./envelope.js";
import { exitStatus, PartlyDone, UsageError } from "./exit.js";
import { separated, sized, whole } from "./framing.js";
import { openQueue } from "./queues.js";
import type { OpenQueue } from "./queues.js";
import { sendTo } from "./transfer.js";
import { duration, messageType, positive, priority, rate, refuseTogether, size } from "./values.js";

interface Options extends CrossingFlags {
  priority?: number;
  type?: number | bigint;
  lines?: true;
  null?: true;
  jsonl?: true;
  size?: number;
  codec?: CodecName;
  try?: true;
  timeout?: number;
  count?: number;
  rate?: number;
  end?: true;
}

export const send = defineCommand<Options>({
  name: "send",
  summary: "send messages",
  description: [
    "Sends the body that is given as an argument; without one, what comes from stdin: the whole as one message, or one message for each line, NUL-ended piece, JSON line or so many bytes. The bytes are sent as they are, also those that are no text; the line's end is no part of the body. A line of JSON with a priority for a System V queue, or with a type for a POSIX one, is refused unless --as-type or --as-priority says what becomes of it.",
    "Waits for room unless told otherwise: --try and a passed --timeout end with status 3, and that message was not sent; those before it were.",
  ],
  arguments: [
    { name: "<queue>", description: queueArgument },
    {
      name: "[body]",
      description: "the body, behind -- if it begins with a dash; without it stdin is read",
      isBody: true,
    },
  ],
  options: [
    { flags: "-p, --priority <n>", description: "POSIX: 0 to 32767, higher ones are received first", parse: priority },
    { flags: "-t, --type <type>", description: "System V: the type, 1 to 2^63-1 (1)", parse: messageType },
    { flags: "-l, --lines", description: "stdin: one message for each line" },
    { flags: "-0, --null", description: "stdin: one message for each piece that ends with NUL" },
    { flags: "-j, --jsonl", description: "stdin: one message for each line of JSON, as receive --jsonl writes them" },
    ...crossingOptions,
    {
      flags: "-s, --size <bytes>",
      description: "stdin: one message for so many bytes, the last may be shorter",
      parse: positiveSize,
    },
    {
      flags: "-c, --codec <name>",
      description: "check bodies; json also takes the blanks out",
      choices: codecNames,
    },
    { flags: "--try", description: "do not wait for room: status 3 when there is none" },
    { flags: "--timeout <time>", description: "wait so long for room, for each message", parse: duration },
    { flags: "-n, --count <n>", description: "send the message so many times", parse: positive },
    { flags: "-r, --rate <n>", description: "send at most so many messages a second", parse: rate },
    { flags: "-e, --end", description: "send an empty message after the last one, at which receive --end stops" },
  ],
  examples: [
    { does: "a message of priority 5", line: "hostmq send /jobs 'resize 17.png' --priority 5" },
    { does: "a message for each line, of type 7", line: "ls *.png | hostmq send key:0x1234 --lines --type 7" },
    { does: "a body that begins with a dash", line: "hostmq send /jobs -- -5" },
    { does: "a file, through a queue whose messages are 8 KiB", line: "hostmq send /pipe --size 8k --end < file" },
    { does: "load: a thousand messages, 100 a second", line: "hostmq send /jobs ping --count 1000 --rate 100" },
  ],
  async run([word = "", body], options, context) {
    refuseTogether(options, "lines", "null", "jsonl", "size");
    refuseTogether(options, "try", "timeout");
    const framed = [options.lines, options.null, options.jsonl, options.size].some((given) => given !== undefined);
    if (body !== undefined && framed)
      throw new UsageError("--lines, --null, --jsonl and --size are for stdin, and there is a body");
    if (options.count !== undefined && framed)
      throw new UsageError("--count repeats one message; with stdin cut into several it has no meaning");
    if (options.jsonl !== true && (options.asType !== undefined || options.asPriority !== undefined))
      throw new UsageError("--as-type and --as-priority are for --jsonl, whose lines may have a priority or a type");
    const target = await openQueue(word, "write");
    checkKind(target, options);
    await sendAll(target, envelopes(target, body, options), options, context);
    return exitStatus.done;
  },
});

function positiveSize(text: string): number {
  const bytes = size(text);
  if (bytes === 0) throw new UsageError("a size of at least 1 is needed");
  return bytes;
}

function checkKind({ kind }: OpenQueue, { priority, type, asType, asPriority }: Options): void {
  if (kind === "sysv" && priority !== undefined)
    throw new UsageError("a System V queue has no priorities: it has types (--type)");
  if (kind === "posix" && type !== undefined)
    throw new UsageError("a POSIX queue has no types: it has priorities (--priority)");
  if (kind === "sysv" ? asPriority !== undefined : asType !== undefined)
    throw new UsageError("--as-type is for System V queues, --as-priority for POSIX queues");
}

async function sendAll(
  target: OpenQueue,
  messages: AsyncIterable<Envelope>,
  options: Options,
  context: Context,
): Promise<void> {
  const { signal, output } = context;
  const timeout = options.try === true ? 0 : options.timeout;
  const pace = pacer(options.rate, signal);
  let sent = 0;
  let next = (): string => `message ${sent + 1}`;
  try {
    for await (const message of messages) {
      if (sent > 0) await pace();
      signal.throwIfAborted();
      await sendTo(target, message, { timeout, signal });
      sent++;
      output.progress(() => `${sent} sent to ${target.label}`);
    }
    if (options.end === true) {
      next = () => "the empty one of --end";
      await sendTo(
        target,
        { body: Buffer.alloc(0), priority: options.priority, type: options.type },
        { timeout, signal },
      );
    }
  } catch (cause) {
    if (sent === 0 || signal.aborted) throw cause;
    const were = sent === 1 ? "was" : "were";
    throw new PartlyDone(`${count(sent, "message")} ${were} sent; ${next()} was not`, { cause });
  }
}

/** Waits until the next message is due. What a full queue held up is made good for a second at most. */
function pacer(perSecond: number | undefined, signal: AbortSignal): () => Promise<void> {
  if (perSecond === undefined) return () => Promise.resolve();
  let due = performance.now();
  return async () => {
    due = Math.max(due + 1000 / perSecond, performance.now() - 1000);
    const wait = due - performance.now();
    if (wait > 1) await sleep(wait, undefined, { signal });
  };
}

async function* envelopes(
  target: OpenQueue,
  body: string | undefined,
  options: Options,
): AsyncGenerator<Envelope, void> {
  const { priority, type } = options;
  const { encode } = codecOf(options.codec);
  if (options.jsonl === true) {
    let line = 0;
    for await (const text of separated(process.stdin, 10)) {
      line++;
      const message = withOwnKind(target, fromJson(text.toString("utf8"), `line ${line}`), `line ${line}`, options);
      yield { body: encode(message.body), priority: message.priority ?? priority, type: message.type ?? type };
    }
    return;
  }
  for await (const piece of bodies(body, options)) {
    const message = { body: encode(piece), priority, type };
    for (let times = options.count ?? 1; times > 0; times--) yield message;
  }
}

/** The message of a line, with a priority or type that the queue would lose made into what the options say. */
function withOwnKind(target: OpenQueue, message: Envelope, place: string, options: Options): Envelope {
  const [foreign, from] =
    target.kind === "sysv" ? ([message.priority, "posix"] as const) : ([message.type, "sysv"] as const);
  if (foreign === undefined) return message;
  try {
    return crossing(from, target, options)(message);
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${place}: ${error.message}`);
    throw error;
  }
}

async function* bodies(body: string | undefined, options: Options): AsyncGenerator<Buffer, void> {
  if (body !== undefined) yield Buffer.from(body, "utf8");
  else if (options.lines === true) yield* separated(process.stdin, 10);
  else if (options.null === true) yield* separated(process.stdin, 0);
  else if (options.size !== undefined) yield* sized(process.stdin, options.size);
  else yield await whole(process.stdin);
}
