import { createInterface, emitKeypressEvents } from "node:readline";
import { defineCommand } from "./command.js";
import type { Context } from "./command.js";
import { exitStatus, UsageError } from "./exit.js";
import { listQueues, patternMatcherOf } from "./listing.js";
import { isPattern } from "./address.js";
import { count } from "../errors/words.js";
import { printable } from "./printable.js";
import { distinct } from "./queues.js";
import { onOwnScreen, redrawn } from "./screen.js";
import { duration } from "./values.js";
import { lookDuring } from "./watch.js";
import { age, graph, WatchedQueue } from "./watched.js";
import type { Sample } from "./watched.js";

interface Options {
  interval?: number;
}

export const top = defineCommand<Options>({
  name: "top",
  summary: "a live screen of the busiest queues",
  description: [
    "Shows the fullest queues with their depth, rates, waiting time and a small graph of the depth, again and again, until q or Ctrl-C. Fits 80 columns. Takes no message. Without words all queues that ls shows.",
  ],
  arguments: [{ name: "[queue...]", description: "addresses or patterns" }],
  options: [{ flags: "-i, --interval <time>", description: "a new screen every so often (1s)", parse: duration }],
  examples: [
    { does: "all queues", line: "hostmq top" },
    { does: "some, four times a second", line: "hostmq top '/job*' --interval 250ms" },
  ],
  async run(words, options, context) {
    if (!context.output.toScreen) throw new UsageError("top needs a terminal; hostmq watch writes lines");
    const quit = new AbortController();
    const keys = listenForQuit(quit);
    const signal = AbortSignal.any([context.signal, quit.signal]);
    const remarks = remarksOn(words);
    try {
      await onOwnScreen(context.output, () => showUntil(signal, words, remarks, options, context));
    } catch (error) {
      if (!quit.signal.aborted) throw error;
    } finally {
      keys.close();
      for (const remark of remarks) context.output.talk(remark);
    }
    context.signal.throwIfAborted();
    return exitStatus.done;
  },
});

/** What keeps the screen from showing every queue; who names each does not ask which others there are. */
function remarksOn(words: readonly string[]): string[] {
  if (words.length > 0 && !words.some(isPattern)) return [];
  return listQueues().remarks.map((remark) => `hostmq: ${remark}`);
}

function listenForQuit(quit: AbortController): { close: () => void } {
  const { stdin } = process;
  if (!stdin.isTTY) return { close: () => undefined };
  const reader = createInterface({ input: stdin, escapeCodeTimeout: 50 });
  emitKeypressEvents(stdin, reader);
  stdin.setRawMode(true);
  stdin.on("keypress", (_text: string | undefined, key: { name?: string; ctrl?: boolean }) => {
    if (key.name === "q" || key.name === "escape") quit.abort(new Error("quit"));
    if (key.ctrl === true && key.name === "c") process.kill(process.pid, "SIGINT");
  });
  return {
    close: () => {
      stdin.setRawMode(false);
      reader.close();
    },
  };
}

async function showUntil(
  signal: AbortSignal,
  words: readonly string[],
  remarks: readonly string[],
  { interval = 1000 }: Options,
  { output }: Context,
): Promise<void> {
  const watched = new Map<string, WatchedQueue>();
  for (let first = true; ; first = false) {
    await follow(watched, words, first);
    await lookDuring(() => ofEach(watched, (queue) => queue.look()), first ? 50 : interval, signal);
    const rows = ofEach(watched, (queue) => ({ sample: queue.sample(), history: queue.history }));
    rows.sort((a, b) => b.sample.filled - a.sample.filled || b.sample.messages - a.sample.messages);
    await output.data(screen(rows, remarks, output.width, output.height, (text) => output.style("bold", text)));
  }
}

/** What each queue gives; those that were removed meanwhile are let go of. */
function ofEach<T>(watched: Map<string, WatchedQueue>, ask: (queue: WatchedQueue) => T): T[] {
  return [...watched].flatMap(([word, queue]) => {
    try {
      return [ask(queue)];
    } catch {
      queue.close();
      watched.delete(word);
      return [];
    }
  });
}

/** New queues are watched as well, also under the name of one that was removed; those that may not be looked at are not. */
async function follow(watched: Map<string, WatchedQueue>, words: readonly string[], first: boolean): Promise<void> {
  for (const [word, queue] of watched) {
    if (!queue.unlinked) continue;
    queue.close();
    watched.delete(word);
  }
  const matches = patternMatcherOf(words.length === 0 ? ["*"] : words);
  const found = new Set(await distinct(words.filter((word) => !isPattern(word))));
  for (const listed of listQueues().queues) {
    const word = listed.id === undefined ? listed.queue : `id:${listed.id}`;
    if (matches(listed)) found.add(word);
  }
  for (const word of found) {
    if (watched.has(word)) continue;
    try {
      watched.set(word, await WatchedQueue.open(word));
    } catch (error) {
      // Later it may have been removed, and may come back.
      if (first && words.includes(word)) throw error;
    }
  }
}

interface Row {
  readonly sample: Sample;
  readonly history: readonly number[];
}

const graphWidth = 18;
const nameWidth = 22;

function screen(
  rows: readonly Row[],
  remarks: readonly string[],
  width: number,
  height: number,
  bold: (text: string) => string,
): string {
  const messages = rows.reduce((sum, { sample }) => sum + sample.messages, 0);
  const lines = [
    cut(
      `hostmq top  ${new Date().toTimeString().slice(0, 8)}  ${count(rows.length, "queue")}, ${count(messages, "message")}   (q quits)`,
      width,
    ),
    bold(cut(line("QUEUE", "MESSAGES", "FULL", "IN/s", "OUT/s", "OLDEST", "DEPTH"), width)),
    ...rows.slice(0, Math.max(0, height - 3 - remarks.length)).map(({ sample, history }) => {
      const { queue, messages, filled, inRate, outRate, oldest } = sample;
      const name = printable(queue);
      const shown = name.length > nameWidth ? `${name.slice(0, nameWidth - 1)}…` : name;
      const full = `${Math.round(filled * 100)}%`;
      return cut(
        line(
          shown,
          String(messages),
          full,
          inRate.toFixed(1),
          outRate.toFixed(1),
          age(oldest),
          graph(history, graphWidth),
        ),
        width,
      );
    }),
    // The whole of each is said when the old screen is back.
    ...remarks.map((remark) => cut(remark, width)),
  ];
  return redrawn(lines, height);
}

function line(
  name: string,
  messages: string,
  full: string,
  inRate: string,
  outRate: string,
  oldest: string,
  depth: string,
): string {
  return `${name.padEnd(nameWidth)} ${messages.padStart(8)} ${full.padStart(4)} ${inRate.padStart(6)} ${outRate.padStart(6)} ${oldest.padStart(6)}  ${depth}`;
}

function cut(text: string, width: number): string {
  return text.slice(0, width);
}
