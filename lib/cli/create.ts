import { defineCommand } from "./command.js";
import { exitStatus, UsageError } from "./exit.js";
import { createPrivateQueue, createQueue, distinct } from "./queues.js";
import type { CreateOptions } from "./queues.js";
import { parseAddress } from "./address.js";
import { mode, positive, size } from "./values.js";

interface Options {
  maxMessages?: number;
  maxSize?: number;
  maxBytes?: number;
  mode?: number;
  exactMode?: true;
  existing?: true;
  private?: true;
}

export const create = defineCommand<Options>({
  name: "create",
  summary: "create queues",
  description: [
    "Creates queues that must not exist yet. Sizes that are not given are the system's defaults; a size over a limit is refused, naming the limit.",
  ],
  arguments: [{ name: "[queue...]", description: "/name (POSIX), key:0x1234 or ftok:PATH:ID (System V)" }],
  options: [
    { flags: "--max-messages <n>", description: "POSIX: the most messages", parse: positive },
    { flags: "--max-size <bytes>", description: "POSIX: the longest message", parse: size },
    { flags: "--max-bytes <bytes>", description: "System V: the most bytes in all messages together", parse: size },
    { flags: "-m, --mode <octal>", description: "permission bits (600)", parse: mode },
    { flags: "--exact-mode", description: "POSIX: the mode as given, whatever the umask" },
    { flags: "--existing", description: "a queue that exists already is no error, and stays as it is" },
    { flags: "--private", description: "a System V queue without a key; prints its address, id:N" },
  ],
  examples: [
    { does: "a POSIX queue for ten messages of 1 KiB", line: "hostmq create /jobs --max-messages 10 --max-size 1k" },
    { does: "a System V queue that its group may use", line: "hostmq create key:0x1234 --mode 660" },
    { does: "a queue without a key", line: "queue=$(hostmq create --private)" },
  ],
  async run(words, options, { output }) {
    if (options.private === true ? words.length > 0 : words.length === 0) {
      throw new UsageError(options.private === true ? "a private queue has no name: it gets an id" : "which queue?");
    }
    const asked = createOptions(options);
    if (options.private === true) {
      refuseForeign("sysv", options);
      await output.line((await createPrivateQueue(asked.sysv)).label);
    }
    for (const word of words) {
      const { kind } = parseAddress(word);
      if (kind === "id" && options.existing !== true) {
        throw new UsageError(
          `${word} cannot be created: the kernel gives out ids; --private makes a queue and prints its id, hostmq set changes the queue that has this id, --existing leaves it as it is`,
        );
      }
      refuseForeign(kind === "posix" ? "posix" : "sysv", options);
    }
    for (const word of await distinct(words)) (await createQueue(word, asked)).queue.close();
    return exitStatus.done;
  },
});

function createOptions(options: Options): CreateOptions {
  const { maxMessages, maxSize: maxMessageSize, maxBytes, mode, exactMode } = options;
  return {
    posix: { maxMessages, maxMessageSize, mode, exactMode },
    sysv: { maxBytes, mode },
    existing: options.existing === true,
  };
}

/** An option that the family does not have would be passed over silently. */
function refuseForeign(kind: "posix" | "sysv", { maxMessages, maxSize, exactMode, maxBytes }: Options): void {
  if (kind === "posix" && maxBytes !== undefined)
    throw new UsageError("--max-bytes is for System V queues; a POSIX queue has --max-messages and --max-size");
  if (kind === "sysv" && (maxMessages !== undefined || maxSize !== undefined)) {
    throw new UsageError("--max-messages and --max-size are for POSIX queues; a System V queue has --max-bytes");
  }
  if (kind === "sysv" && exactMode === true)
    throw new UsageError("--exact-mode is for POSIX queues; System V queues know no umask");
}
