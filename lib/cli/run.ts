import { spawn } from "node:child_process";
import { constants } from "node:os";
import { defineCommand } from "./command.js";
import type { Context } from "./command.js";
import { CommandError, UsageError } from "./exit.js";
import { positive, size } from "./values.js";

interface Options {
  private?: true;
  msgMax?: number;
  msgsizeMax?: number;
  queuesMax?: number;
  sysvMsgmax?: number;
  sysvMsgmnb?: number;
  sysvMsgmni?: number;
  mount?: string;
}

export const run = defineCommand<Options>({
  name: "run",
  summary: "run a program in an IPC namespace of its own",
  description: [
    "Runs a program where nobody else's queues are, with limits of its own; the queues vanish with the last process inside. Ends with the status of the program. An ordinary user becomes root of a user namespace, where the kernel allows those; RLIMIT_MSGQUEUE stays as it is.",
  ],
  arguments: [{ name: "<command...>", description: "behind --: the program and its arguments" }],
  options: [
    { flags: "--private", description: "in an IPC namespace of its own (needed: there is nothing else to run in)" },
    { flags: "--msg-max <n>", description: "fs.mqueue.msg_max: the most messages of a POSIX queue", parse: positive },
    {
      flags: "--msgsize-max <bytes>",
      description: "fs.mqueue.msgsize_max: the longest message of a POSIX queue",
      parse: size,
    },
    { flags: "--queues-max <n>", description: "fs.mqueue.queues_max: the most POSIX queues", parse: positive },
    { flags: "--sysv-msgmax <bytes>", description: "kernel.msgmax: the longest System V message", parse: size },
    { flags: "--sysv-msgmnb <bytes>", description: "kernel.msgmnb: the bytes of a System V queue", parse: size },
    { flags: "--sysv-msgmni <n>", description: "kernel.msgmni: the most System V queues", parse: positive },
    { flags: "--mount <folder>", description: "mount the namespace's mqueue filesystem there, seen only inside" },
  ],
  passThrough: true,
  examples: [
    { does: "tests that meet nobody else's queues", line: "hostmq run --private -- npm test" },
    { does: "queues of a thousand messages", line: "hostmq run --private --msg-max 1000 -- ./server" },
  ],
  async run(words, options, context) {
    if (options.private !== true)
      throw new UsageError("--private is needed: a program in the namespace that there is needs no hostmq run");
    return await runPrivately(words, options, context);
  },
});

const sysctls = {
  msgMax: "fs/mqueue/msg_max",
  msgsizeMax: "fs/mqueue/msgsize_max",
  queuesMax: "fs/mqueue/queues_max",
  sysvMsgmax: "kernel/msgmax",
  sysvMsgmnb: "kernel/msgmnb",
  sysvMsgmni: "kernel/msgmni",
} as const satisfies Partial<Record<keyof Options, string>>;

async function runPrivately(words: readonly string[], options: Options, { signal }: Context): Promise<number> {
  const steps = (Object.keys(sysctls) as (keyof typeof sysctls)[])
    .filter((name) => options[name] !== undefined)
    .map((name) => `echo ${options[name] ?? ""} > /proc/sys/${sysctls[name]}`);
  if (options.mount !== undefined) steps.push('mount -t mqueue none "$0"');
  // A step that fails has said why; 125 tells it from a status of the program, as env(1) and others do.
  const script = `${steps.map((step) => `${step} || exit 125`).join("\n")}\nexec "$@"`;
  const isRoot = process.geteuid?.() === 0;
  const unshare = ["--ipc", "--mount", ...(isRoot ? [] : ["--user", "--map-root-user"])];
  const child = spawn("unshare", [...unshare, "sh", "-c", script, options.mount ?? "sh", ...words], {
    stdio: "inherit",
  });
  const passOn = (): void => {
    child.kill("SIGTERM");
  };
  signal.addEventListener("abort", passOn, { once: true });
  return await new Promise<number>((resolve, reject) => {
    child.once("error", (error) => {
      reject(new CommandError(`cannot run unshare: ${error.message}`, "It is part of util-linux."));
    });
    child.once("close", (code, killer) => {
      if (killer !== null) resolve(128 + constants.signals[killer]);
      else resolve(code ?? 1);
    });
  });
}
