import { setTimeout as sleep } from "node:timers/promises";
import { count } from "../errors/words.js";
import { isPattern, parseAddress } from "./address.js";
import { defineCommand } from "./command.js";
import type { Context } from "./command.js";
import { exitStatus, Interrupted } from "./exit.js";
import { listQueues, matcherOf, staleMatcher } from "./listing.js";
import type { ListedQueue, Listing } from "./listing.js";
import { inMountNamespace } from "./mounted.js";
import { groupName, user, userName } from "./owners.js";
import type { Output } from "./output.js";
import { printable } from "./printable.js";
import { folded, onOwnScreen, redrawn } from "./screen.js";
import { tableLines } from "./table.js";
import type { Column } from "./table.js";
import { duration, listOf, refuseTogether } from "./values.js";

interface Options {
  kind?: "posix" | "sysv";
  user?: number;
  stale?: true;
  full?: true;
  notEmpty?: true;
  output?: ColumnName[];
  sort?: ColumnName;
  reverse?: true;
  header: boolean;
  null?: true;
  json?: true;
  watch?: number | true;
  mount?: true;
}

const absent = "-";
const number = (value: number | undefined): string => (value === undefined ? absent : String(value));
const time = (value: Date | undefined): string =>
  value === undefined ? absent : value.toISOString().replace(".000Z", "Z");

interface ListColumn extends Column<ListedQueue> {
  /** What to sort by, where it is not the text. */
  readonly value?: (queue: ListedQueue) => number | undefined;
}

const numbers = (title: string, value: (queue: ListedQueue) => number | undefined): ListColumn => {
  return { title, align: "right", value, text: (queue) => number(value(queue)) };
};

const columns = {
  kind: { title: "KIND", text: ({ kind }) => kind },
  queue: { title: "QUEUE", text: ({ queue }) => queue },
  id: numbers("ID", ({ id }) => id),
  messages: numbers("MESSAGES", ({ messages }) => messages),
  bytes: numbers("BYTES", ({ bytes }) => bytes),
  limit: { title: "LIMIT", align: "right", value: capacity, text: limit },
  mode: { title: "MODE", text: ({ mode }) => mode.toString(8).padStart(3, "0") },
  owner: { title: "OWNER", text: ({ uid }) => userName(uid) },
  group: { title: "GROUP", text: ({ gid }) => groupName(gid) },
  sender: numbers("SENDER", ({ lastSenderPid }) => lastSenderPid),
  receiver: numbers("RECEIVER", ({ lastReceiverPid }) => lastReceiverPid),
  notify: numbers("NOTIFY", ({ notifyPid }) => notifyPid),
  sent: { title: "SENT", text: ({ lastSentAt }) => time(lastSentAt) },
  received: { title: "RECEIVED", text: ({ lastReceivedAt }) => time(lastReceivedAt) },
  changed: { title: "CHANGED", text: ({ changedAt }) => time(changedAt) },
} as const satisfies Record<string, ListColumn>;

type ColumnName = keyof typeof columns;
const columnNames = Object.keys(columns) as ColumnName[];
const usual: ColumnName[] = [
  "kind",
  "queue",
  "id",
  "messages",
  "bytes",
  "limit",
  "mode",
  "owner",
  "sender",
  "receiver",
  "notify",
];

function capacity({ maxMessages, maxMessageSize, maxBytes }: ListedQueue): number | undefined {
  return (
    maxBytes ?? (maxMessages === undefined || maxMessageSize === undefined ? undefined : maxMessages * maxMessageSize)
  );
}

function limit({ maxMessages, maxMessageSize, maxBytes }: ListedQueue): string {
  if (maxBytes !== undefined) return String(maxBytes);
  return maxMessages === undefined ? absent : `${maxMessages}x${number(maxMessageSize)}`;
}

/** Whether a send would have to wait now, as far as can be seen. */
function isFull({ messages, maxMessages, bytes, maxBytes }: ListedQueue): boolean {
  if (messages !== undefined && maxMessages !== undefined) return messages >= maxMessages;
  // A System V queue holds at most as many messages as bytes, empty or not.
  return maxBytes !== undefined && Math.max(bytes ?? 0, messages ?? 0) >= maxBytes;
}

export const ls = defineCommand<Options>({
  name: "ls",
  summary: "list the queues of this host",
  description: [
    "Lists the POSIX and System V queues of this IPC namespace, also those of programs that never heard of hostmq. Looking takes no message.",
    "Without words all queues; otherwise those that one of them names: an address or a pattern such as '/job*'. Exit status 3 when words were given and none matches.",
  ],
  arguments: [{ name: "[queue...]", description: "addresses or patterns" }],
  options: [
    { flags: "-k, --kind <kind>", description: "only one family", choices: ["posix", "sysv"] },
    { flags: "-u, --user <user>", description: "only queues of this owner", parse: user },
    {
      flags: "--stale",
      description:
        "only queues that nobody seems to use: no process holds it open (POSIX), last sender and receiver have ended (System V)",
    },
    { flags: "--full", description: "only queues without room" },
    { flags: "--not-empty", description: "only queues with messages" },
    {
      flags: "-o, --output <columns>",
      description: `columns, with commas between them: ${columnNames.join(", ")}`,
      parse: listOf(columnNames),
    },
    { flags: "-s, --sort <column>", description: "sort by this column", choices: columnNames },
    { flags: "-r, --reverse", description: "sort the other way round" },
    { flags: "--no-header", description: "no line of titles" },
    {
      flags: "-0, --null",
      description: "only the words that name the queues, exactly, each with a NUL after it: for xargs -0",
    },
    { flags: "--json", description: "one JSON array of objects" },
    { flags: "-w, --watch [interval]", description: "show it again and again (every 2s)", parse: duration },
    {
      flags: "--mount",
      description:
        "mount an mqueue filesystem out of everybody's sight for the moment, to see every POSIX queue (root)",
    },
  ],
  examples: [
    { does: "all queues", line: "hostmq ls" },
    { does: "the fullest last", line: "hostmq ls --sort messages" },
    { does: "names of queues that nobody uses", line: "hostmq ls --stale --output queue --no-header" },
    { does: "for a program, whatever a name holds", line: "hostmq ls --not-empty --null | xargs -0r -n1 hostmq stat" },
    { does: "for another program", line: "hostmq ls --json | jq '.[] | select(.messages > 100)'" },
  ],
  async run(words, options, context) {
    refuseTogether(options, "null", "json");
    refuseTogether(options, "null", "output");
    if (options.mount === true) return inMountNamespace(process.argv.slice(2).filter((word) => word !== "--mount"));
    if (options.watch !== undefined) {
      await watch(words, options, context);
      return exitStatus.done;
    }
    const found = await find(words, options);
    for (const remark of found.remarks) context.output.talk(remark);
    await print(found.queues, options, context);
    return words.length > 0 && found.queues.length === 0 ? exitStatus.nothing : exitStatus.done;
  },
});

async function find(words: readonly string[], options: Options): Promise<Listing> {
  const { queues, remarks } = listQueues(options.kind);
  const all = [...queues, ...(options.kind === "sysv" ? [] : await unlisted(words, queues))];
  return {
    queues: sorted(all.filter(filterOf(words, options)), options),
    // Who names each queue does not ask which others there are.
    remarks: words.length === 0 || words.some(isPattern) ? remarks.map((remark) => `hostmq: ${remark}`) : [],
  };
}

async function print(queues: readonly ListedQueue[], options: Options, { output }: Context): Promise<void> {
  if (options.json === true) await output.json(queues);
  else if (options.null === true) await output.data(queues.map(({ queue }) => `${queue}\0`).join(""));
  else {
    const { title, lines } = table(queues, options);
    if (title !== undefined) await output.line(output.style("bold", title));
    if (lines.length > 0) await output.line(lines.join("\n"));
  }
}

function table(queues: readonly ListedQueue[], options: Options): { title?: string | undefined; lines: string[] } {
  const chosen = (options.output ?? usual).map((name) => columns[name]);
  const lines = tableLines<ListedQueue>(chosen, queues, options.header);
  return options.header ? { title: lines[0], lines: lines.slice(1) } : { lines };
}

async function watch(words: readonly string[], options: Options, context: Context): Promise<void> {
  const { output } = context;
  const interval = typeof options.watch === "number" ? options.watch : 2000;
  // What is for programs is theirs to read from the start to the end, also where it goes to a terminal.
  if (output.toScreen && options.json === undefined && options.null === undefined) {
    const draw = async (): Promise<void> => output.data(screen(await find(words, options), options, output));
    await onOwnScreen(output, () => again(draw, interval, context));
    return;
  }
  let said: readonly string[] = [];
  const show = async (): Promise<void> => {
    const { queues, remarks } = await find(words, options);
    for (const remark of remarks) if (!said.includes(remark)) output.talk(remark);
    said = remarks;
    await print(queues, options, context);
  };
  await again(show, interval, context);
}

async function again(show: () => Promise<void>, interval: number, { signal }: Context): Promise<void> {
  for (;;) {
    await show();
    try {
      await sleep(interval, undefined, { signal });
    } catch {
      throw signal.reason instanceof Interrupted ? signal.reason : new Interrupted("SIGINT");
    }
  }
}

function screen({ queues, remarks }: Listing, options: Options, output: Output): string {
  const { width, height } = output;
  const fold = (text: string): string[] => folded(text, width);
  const { title, lines } = table(queues, options);
  const titles = title === undefined ? [] : fold(title).map((row) => output.style("bold", row));
  const rows = [...remarks.map(printable).flatMap(fold), ...titles, ...lines.flatMap(fold)];
  if (rows.length <= height) return redrawn(rows, height);
  const left = rows.length - height + 1;
  return redrawn([...rows.slice(0, -left), `… ${count(left, "more line")}`], height);
}

/** POSIX queues that are named and that no process holds open: without a mount they can be found by opening them. */
async function unlisted(words: readonly string[], listed: readonly ListedQueue[]): Promise<ListedQueue[]> {
  const found: ListedQueue[] = [];
  for (const word of words) {
    if (isPattern(word)) continue;
    const address = parseAddress(word);
    if (address.kind !== "posix" || listed.some(({ name }) => name === address.name)) continue;
    const { lookAtPosixQueue } = await import("./looking.js");
    const queue = await lookAtPosixQueue(word).catch(() => undefined);
    if (queue !== undefined) found.push(queue);
  }
  return found;
}

function filterOf(words: readonly string[], options: Options): (queue: ListedQueue) => boolean {
  const tests = [matcherOf(words)];
  if (options.user !== undefined) tests.push(({ uid }) => uid === options.user);
  if (options.full === true) tests.push(isFull);
  if (options.notEmpty === true) tests.push(({ messages, bytes }) => (messages ?? bytes ?? 0) > 0);
  if (options.stale === true) tests.push(staleMatcher());
  return (queue) => tests.every((test) => test(queue));
}

function sorted(queues: ListedQueue[], { sort, reverse }: Options): ListedQueue[] {
  if (sort !== undefined) {
    const column: ListColumn = columns[sort];
    queues.sort((a, b) =>
      column.value === undefined
        ? compare(column.text(a), column.text(b))
        : compare(column.value(a) ?? -Infinity, column.value(b) ?? -Infinity),
    );
  }
  return reverse === true ? queues.reverse() : queues;
}

function compare<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
