import { setTimeout as sleep } from "node:timers/promises";
import { queueArgument } from "./address.js";
import { defineCommand } from "./command.js";
import type { Context } from "./command.js";
import { exitStatus } from "./exit.js";
import { distinct } from "./queues.js";
import { tableLines } from "./table.js";
import type { Column } from "./table.js";
import { duration, positive } from "./values.js";
import { age, WatchedQueue } from "./watched.js";
import type { Sample } from "./watched.js";

interface Options {
  interval?: number;
  count?: number;
  json?: true;
}

export const watch = defineCommand<Options>({
  name: "watch",
  summary: "log depth, rates and waiting times of queues, line by line",
  description: [
    "Prints a line for each queue and interval: messages, the most seen, messages a second in and out, and for how long the oldest has been seen to wait. Looks at the queue twenty times for each line and takes no message. The kernel counts neither what came nor when: what comes and goes between two looks is not seen, and ages count from the first look.",
  ],
  arguments: [{ name: "<queue...>", description: queueArgument }],
  options: [
    { flags: "-i, --interval <time>", description: "a line every so often (1s)", parse: duration },
    { flags: "-n, --count <n>", description: "end after so many lines for each queue", parse: positive },
    { flags: "--json", description: "a line of JSON instead" },
  ],
  examples: [
    { does: "a log", line: "hostmq watch /jobs key:0x1234 --interval 10s >> queues.log" },
    { does: "for another program", line: "hostmq watch /jobs --json | jq .messages" },
  ],
  async run(words, options, context) {
    const queues: WatchedQueue[] = [];
    for (const word of await distinct(words)) queues.push(await WatchedQueue.open(word));
    const { interval = 1000, count = Infinity } = options;
    const look = (): void => {
      for (const queue of queues) queue.look();
    };
    look();
    for (let shown = 0; shown < count; shown++) {
      await lookDuring(look, shown === 0 ? Math.min(interval, 50) : interval, context.signal);
      await print(
        queues.map((queue) => queue.sample()),
        shown === 0,
        options,
        context,
      );
    }
    return exitStatus.done;
  },
});

const looks = 20;

/** Waits, looking now and then. */
export async function lookDuring(look: () => void, interval: number, signal: AbortSignal): Promise<void> {
  for (let done = 0; done < looks; done++) {
    try {
      await sleep(interval / looks, undefined, { signal });
    } catch {
      throw signal.reason as Error;
    }
    look();
  }
}

const columns: readonly Column<Sample & { time: string }>[] = [
  { title: "TIME                ", text: ({ time }) => time },
  { title: "QUEUE             ", text: ({ queue }) => queue },
  { title: "MESSAGES", align: "right", text: ({ messages }) => String(messages) },
  { title: "  MOST", align: "right", text: ({ highWater }) => String(highWater) },
  { title: "  IN/s", align: "right", text: ({ inRate }) => inRate.toFixed(1) },
  { title: " OUT/s", align: "right", text: ({ outRate }) => outRate.toFixed(1) },
  { title: "OLDEST", align: "right", text: ({ oldest }) => age(oldest) },
];

async function print(
  samples: readonly Sample[],
  first: boolean,
  { json }: Options,
  { output }: Context,
): Promise<void> {
  const time = `${new Date().toISOString().slice(0, 19)}Z`;
  if (json === true) {
    const round = (value: number): number => Math.round(value * 1000) / 1000;
    for (const sample of samples) {
      const { inRate, outRate, oldest, filled } = sample;
      await output.jsonLine({
        time,
        ...sample,
        inRate: round(inRate),
        outRate: round(outRate),
        oldest: Math.round(oldest),
        filled: round(filled),
      });
    }
    return;
  }
  const [header = "", ...lines] = tableLines(
    columns,
    samples.map((sample) => ({ time, ...sample })),
    true,
  );
  // Once, as in any log.
  if (first) await output.line(output.style("bold", header));
  await output.line(lines.join("\n"));
}
