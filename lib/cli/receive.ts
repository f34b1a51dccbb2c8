import { setTimeout as sleep } from "node:timers/promises";
import { QueueTimeoutError } from "../errors/queue-error.js";
import type { SysVReceiveOptions } from "../sysv/message.js";
import { queueArgument } from "./address.js";
import { codecNames, codecOf } from "./codecs.js";
import type { CodecName } from "./codecs.js";
import { defineCommand } from "./command.js";
import type { Context } from "./command.js";
import { toJson } from "./envelope.js";
import { execute } from "./execute.js";
import { exitStatus, UsageError } from "./exit.js";
import { firstSelected, takeCopied } from "./copy-first.js";
import { orPutBack, putBack } from "./put-back.js";
import { openQueue } from "./queues.js";
import type { OpenQueue } from "./queues.js";
import { receiveFrom, selectorOf, selectorOptions } from "./transfer.js";
import type { Patience, Received, SelectorOptions } from "./transfer.js";
import { duration, positive, refuseTogether, size } from "./values.js";

interface Options extends SelectorOptions {
  count?: number;
  all?: true;
  follow?: true;
  try?: true;
  timeout?: number;
  end?: true;
  lines?: true;
  null?: true;
  jsonl?: true;
  codec?: CodecName;
  truncate?: number;
  exec?: string;
  onFailure?: FailurePolicy;
  keep?: true;
}

const failurePolicies = ["put-back", "stop", "go-on"] as const;
type FailurePolicy = (typeof failurePolicies)[number];

export const receive = defineCommand<Options>({
  name: "receive",
  summary: "receive messages",
  description: [
    "Takes one message, waiting for it, and writes its bytes to stdout as they are (at a terminal a line's end follows, and what a terminal would obey is shown as an escape such as \\x1b). With --count, --all or --follow several. Status 3 when there was none, or not as many as asked for in time.",
    "With a command behind -- or with --exec each message is given to a program on its stdin, one after the other; HOSTMQ_QUEUE and HOSTMQ_PRIORITY or HOSTMQ_TYPE are in its environment. It succeeds with status 0; otherwise --on-failure decides.",
  ],
  arguments: [
    { name: "<queue>", description: queueArgument },
    { name: "[command...]", description: "behind --: the program to run for each message, and its arguments" },
  ],
  options: [
    { flags: "-n, --count <n>", description: "so many messages", parse: positive },
    { flags: "-a, --all", description: "all that are there, without waiting" },
    { flags: "-f, --follow", description: "for ever" },
    { flags: "--try", description: "do not wait: status 3 when there is none" },
    { flags: "--timeout <time>", description: "wait so long, for each message", parse: duration },
    { flags: "-e, --end", description: "for ever, until an empty message comes (send --end)" },
    { flags: "-l, --lines", description: "a line's end after each message" },
    { flags: "-0, --null", description: "a NUL after each message" },
    { flags: "-j, --jsonl", description: "a line of JSON for each message, with priority or type and time" },
    {
      flags: "-c, --codec <name>",
      description: "check bodies; one that is refused goes back to the queue",
      choices: codecNames,
    },
    ...selectorOptions,
    {
      flags: "--truncate <bytes>",
      description: "System V: cut longer messages, the rest is lost (MSG_NOERROR)",
      parse: size,
    },
    { flags: "-x, --exec <line>", description: "a line of shell to run for each message" },
    {
      flags: "--on-failure <what>",
      description: "what to do when the program fails, otherwise stop",
      choices: failurePolicies,
    },
    {
      flags: "--keep",
      description: "System V, with a program: take the message only after it succeeded (one reader only)",
    },
  ],
  examples: [
    { does: "the next message", line: "hostmq receive /jobs" },
    { does: "all that are there, as JSON", line: "hostmq receive /jobs --all --jsonl" },
    { does: "the next of type 7 within two seconds", line: "hostmq receive key:0x1234 --type 7 --timeout 2s" },
    { does: "a worker", line: "hostmq receive /jobs --follow -- ./resize" },
    {
      does: "a worker that tries again what failed",
      line: "hostmq receive /jobs --follow --on-failure put-back --exec 'xargs curl -fsS'",
    },
  ],
  sections: [
    {
      title: "What a failure costs",
      paragraphs: [
        "A message leaves the queue when it is received. Ctrl-C, SIGTERM, a reader that goes away, a full disk and a body that --codec refuses cost nothing: a message that was taken and not written is put back, behind those of its priority or at the end of the queue. Where there is no room for it any more, as when a sender waited, the status is 1 and stderr ends with the message as a line for send --jsonl.",
        "kill -9 costs at most the one message in hand: the one being written, or the one whose program runs. It is never given to two programs. With --keep (System V) nothing is lost: the message is copied first and taken after its program succeeded; the one in hand is then given out again, and there must be no other reader.",
        "When the program fails: stop (the default) puts the message back and ends with status 1; put-back puts it back behind the others and goes on, after a second when nothing else is there; go-on drops it.",
      ],
    },
  ],
  async run([word = "", ...program], options, context) {
    refuseTogether(options, "lines", "null", "jsonl");
    refuseTogether(options, "count", "all", "follow", "end");
    refuseTogether(options, "try", "timeout", "all");
    const runs = programOf(program, options);
    const source = await openQueue(word, runs !== undefined ? "readwrite" : "read");
    const selector = selectorOf(source, options, options.truncate);
    if (options.keep === true && (source.kind === "posix" || runs === undefined)) {
      throw new UsageError(
        "--keep needs a System V queue, whose messages can be copied without taking them, and a program",
      );
    }
    return await receiveAll({ source, selector, runs }, options, context);
  },
});

interface Work {
  readonly source: OpenQueue;
  readonly selector: SysVReceiveOptions;
  readonly runs: readonly string[] | undefined;
}

/** The program to run for each message. */
function programOf(program: readonly string[], options: Options): readonly string[] | undefined {
  if (options.exec !== undefined && program.length > 0)
    throw new UsageError("--exec and a command behind -- cannot be used together");
  const runs = options.exec === undefined ? program : ["/bin/sh", "-c", options.exec];
  if (runs.length > 0) {
    refuseTogether({ ...options, exec: true }, "exec", "lines");
    refuseTogether({ ...options, exec: true }, "exec", "null");
    refuseTogether({ ...options, exec: true }, "exec", "jsonl");
    return runs;
  }
  if (options.onFailure !== undefined || options.keep !== undefined)
    throw new UsageError("--on-failure and --keep need a program: --exec or a command behind --");
  return undefined;
}

async function receiveAll(work: Work, options: Options, context: Context): Promise<number> {
  const { signal } = context;
  const { count = (options.all ?? options.follow ?? options.end ?? false) ? Infinity : 1, all } = options;
  const timeout = options.try === true || all === true ? 0 : options.timeout;
  for (let done = 0; done < count; done++) {
    signal.throwIfAborted();
    const message = await next(work, options, { timeout, signal });
    // Those who ask for all that is there have it, if there was one.
    if (message === undefined) return all === true && done > 0 ? exitStatus.done : exitStatus.nothing;
    if (options.end === true && message.body.length === 0) {
      if (options.keep === true) await takeCopied(work.source, message);
      break;
    }
    const body = await decoded(work, message, options);
    const status =
      work.runs === undefined
        ? await write(work, message, body, options, context)
        : await give(work, message, body, options, context);
    if (status !== exitStatus.done) return status;
  }
  return exitStatus.done;
}

/** The next message: taken, or with --keep only copied. Undefined when none came in time. */
async function next({ source, selector }: Work, { keep }: Options, patience: Patience): Promise<Received | undefined> {
  if (keep === true) return await firstSelected(source, selector, patience);
  try {
    return await receiveFrom(source, selector, patience);
  } catch (error) {
    if (error instanceof QueueTimeoutError) return undefined;
    throw error;
  }
}

/** What a peer sent and the codec refuses is not lost for that: it goes back, and the command ends. */
async function decoded({ source }: Work, message: Received, { codec, keep }: Options): Promise<Buffer> {
  const decode = (): Buffer => codecOf(codec).decode(message.body);
  return keep === true ? decode() : await orPutBack(source, message, decode);
}

async function write(
  { source }: Work,
  message: Received,
  body: Buffer,
  options: Options,
  { output }: Context,
): Promise<number> {
  await orPutBack(source, message, () => show({ ...message, body }, options, output));
  return exitStatus.done;
}

async function show(message: Received, { jsonl, null: nul, lines }: Options, output: Context["output"]): Promise<void> {
  const { body, priority, type, truncated } = message;
  if (jsonl === true) {
    const at = new Date().toISOString();
    await output.jsonLine({ at, ...toJson({ body, priority, type }), ...(truncated === true && { truncated }) });
  } else await output.body(body, nul === true ? "\0" : lines === true ? "\n" : "");
}

/** Runs the program on the message; what happens when it fails is the caller's choice. */
async function give(
  { source, runs = [] }: Work,
  message: Received,
  body: Buffer,
  options: Options,
  context: Context,
): Promise<number> {
  const { priority, type } = message;
  const { onFailure = "stop", keep = false } = options;
  const environment = {
    HOSTMQ_QUEUE: source.label,
    ...(priority !== undefined && { HOSTMQ_PRIORITY: String(priority) }),
    ...(type !== undefined && { HOSTMQ_TYPE: String(type) }),
  };
  const { failure } = await execute(runs, {
    input: body,
    environment,
    signal: context.signal,
  });
  if (failure === undefined) {
    if (keep) await takeCopied(source, message);
    return exitStatus.done;
  }
  if (!keep && (onFailure !== "go-on" || context.signal.aborted)) await putBack(source, message);
  context.signal.throwIfAborted();
  if (keep && onFailure === "go-on") await takeCopied(source, message);
  context.output.talk(
    `hostmq: ${runs[0] ?? ""} ${failure}; the message ${onFailure === "go-on" ? "is dropped" : "is in the queue again"}`,
  );
  if (onFailure === "stop") return exitStatus.error;
  // What fails every time must not keep a processor busy.
  if (onFailure === "put-back") await sleep(1000, undefined, { signal: context.signal }).catch(() => undefined);
  return exitStatus.done;
}
