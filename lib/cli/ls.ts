import { setTimeout as sleep } from "node:timers/promises";
import { isPattern, parseAddress } from "./address.js";
import { defineCommand } from "./command.js";
import type { Context } from "./command.js";
import { exitStatus, Interrupted } from "./exit.js";
import { listQueues, matcherOf, staleMatcher } from "./listing.js";
import type { ListedQueue } from "./listing.js";
import { inMountNamespace } from "./mounted.js";
import { groupName, user, userName } from "./owners.js";
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
  return bytes !== undefined && maxBytes !== undefined && bytes >= maxBytes;
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
    if (options.watch === undefined) return await show(words, options, context);
    const interval = options.watch === true ? 2000 : options.watch;
    for (;;) {
      if (context.output.toTerminal) await context.output.data("\u001b[H\u001b[2J\u001b[3J");
      await show(words, options, context);
      try {
        await sleep(interval, undefined, { signal: context.signal });
      } catch {
        throw context.signal.reason instanceof Interrupted ? context.signal.reason : new Interrupted("SIGINT");
      }
    }
  },
});

async function show(words: readonly string[], options: Options, { output }: Context): Promise<number> {
  const { queues, remarks } = listQueues(options.kind);
  // Who names each queue does not ask which others there are.
  if (words.length === 0 || words.some(isPattern)) for (const remark of remarks) output.talk(`hostmq: ${remark}`);
  const all = [...queues, ...(options.kind === "sysv" ? [] : await unlisted(words, queues))];
  const shown = sorted(all.filter(filterOf(words, options)), options);
  if (options.json === true) await output.json(shown);
  else if (options.null === true) await output.data(shown.map(({ queue }) => `${queue}\0`).join(""));
  else {
    const chosen = (options.output ?? usual).map((name) => columns[name]);
    const [first, ...rest] = tableLines<ListedQueue>(chosen, shown, options.header);
    if (first !== undefined) await output.line(options.header ? output.style("bold", first) : first);
    if (rest.length > 0) await output.line(rest.join("\n"));
  }
  return words.length > 0 && shown.length === 0 ? exitStatus.nothing : exitStatus.done;
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
