import { readFileSync, readlinkSync, statSync } from "node:fs";

// Everything here is read at the moment of the question: sysctls and rlimits change while a program runs. A value
// that this system does not have, or does not show, is undefined; nobody downstream may guess in its place.

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function readNumber(path: string): number | undefined {
  const text = readText(path)?.trim();
  if (text === undefined || !/^\d+$/.test(text)) return undefined;
  return Number(text);
}

/** `fs.mqueue.*` of this IPC namespace, one sysctl each. */
export interface PosixLimits {
  /** `msg_max`: the most messages a queue may be created for. */
  readonly maxMessages: number | undefined;
  /** `msgsize_max`: the largest message a queue may be created for. */
  readonly maxMessageSize: number | undefined;
  /** `msg_default`: messages of a queue that was created without attributes. */
  readonly defaultMessages: number | undefined;
  /** `msgsize_default`: message size of a queue that was created without attributes. */
  readonly defaultMessageSize: number | undefined;
  /** `queues_max`: how many queues the namespace may hold. */
  readonly maxQueues: number | undefined;
}

/** The limits for POSIX queues in this IPC namespace, now. */
export function posixLimits(): PosixLimits {
  return {
    maxMessages: readNumber("/proc/sys/fs/mqueue/msg_max"),
    maxMessageSize: readNumber("/proc/sys/fs/mqueue/msgsize_max"),
    defaultMessages: readNumber("/proc/sys/fs/mqueue/msg_default"),
    defaultMessageSize: readNumber("/proc/sys/fs/mqueue/msgsize_default"),
    maxQueues: readNumber("/proc/sys/fs/mqueue/queues_max"),
  };
}

/** `kernel.msg*` of this IPC namespace, one sysctl each. */
export interface SysVLimits {
  /** `msgmax`: the largest message. */
  readonly maxMessageSize: number | undefined;
  /** `msgmnb`: bytes that a new queue holds, and the most an ordinary user may ask for. */
  readonly maxQueueBytes: number | undefined;
  /** `msgmni`: how many queues the namespace may hold. */
  readonly maxQueues: number | undefined;
}

/** The limits for System V queues in this IPC namespace, now. */
export function sysvLimits(): SysVLimits {
  return {
    maxMessageSize: readNumber("/proc/sys/kernel/msgmax"),
    maxQueueBytes: readNumber("/proc/sys/kernel/msgmnb"),
    maxQueues: readNumber("/proc/sys/kernel/msgmni"),
  };
}

/** A resource limit; `Infinity` where there is none. */
export interface ResourceLimit {
  /** What the kernel enforces. */
  readonly soft: number;
  /** How far the process may raise `soft` by itself. */
  readonly hard: number;
}

function resourceLimit(label: string): ResourceLimit | undefined {
  const text = readText("/proc/self/limits");
  return text === undefined ? undefined : parseResourceLimit(text, label);
}

/** Reads one line of /proc/pid/limits. */
export function parseResourceLimit(text: string, label: string): ResourceLimit | undefined {
  const [, soft, hard] = new RegExp(`^${label} +(unlimited|\\d+) +(unlimited|\\d+) `, "m").exec(text) ?? [];
  if (soft === undefined || hard === undefined) return undefined;
  const value = (of: string): number => (of === "unlimited" ? Infinity : Number(of));
  return { soft: value(soft), hard: value(hard) };
}

/** `RLIMIT_MSGQUEUE`: bytes that all POSIX queues of this process's user may reserve together. */
export function messageQueueLimit(): ResourceLimit | undefined {
  return resourceLimit("Max msgqueue size");
}

/** `RLIMIT_NOFILE`: how many descriptors this process may have open. */
export function descriptorLimit(): ResourceLimit | undefined {
  return resourceLimit("Max open files") ?? reportedDescriptorLimit();
}

/** The same from the runtime, which needs no descriptor to tell: the limit is asked for when none is left. */
function reportedDescriptorLimit(): ResourceLimit | undefined {
  try {
    const { userLimits } = process.report.getReport() as {
      userLimits?: { open_files?: Record<"soft" | "hard", number | "unlimited"> };
    };
    const limit = userLimits?.open_files;
    const value = (of: number | "unlimited"): number => (of === "unlimited" ? Infinity : of);
    return limit === undefined ? undefined : { soft: value(limit.soft), hard: value(limit.hard) };
  } catch {
    return undefined;
  }
}

/** How many descriptors this process has open. Needs no descriptor itself, as it is asked when none is left. */
export function openDescriptors(): number | undefined {
  try {
    // Since Linux 6.2 the folder's size is the count; before, it is 0.
    const { size } = statSync("/proc/self/fd");
    return size > 0 ? size : undefined;
  } catch {
    return undefined;
  }
}

/** The lines of /proc/self/status that tell who this process is to the kernel. */
export interface ProcessIdentity {
  /** The user id that permission checks use. */
  readonly uid: number | undefined;
  /** The group id that permission checks use. */
  readonly gid: number | undefined;
  /** The permission bits that a new queue loses. */
  readonly umask: number | undefined;
}

/** Reads of /proc/pid/status what has no other source: the umask, and the effective capabilities as bits. */
export function parseProcessStatus(text: string): { umask: number | undefined; capabilities: bigint | undefined } {
  const umask = /^Umask:\t([0-7]{1,4})$/m.exec(text)?.[1];
  const capabilities = /^CapEff:\t([0-9a-f]{1,16})$/m.exec(text)?.[1];
  return {
    umask: umask === undefined ? undefined : parseInt(umask, 8),
    capabilities: capabilities === undefined ? undefined : BigInt(`0x${capabilities}`),
  };
}

const processStatus = (): ReturnType<typeof parseProcessStatus> =>
  parseProcessStatus(readText("/proc/self/status") ?? "");

/** Who this process is to the kernel's permission checks. */
export function processIdentity(): ProcessIdentity {
  return {
    uid: process.geteuid?.(),
    gid: process.getegid?.(),
    // process.umask() without an argument sets the mask and puts it back: other threads would see the gap.
    umask: processStatus().umask,
  };
}

/**
 * Whether this process may pass the `fs.mqueue` and `kernel.msg*` limits (CAP_SYS_RESOURCE).
 *
 * The kernel asks for the capability in the initial user namespace: root of a rootless container shows it in its
 * status and still does not have it.
 */
export function hasSysResource(): boolean | undefined {
  const { capabilities } = processStatus();
  if (capabilities === undefined) return undefined;
  const capSysResource = 24n;
  if (((capabilities >> capSysResource) & 1n) === 0n) return false;
  const uidMap = readText("/proc/self/uid_map")?.trim().split(/\s+/).join(" ");
  return uidMap === undefined || uidMap === "0 0 4294967295";
}

/** The IPC namespace as the kernel names it, `ipc:[4026531839]`. Queues of one are invisible in another. */
export function ipcNamespace(): string | undefined {
  try {
    return readlinkSync("/proc/self/ns/ipc");
  } catch {
    return undefined;
  }
}

/** The kinds of container that can be told apart from inside. */
export type ContainerKind = "docker" | "podman" | "kubernetes" | "container";

/** Which container this process runs in; undefined outside of one, or where nothing tells. */
export function containerKind(): ContainerKind | undefined {
  if (process.env.KUBERNETES_SERVICE_HOST !== undefined) return "kubernetes";
  if (exists("/run/.containerenv")) return "podman";
  if (exists("/.dockerenv")) return "docker";
  const cgroup = readText("/proc/1/cgroup") ?? "";
  if (cgroup.includes("kubepods")) return "kubernetes";
  if (cgroup.includes("docker")) return "docker";
  return /containerd|libpod|lxc/.test(cgroup) ? "container" : undefined;
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** What stands behind this process's system calls, as far as it matters for queues. */
export type HostKind = "linux" | "wsl1" | "wsl2" | "gvisor" | "macos" | "freebsd" | "netbsd" | "openbsd" | "other";

/** What stands behind this process's system calls. */
export function hostKind(platform: NodeJS.Platform = process.platform): HostKind {
  switch (platform) {
    case "linux":
      return hostKindOf(readText("/proc/version") ?? "");
    case "darwin":
      return "macos";
    case "freebsd":
    case "netbsd":
    case "openbsd":
      return platform;
    default:
      return "other";
  }
}

/** Whether the host has what only Linux has: IPC namespaces, `/proc`, the sysctls `fs.mqueue` and `kernel.msg*`. */
export function isLinux(host: HostKind = hostKind()): boolean {
  return host === "linux" || host === "wsl1" || host === "wsl2" || host === "gvisor";
}

/** Reads the text of /proc/version. */
export function hostKindOf(version: string): HostKind {
  // WSL 2 is a real Linux kernel whose version says "microsoft-standard"; WSL 1 writes a capital M.
  if (/microsoft-standard|WSL2/i.test(version)) return "wsl2";
  if (version.includes("Microsoft")) return "wsl1";
  // gVisor answers with a fixed version of its own, the same date on every machine.
  if (/gvisor/i.test(version) || version.includes("Sun Jan 10 15:06:54 PST 2016")) return "gvisor";
  return "linux";
}

/**
 * Bytes that the kernel charges to the user for a POSIX queue, full or empty (Linux 3.5 and later, 64-bit).
 *
 * Every slot costs its body and a header, and every priority that could be in use costs a tree node.
 */
export function queueCost(maxMessages: number, maxMessageSize: number): number {
  const priorities = Math.min(maxMessages, 32768);
  return maxMessages * maxMessageSize + maxMessages * 48 + priorities * 48;
}
