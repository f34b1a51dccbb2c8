import { queueArgument } from "./address.js";
import { defineCommand } from "./command.js";
import type { Context } from "./command.js";
import { execute } from "./execute.js";
import type { Ending } from "./execute.js";
import { exitStatus, UsageError } from "./exit.js";
import { openQueue } from "./queues.js";
import type { OpenQueue } from "./queues.js";
import { count, duration, messageType, positive, refuseTogether } from "./values.js";
import { Trigger } from "../trigger/trigger.js";
import type { TriggerEvent } from "../trigger/trigger.js";
import type { TriggerCondition, TypeRange } from "../trigger/condition.js";

interface Options {
  every?: true;
  messages?: number;
  types?: TypeRange;
  priority?: number;
  oldest?: number;
  unread?: number;
  exec?: string;
  once?: true;
  timeout?: number;
  minInterval?: number;
  maxRunning?: number;
  backoff?: number;
  interval?: number;
}

export const trigger = defineCommand<Options>({
  name: "trigger",
  summary: "run a program when a queue needs one",
  description: [
    "Looks at a queue, takes no message, and runs a program when a condition comes true: a message arrives (the default; --every for each), there are at least --messages, the oldest waits for --oldest, or nobody reads for --unread. The reason is on the program's stdin as a line of JSON and in HOSTMQ_QUEUE, HOSTMQ_REASON, HOSTMQ_MESSAGES and HOSTMQ_FIRING. Without a program that line is printed.",
    "It fires once when the condition comes true, and again after the condition was seen to be false. A program that fails is run again after the back-off while the condition holds.",
  ],
  arguments: [
    { name: "<queue>", description: queueArgument },
    { name: "[command...]", description: "behind --: the program and its arguments" },
  ],
  options: [
    { flags: "-e, --every", description: "whenever there are more messages than before" },
    { flags: "-m, --messages <n>", description: "at least so many messages", parse: positive },
    {
      flags: "-t, --types <from-to>",
      description: "with --messages, System V: only these types count, such as 7, 1-10 or 100-",
      parse: typeRange,
    },
    {
      flags: "-p, --priority <n>",
      description: "refused with the reason: the kernel does not tell which priorities are in a queue",
      parse: count,
    },
    { flags: "-o, --oldest <time>", description: "the oldest message was seen to wait so long", parse: duration },
    {
      flags: "-u, --unread <time>",
      description: "there are messages, and none was taken for so long",
      parse: duration,
    },
    { flags: "-x, --exec <line>", description: "a line of shell to run" },
    {
      flags: "-1, --once",
      description: "end after the first program, with its status (128 and the signal's number when a signal ended it)",
    },
    {
      flags: "--timeout <time>",
      description: "with --once: status 3 when it did not fire for so long",
      parse: duration,
    },
    { flags: "--min-interval <time>", description: "so long from one firing to the next at least", parse: duration },
    { flags: "--max-running <n>", description: "so many programs at once at most (1)", parse: positive },
    {
      flags: "--backoff <time>",
      description: "wait so long after a failure, twice as long after the next, up to a minute (1s)",
      parse: duration,
    },
    { flags: "--interval <time>", description: "look so often at a queue that is not empty (100ms)", parse: duration },
  ],
  examples: [
    { does: "start a worker when ten messages wait", line: "hostmq trigger /jobs --messages 10 -- ./worker" },
    {
      does: "tell somebody when nobody reads",
      line: "hostmq trigger /jobs --unread 5m --exec 'mail -s \"$HOSTMQ_REASON\" ops'",
    },
    { does: "a script that waits for depth", line: "hostmq trigger /jobs --messages 100 --once && ./batch" },
    { does: "only errors count", line: "hostmq trigger key:0x1234 --messages 5 --types 100-199 -- ./alert" },
  ],
  async run([word = "", ...program], options, context) {
    const condition = conditionOf(options);
    if (options.exec !== undefined && program.length > 0)
      throw new UsageError("--exec and a command behind -- cannot be used together");
    if (options.timeout !== undefined && options.once !== true) throw new UsageError("--timeout needs --once");
    const runs = options.exec === undefined ? program : ["/bin/sh", "-c", options.exec];
    const source = await openQueue(word, "read");
    if (options.types !== undefined && source.kind === "posix") {
      throw new UsageError(
        "a POSIX queue tells only how many messages there are, not of which priority, and has no types",
      );
    }
    return await watch(source, condition, runs, options, context);
  },
});

/** `7`, `1-10`, `100-`, `-10`. */
function typeRange(text: string): TypeRange {
  const [, from, dash, to] = /^(\w+)?(-)?(\w+)?$/.exec(text) ?? [];
  if (from === undefined && to === undefined)
    throw new UsageError(`types such as 7, 1-10 or 100- are needed, not "${text}"`);
  const first = from === undefined ? undefined : messageType(from);
  if (dash === undefined) return { from: first, to: first };
  return { from: first, to: to === undefined ? undefined : messageType(to) };
}

function conditionOf(options: Options): TriggerCondition {
  if (options.priority !== undefined) {
    throw new UsageError(
      "the kernel does not tell which priorities are in a POSIX queue without taking its messages, and System V queues have types: use --messages alone, or --types",
    );
  }
  refuseTogether(options, "every", "messages", "oldest", "unread");
  const { every, messages, types, oldest, unread } = options;
  if (types !== undefined && messages === undefined) throw new UsageError("--types needs --messages");
  if (messages !== undefined) return { messages, types };
  if (oldest !== undefined) return { oldest };
  if (unread !== undefined) return { unread };
  return { message: every === true ? "every" : "first" };
}

async function watch(
  source: OpenQueue,
  condition: TriggerCondition,
  runs: readonly string[],
  options: Options,
  context: Context,
): Promise<number> {
  const { signal, output } = context;
  const { minInterval, maxRunning: maxConcurrent, backoff, interval } = options;
  let status: number = exitStatus.done;
  let broken: unknown;
  const running = new Set<Promise<void>>();
  const fire = async (event: TriggerEvent): Promise<void> => {
    if (options.once === true) trigger.close();
    const { status: ended, failure } = await carryOut(source, event, runs, context).catch((error: unknown): Ending => {
      // Nobody reads our output any more.
      broken = error;
      trigger.close();
      return { status: exitStatus.done };
    });
    if (failure === undefined) return;
    output.talk(`hostmq: ${runs[0] ?? ""} ${failure}`);
    status = ended;
    throw new Error(failure);
  };
  const remembered = (event: TriggerEvent): Promise<void> => {
    const run = fire(event);
    running.add(run);
    void run.catch(() => undefined).finally(() => running.delete(run));
    return run;
  };
  const trigger: Trigger = new Trigger(source.queue, condition, remembered, {
    minInterval,
    maxConcurrent,
    backoff,
    interval,
  });
  const stop = (): void => {
    trigger.close();
  };
  signal.addEventListener("abort", stop, { once: true });
  const timer = options.timeout === undefined ? undefined : setTimeout(stop, options.timeout);
  await trigger.ended;
  clearTimeout(timer);
  if (options.once === true && trigger.firings === 0) status = exitStatus.nothing;
  await new Promise((resolve) => setImmediate(resolve));
  await Promise.allSettled(running);
  if (broken !== undefined) throw broken as Error;
  return options.once === true ? status : exitStatus.done;
}

async function carryOut(
  { label }: OpenQueue,
  event: TriggerEvent,
  runs: readonly string[],
  { output, signal }: Context,
): Promise<Ending> {
  const { reason, firing, messages, bytes, arrived, oldest, unread } = event;
  const at = new Date().toISOString();
  const said = {
    queue: label,
    reason,
    firing,
    messages,
    bytes,
    arrived,
    oldest: Math.round(oldest),
    unread: Math.round(unread),
    at,
  };
  if (runs.length === 0) {
    await output.jsonLine(said);
    return { status: exitStatus.done };
  }
  const environment = {
    HOSTMQ_QUEUE: label,
    HOSTMQ_REASON: reason,
    HOSTMQ_MESSAGES: String(messages),
    HOSTMQ_FIRING: String(firing),
  };
  return await execute(runs, { input: Buffer.from(`${JSON.stringify(said)}\n`), environment, signal });
}
