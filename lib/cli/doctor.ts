import { accessSync, constants, readFileSync } from "node:fs";
import {
  containerKind,
  hasSysResource,
  hostKind,
  ipcNamespace,
  isLinux,
  messageQueueLimit,
  posixLimits,
  queueCost,
  sysvLimits,
} from "../limits.js";
import { listPosixQueues, mqueueMount } from "../posix/listing.js";
import { count } from "../errors/words.js";
import { defineCommand } from "./command.js";
import { exitStatus } from "./exit.js";
import { mountCommand } from "./hints.js";
import { tableLines } from "./table.js";
import { positive, size } from "./values.js";

interface Options {
  messages?: number;
  size?: number;
  queues?: number;
  json?: true;
}

type Verdict = "ok" | "note" | "FAIL";

/** One thing that was looked at. */
interface Finding {
  readonly what: string;
  readonly value: string;
  readonly needed: string;
  readonly verdict: Verdict;
  /** The command that mends it. */
  readonly mend?: string | undefined;
}

export const doctor = defineCommand<Options>({
  name: "doctor",
  summary: "check this host's limits and obstacles",
  description: [
    "Looks at everything that keeps queues from working as wished: value, what is needed, verdict, and the command that mends it. Status 1 when something fails; notes are for your information. --messages, --size and --queues say what is needed.",
  ],
  arguments: [],
  options: [
    { flags: "-n, --messages <n>", description: "messages that a queue must hold (10)", parse: positive },
    { flags: "-s, --size <bytes>", description: "the longest message (8k)", parse: size },
    { flags: "-q, --queues <n>", description: "queues that are to be created (1)", parse: positive },
    { flags: "--json", description: "one JSON array of objects" },
  ],
  examples: [
    { does: "is all well?", line: "hostmq doctor" },
    {
      does: "would twenty queues of 100 messages of 4 KiB be possible?",
      line: "hostmq doctor --queues 20 --messages 100 --size 4k",
    },
  ],
  async run(_words, options, { output }) {
    const found = await findings(options);
    if (options.json === true) await output.json(found);
    else {
      const columns = [
        { title: "VERDICT", text: ({ verdict }: Finding) => verdict },
        { title: "WHAT", text: ({ what }: Finding) => what },
        { title: "VALUE", text: ({ value }: Finding) => value },
        { title: "NEEDED", text: ({ needed }: Finding) => needed },
      ];
      const [header = "", ...lines] = tableLines(columns, found, true);
      await output.line(output.style("bold", header));
      for (const [index, line] of lines.entries()) {
        const { verdict, mend } = found[index] as Finding;
        await output.line(verdict === "FAIL" ? output.style("red", line) : line);
        if (mend !== undefined) await output.line(`         mend: ${mend}`);
      }
    }
    return found.some(({ verdict }) => verdict === "FAIL") ? exitStatus.error : exitStatus.done;
  },
});

async function findings(options: Options): Promise<Finding[]> {
  const addon = await addonFinding();
  // Elsewhere a program is told neither the limits nor what stands in the way.
  const linux = isLinux();
  return [
    runtime(),
    addon,
    ...kernel(),
    ...(linux ? [...(await posix(options)), ...sysv(options)] : []),
    ...(addon.verdict === "ok" ? await probes(linux) : []),
    ...(linux ? place() : []),
  ];
}

function runtime(): Finding {
  const { node, bun, deno } = process.versions;
  const value = bun !== undefined ? `bun ${bun}` : deno !== undefined ? `deno ${deno}` : `node ${node}`;
  const [major = 0, minor = 0] = node.split(".").map(Number);
  const fine = major > 20 || (major === 20 && minor >= 19);
  return {
    what: "runtime",
    value: `${value} ${process.platform}-${process.arch}`,
    needed: "node 20.19 or later",
    verdict: fine ? "ok" : "FAIL",
  };
}

async function addonFinding(): Promise<Finding> {
  const what = "addon";
  try {
    await import("../native.js");
    return { what, value: "loads", needed: "loads", verdict: "ok" };
  } catch (error) {
    return { what, value: (error as Error).message, needed: "loads", verdict: "FAIL" };
  }
}

function kernel(): Finding[] {
  const kind = hostKind();
  const lacking: Partial<Record<typeof kind, string>> = {
    wsl1: "wsl --set-version <distribution> 2",
    gvisor: "use System V queues, or a runtime without gVisor",
    macos: "use System V queues",
    openbsd: "use System V queues",
    freebsd: "kldload mqueuefs",
  };
  const mend = lacking[kind];
  return [
    { what: "kernel", value: kind, needed: "one with POSIX queues", verdict: mend === undefined ? "ok" : "note", mend },
  ];
}

function sysctl(what: string, value: number | undefined, needed: number): Finding {
  if (value === undefined) return { what, value: "not shown", needed: String(needed), verdict: "note" };
  const fine = value >= needed || hasSysResource() === true;
  return {
    what,
    value: String(value),
    needed: String(needed),
    verdict: fine ? "ok" : "FAIL",
    mend: fine ? undefined : mendSysctl(what, needed),
  };
}

/** The command that works where this process is. */
function mendSysctl(name: string, needed: number): string {
  switch (containerKind()) {
    case "docker":
    case "podman":
      return `${containerKind() ?? "docker"} run --sysctl ${name}=${needed}`;
    case "kubernetes":
      return `securityContext.sysctls: ${name}=${needed} (an unsafe sysctl: the kubelet must allow it)`;
    case "container":
    case undefined:
      return `sysctl -w ${name}=${needed}`;
  }
}

async function posix({ messages = 10, size: bytes = 8192, queues = 1 }: Options): Promise<Finding[]> {
  const { maxMessages, maxMessageSize, maxQueues } = posixLimits();
  const each = queueCost(messages, bytes);
  const limit = messageQueueLimit();
  const found = [
    sysctl("fs.mqueue.msg_max", maxMessages, messages),
    sysctl("fs.mqueue.msgsize_max", maxMessageSize, bytes),
    sysctl("fs.mqueue.queues_max", maxQueues, queues),
  ];
  if (limit !== undefined) {
    // Queues that nobody holds open and no mount shows take bytes too: what is seen is the least that is in use.
    const used = await usedBytes();
    const fits = Math.max(0, Math.floor((limit.soft - used) / each));
    found.push({
      what: "RLIMIT_MSGQUEUE",
      value: `${limit.soft} bytes for all queues of this user, ${used} seen in use: room for ${count(fits, "more such queue")}`,
      needed: `${each * queues} bytes (${each} each)`,
      verdict: fits >= queues ? "ok" : "FAIL",
      mend: fits >= queues ? undefined : mendRlimit(used + each * queues),
    });
  }
  return found;
}

function mendRlimit(bytes: number): string {
  return `prlimit --msgqueue=${bytes} -- <command> (systemd: LimitMSGQUEUE=${bytes}; docker run --ulimit msgqueue=${bytes})`;
}

/** Bytes that the user's queues reserve, as far as they can be seen. */
async function usedBytes(): Promise<number> {
  const uid = process.geteuid?.();
  // Not at the top: without the addon this page must still be written.
  const attributes = await import("../posix/descriptor.js").catch(() => undefined);
  return listPosixQueues(attributes?.attributesOf)
    .filter((queue) => queue.uid === uid)
    .reduce((sum, { maxMessages = 0, maxMessageSize = 0 }) => sum + queueCost(maxMessages, maxMessageSize), 0);
}

function sysv({ messages = 10, size: bytes, queues = 1 }: Options): Finding[] {
  const { maxMessageSize, maxQueueBytes, maxQueues } = sysvLimits();
  // Without a wish, what every kernel has.
  const longest = bytes ?? 8192;
  return [
    sysctl("kernel.msgmax", maxMessageSize, longest),
    sysctl("kernel.msgmnb", maxQueueBytes, bytes === undefined ? 16384 : messages * longest),
    sysctl("kernel.msgmni", maxQueues, queues),
  ];
}

/** Makes queues of its own, for a moment, and uses them. */
async function probes(linux: boolean): Promise<Finding[]> {
  return [await posixProbe(), ...(await sysvProbes(linux))];
}

async function posixProbe(): Promise<Finding> {
  const what = "POSIX queues";
  const name = `/hostmq-doctor-${process.pid}`;
  try {
    const { PosixQueue } = await import("../posix/queue.js");
    const queue = PosixQueue.create(name, { maxMessages: 1, maxMessageSize: 16 });
    try {
      queue.trySend("probe");
      const works = queue.tryReceive()?.body.toString() === "probe";
      return { what, value: works ? "work" : "a message was lost", needed: "work", verdict: works ? "ok" : "FAIL" };
    } finally {
      queue.close();
      PosixQueue.unlink(name);
    }
  } catch (error) {
    const lacking = !isLinux() && (error as { code?: string }).code === "ENOSYS";
    const verdict = lacking ? "note" : "FAIL";
    return { what, value: (error as Error).message, needed: "work", verdict, mend: hintOf(error) };
  }
}

async function sysvProbes(linux: boolean): Promise<Finding[]> {
  const what = "System V queues";
  try {
    const { SysVQueue } = await import("../sysv/queue.js");
    const queue = SysVQueue.createPrivate();
    try {
      for (const type of [5, 3, 9]) queue.trySend(`type ${type}`, { type });
      const found: Finding[] = [peekProbe(queue)];
      // A negative type gives the lowest one; gVisor and others were seen to differ.
      const lowest = queue.tryReceive({ upTo: 6 })?.type === 3;
      const except = !linux || queue.tryReceive({ except: 5 })?.type === 9;
      found.unshift({ what, value: "work", needed: "work", verdict: "ok" });
      found.push({
        what: "types: lowest, except",
        value: lowest && except ? "work" : "differ from Linux",
        needed: "work",
        verdict: lowest && except ? "ok" : "FAIL",
      });
      return found;
    } finally {
      queue.remove();
      queue.close();
    }
  } catch (error) {
    return [{ what, value: (error as Error).message, needed: "work", verdict: "FAIL", mend: hintOf(error) }];
  }
}

function peekProbe(queue: { peek(index: number): unknown }): Finding {
  const [what, needed] = ["MSG_COPY (peek, copy, dump)", "a kernel with CONFIG_CHECKPOINT_RESTORE"];
  try {
    queue.peek(0);
    return { what, value: "works", needed, verdict: "ok" };
  } catch (error) {
    return { what, value: (error as { code?: string }).code ?? "fails", needed, verdict: "note" };
  }
}

function hintOf(error: unknown): string | undefined {
  return (error as { hint?: string }).hint;
}

function place(): Finding[] {
  const mount = mqueueMount();
  const inContainer = containerKind();
  const same = ipcNamespace();
  return [
    {
      what: "mqueue filesystem",
      value: mount ?? "not mounted",
      needed: "only for listing every POSIX queue",
      verdict: mount === undefined ? "note" : "ok",
      mend: mount === undefined ? mountCommand : undefined,
    },
    {
      what: "CAP_SYS_RESOURCE",
      value: hasSysResource() === true ? "yes" : "no",
      needed: "only to pass the limits above",
      verdict: "ok",
    },
    {
      what: "IPC namespace",
      value: same ?? "not shown",
      needed: "the one of the other side",
      verdict: inContainer === undefined ? "ok" : "note",
      mend: inContainer === undefined ? undefined : "docker run --ipc=host, or --ipc=container:<the other>",
    },
    { what: "container", value: inContainer ?? "none seen", needed: "none, or a shared IPC namespace", verdict: "ok" },
    { what: "seccomp", value: seccomp(), needed: "no filter that hides mq_* or msg*", verdict: "ok" },
    removeIpc(),
  ];
}

function seccomp(): string {
  const mode = /^Seccomp:\s*(\d)/m.exec(readOrNothing("/proc/self/status"))?.[1];
  return ["off", "strict", "filtered; the queues above tell whether they are"][Number(mode ?? NaN)] ?? "not shown";
}

/** logind removes the queues of an ordinary user when the last session ends. */
function removeIpc(): Finding {
  const what = "logind RemoveIPC";
  const needed = "no, for queues of people who log out";
  try {
    accessSync("/run/systemd/system", constants.F_OK);
  } catch {
    return { what, value: "no systemd", needed, verdict: "ok" };
  }
  const setting = /^\s*RemoveIPC\s*=\s*(\w+)/m.exec(readOrNothing("/etc/systemd/logind.conf"))?.[1] ?? "yes (default)";
  const system = (process.geteuid?.() ?? 0) < 1000;
  const fine = /^(no|false|0|off)$/i.test(setting) || system;
  return {
    what,
    value: system ? `${setting}; system users are spared` : setting,
    needed,
    verdict: fine ? "ok" : "note",
    mend: fine ? undefined : "RemoveIPC=no in /etc/systemd/logind.conf, then systemctl restart systemd-logind",
  };
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
