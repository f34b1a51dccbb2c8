import { queueArgument } from "./address.js";
import { defineCommand } from "./command.js";
import { browseSelected } from "./copy-first.js";
import { asPriorityOption, crossing } from "./crossing.js";
import type { CrossingFlags } from "./crossing.js";
import { CommandError, exitStatus } from "./exit.js";
import { areSame, openQueue } from "./queues.js";
import { selectorOf, selectorOptions, sendTo } from "./transfer.js";
import type { SelectorOptions } from "./transfer.js";
import { duration } from "./values.js";

interface Options extends SelectorOptions, CrossingFlags {
  timeout?: number;
}

export const copy = defineCommand<Options>({
  name: "copy",
  summary: "copy messages of a System V queue to another queue",
  description: [
    "Sends a copy of each message that is there now to the second queue, in the order in which move takes them (the oldest first, with --up-to the lowest type first), and takes none. Waits for room there; status 3 when --timeout passed.",
    "A POSIX queue has no call that reads a message without taking it, so it cannot be copied from: dump --take and two restores do.",
  ],
  arguments: [
    { name: "<from>", description: "key:0x1234, id:5 or ftok:PATH:ID (System V)" },
    { name: "<to>", description: queueArgument },
  ],
  options: [
    ...selectorOptions,
    asPriorityOption,
    { flags: "--timeout <time>", description: "wait so long for room, for each message", parse: duration },
  ],
  examples: [
    {
      does: "look at a queue's messages elsewhere, as a POSIX queue",
      line: "hostmq copy key:0x1234 /mirror --as-priority 0",
    },
  ],
  sections: [
    {
      title: "What a kill costs",
      paragraphs: ["Nothing: no message is taken. The second queue has the first so many copies; a rerun begins anew."],
    },
  ],
  async run([from = "", to = ""], options, { output, signal }) {
    const { timeout } = options;
    const source = await openQueue(from, "read");
    if (source.kind === "posix") {
      throw new CommandError(
        `cannot copy from ${source.label}: a POSIX queue has no call that reads a message without taking it`,
        `hostmq dump --take ${source.label} keeps the messages in a file, which restore puts into any queue.`,
      );
    }
    const selector = selectorOf(source, options);
    const target = await openQueue(to, "write");
    if (areSame(source, target)) throw new CommandError("a queue cannot be copied to itself");
    const change = crossing("sysv", target, options);
    // All copies first: while this waits for room, others may take messages, and the places of the rest change.
    const messages = [...browseSelected(source.queue, selector)];
    let sent = 0;
    for (const message of messages) {
      await sendTo(target, change(message), { timeout, signal });
      sent++;
      output.progress(() => `${sent} of ${messages.length} copied`);
    }
    return sent === 0 ? exitStatus.nothing : exitStatus.done;
  },
});
