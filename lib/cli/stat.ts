import type { SysVQueue } from "../sysv/queue.js";
import { defineCommand } from "./command.js";
import type { Context } from "./command.js";
import { queueArgument } from "./address.js";
import { exitStatus } from "./exit.js";
import { openToLook, posixFacts } from "./looking.js";
import { printable } from "./printable.js";
import { groupName, userName } from "./owners.js";
import { distinct } from "./queues.js";

interface Options {
  json?: true;
}

type Facts = object;

export const stat = defineCommand<Options>({
  name: "stat",
  summary: "show all that the kernel tells of a queue",
  description: [
    "Shows what the kernel keeps of each queue at this moment: for a POSIX queue its attributes and the decoded status line of its descriptor, for a System V queue its msqid_ds. Takes no message.",
  ],
  arguments: [{ name: "<queue...>", description: queueArgument }],
  options: [{ flags: "--json", description: "one JSON array of objects" }],
  examples: [
    { does: "one queue of each family", line: "hostmq stat /jobs key:0x1234" },
    { does: "how many messages there are", line: "hostmq stat --json /jobs | jq '.[0].messages'" },
  ],
  async run(words, options, context) {
    const found: Facts[] = [];
    for (const word of await distinct(words)) found.push(await factsOf(word));
    if (options.json === true) await context.output.json(found);
    else await show(found, context);
    return exitStatus.done;
  },
});

async function factsOf(word: string): Promise<Facts> {
  const { kind, queue, label } = await openToLook(word);
  try {
    return { kind, queue: label, ...(kind === "posix" ? posixFacts(queue) : sysvFacts(queue)) };
  } finally {
    queue.close();
  }
}

function sysvFacts(queue: SysVQueue): Facts {
  return { ...queue.status() };
}

const shownAs: Readonly<Record<string, (value: never) => string>> = {
  key: (key: number) => `0x${(key >>> 0).toString(16).padStart(8, "0")}`,
  mode: (mode: number) => mode.toString(8).padStart(4, "0"),
  uid: (uid: number) => `${uid} (${userName(uid)})`,
  creatorUid: (uid: number) => `${uid} (${userName(uid)})`,
  gid: (gid: number) => `${gid} (${groupName(gid)})`,
  creatorGid: (gid: number) => `${gid} (${groupName(gid)})`,
  lastSentAt: (at: Date) => at.toISOString(),
  lastReceivedAt: (at: Date) => at.toISOString(),
  changedAt: (at: Date) => at.toISOString(),
};

async function show(found: readonly Facts[], { output }: Context): Promise<void> {
  const blocks = found.map((facts) => {
    const lines = Object.entries(facts)
      .filter(([, value]) => value !== undefined)
      .map(
        ([name, value]) => `${`${name}:`.padEnd(16)} ${printable(shownAs[name]?.(value as never) ?? String(value))}`,
      );
    return lines.join("\n");
  });
  await output.line(blocks.join("\n\n"));
}
