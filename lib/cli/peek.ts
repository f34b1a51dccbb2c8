import { queueArgument } from "./address.js";
import { defineCommand } from "./command.js";
import { browseSelected } from "./copy-first.js";
import { toJson } from "./envelope.js";
import { CommandError, exitStatus } from "./exit.js";
import { openQueue } from "./queues.js";
import { selectorOf, selectorOptions } from "./transfer.js";
import type { SelectorOptions } from "./transfer.js";
import { positive } from "./values.js";

interface Options extends SelectorOptions {
  count?: number;
  all?: true;
  lines?: true;
  jsonl?: true;
}

export const peek = defineCommand<Options>({
  name: "peek",
  summary: "look at messages without taking them",
  description: [
    "Writes copies of messages of a System V queue, in the order in which receive takes them (the oldest first, with --up-to the lowest type first), without taking them (MSG_COPY). A POSIX queue has no such call: the kernel gives a message only to who takes it.",
    "Status 3 when there is no message.",
  ],
  arguments: [{ name: "<queue>", description: queueArgument }],
  options: [
    { flags: "-n, --count <n>", description: "so many messages (1)", parse: positive },
    { flags: "-a, --all", description: "all messages" },
    { flags: "-l, --lines", description: "a line's end after each message" },
    { flags: "-j, --jsonl", description: "a line of JSON for each message" },
    ...selectorOptions,
  ],
  examples: [
    { does: "what comes next", line: "hostmq peek key:0x1234 --jsonl" },
    { does: "how many messages of type 7 there are", line: "hostmq peek key:0x1234 --all --type 7 --jsonl | wc -l" },
  ],
  async run([word = ""], options, { output }) {
    const source = await openQueue(word, "read");
    if (source.kind === "posix") {
      throw new CommandError(
        `cannot look into ${source.label}: a POSIX queue has no call that reads a message without taking it`,
        "hostmq stat tells how many messages there are; hostmq dump --take keeps them in a file, and restore puts them back.",
      );
    }
    const selector = selectorOf(source, options);
    const wanted = options.count ?? (options.all === true ? Infinity : 1);
    let seen = 0;
    for (const message of browseSelected(source.queue, selector)) {
      if (options.jsonl === true) await output.jsonLine(toJson(message));
      else await output.body(message.body, options.lines === true ? "\n" : "");
      if (++seen >= wanted) break;
    }
    return seen === 0 ? exitStatus.nothing : exitStatus.done;
  },
});
