import { QueueError } from "../errors/queue-error.js";
import { isPattern, queueArgument } from "./address.js";
import { ask } from "./ask.js";
import { defineCommand } from "./command.js";
import type { Context } from "./command.js";
import { exitStatus, UsageError } from "./exit.js";
import { inCommandWords } from "./hints.js";
import { listQueues, patternMatcherOf } from "./listing.js";
import { printable } from "./printable.js";
import { distinct, openQueue, removeQueue } from "./queues.js";

interface Options {
  yes?: true;
  dryRun?: true;
  force?: true;
}

export const rm = defineCommand<Options>({
  name: "rm",
  summary: "remove queues",
  description: [
    "Removes queues and the messages in them. A System V queue is gone at once and for everybody; a POSIX queue loses its name, and lives on for those who hold it open.",
    "A pattern such as '/job*' shows what it would remove and asks; without a terminal to ask on, --yes is needed.",
  ],
  arguments: [{ name: "<queue...>", description: `${queueArgument}, or a pattern` }],
  options: [
    { flags: "-y, --yes", description: "remove what patterns match without asking" },
    { flags: "-n, --dry-run", description: "only print what would be removed" },
    { flags: "-f, --force", description: "a queue that does not exist is no error" },
  ],
  examples: [
    { does: "two queues", line: "hostmq rm /jobs key:0x1234" },
    { does: "what a pattern would remove", line: "hostmq rm --dry-run '/test-*'" },
    { does: "all that nobody uses", line: "hostmq ls --stale --null | xargs -0r hostmq rm" },
  ],
  async run(words, options, context) {
    const { chosen, byPattern } = await expand(words, context);
    if (options.dryRun === true && chosen.length > 0) return await forAll(chosen, options, context, show);
    if (chosen.length === 0) return options.force === true ? exitStatus.done : exitStatus.nothing;
    if (byPattern && options.yes !== true && !(await confirmed(chosen, context))) return exitStatus.error;
    return await forAll(chosen, options, context, removeQueue);
  },
});

/** The queues that the words name, each once; whether a pattern chose any of them. */
async function expand(
  words: readonly string[],
  { output }: Context,
): Promise<{ chosen: string[]; byPattern: boolean }> {
  const patterns = words.filter(isPattern);
  const chosen = new Set(await distinct(words.filter((word) => !isPattern(word))));
  if (patterns.length > 0) {
    const { queues, remarks } = listQueues();
    for (const remark of remarks) output.talk(`hostmq: ${remark}`);
    // Keys may be given to another queue at any moment, ids are not so soon: what was shown is what is removed.
    for (const { queue, id } of queues.filter(patternMatcherOf(words)))
      chosen.add(id === undefined ? queue : `id:${id}`);
    if (chosen.size === 0) output.talk(`hostmq: no queue matches ${patterns.join(" ")}`);
  }
  return { chosen: [...chosen], byPattern: patterns.length > 0 };
}

async function confirmed(chosen: readonly string[], { output, signal }: Context): Promise<boolean> {
  for (const queue of chosen) output.talk(`  ${queue}`);
  if (!process.stdin.isTTY || !output.talksToTerminal) {
    throw new UsageError("a pattern needs --yes where nobody can be asked (--dry-run shows what it matches)");
  }
  return await ask(
    `Remove ${chosen.length === 1 ? "this queue" : `these ${chosen.length} queues`} with their messages? [y/N] `,
    signal,
  );
}

/** What a dry run does in place of `removeQueue`: prints the word, if there is such a queue. */
async function show(queue: string, { output }: Context): Promise<void> {
  try {
    (await openQueue(queue, "read")).queue.close();
  } catch (error) {
    // It need not be readable to be removed.
    if (error instanceof UsageError || isMissing(error)) throw error;
  }
  await output.line(printable(queue));
}

async function forAll(
  chosen: readonly string[],
  { force }: Options,
  context: Context,
  act: (queue: string, context: Context) => Promise<void>,
): Promise<number> {
  let status: number = exitStatus.done;
  for (const queue of chosen) {
    try {
      await act(queue, context);
    } catch (error) {
      if (!(error instanceof QueueError)) throw error;
      if (force === true && isMissing(error)) continue;
      // The others can still go.
      context.output.complain(inWordsOfRemoval(error.message));
      status = exitStatus.error;
    }
  }
  return status;
}

const isMissing = (error: unknown): boolean =>
  error instanceof QueueError && ["ENOENT", "EIDRM", "EINVAL"].includes(error.code);

/** Who wants a queue gone is not helped by making it. */
function inWordsOfRemoval(message: string): string {
  return inCommandWords(message).replace(
    /Start the side that creates it(?: \([^)]*\))?/,
    "hostmq ls lists those there are",
  );
}
