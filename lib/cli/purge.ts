import { queueArgument } from "./address.js";
import { defineCommand } from "./command.js";
import { exitStatus } from "./exit.js";
import { distinct, openQueue } from "./queues.js";
import { selectorOf, selectorOptions, takeMany } from "./transfer.js";
import type { SelectorOptions } from "./transfer.js";

interface Options extends SelectorOptions {
  quiet?: true;
}

const batch = 64;

export const purge = defineCommand<Options>({
  name: "purge",
  summary: "throw away the messages of queues",
  description: [
    "Takes and drops the messages of each queue until it is empty, or until none is left that the selector chooses, and says how many they were. The queue stays. A kill in the middle leaves the rest in the queue.",
  ],
  arguments: [{ name: "<queue...>", description: queueArgument }],
  options: [...selectorOptions, { flags: "-q, --quiet", description: "do not say how many they were" }],
  examples: [
    { does: "empty a queue", line: "hostmq purge /jobs" },
    { does: "only the messages of type 7", line: "hostmq purge key:0x1234 --type 7" },
  ],
  async run(words, options, { output, signal }) {
    for (const word of await distinct(words)) {
      const source = await openQueue(word, "read");
      const selector = selectorOf(source, options);
      let dropped = 0;
      for (let taken = batch; taken > 0; dropped += taken) {
        // A signal is only heard between two turns of the loop.
        await new Promise((resolve) => setImmediate(resolve));
        signal.throwIfAborted();
        taken = takeMany(source, selector, batch).length;
        output.progress(() => `${dropped} dropped from ${source.label}`);
      }
      source.queue.close();
      if (options.quiet !== true)
        output.talk(`${dropped} ${dropped === 1 ? "message" : "messages"} dropped from ${source.label}`);
    }
    return exitStatus.done;
  },
});
