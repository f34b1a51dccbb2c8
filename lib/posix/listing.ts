import { closeSync, constants, openSync, readFileSync, readSync, readdirSync, readlinkSync, statSync } from "node:fs";
import type { Stats } from "node:fs";
import { join } from "node:path";

/** What the system tells about a POSIX queue from outside. */
export interface PosixQueueListing {
  /** The name with its slash, as `PosixQueue.open` takes it. */
  readonly name: string;
  /** Messages in the queue, where it could be asked. */
  readonly messages?: number;
  /** Most messages the queue holds, where it could be asked. */
  readonly maxMessages?: number;
  /** Largest message the queue takes, where it could be asked. */
  readonly maxMessageSize?: number;
  /** Bytes in all bodies together; undefined where the queue may not be read. */
  readonly bytes: number | undefined;
  /** Permission bits. */
  readonly mode: number;
  /** The user who owns the queue. */
  readonly uid: number;
  /** The group that owns the queue. */
  readonly gid: number;
  /** The process that registered with `mq_notify`, where one has. */
  readonly notifyPid?: number;
}

/** Asks an open descriptor of a queue for its attributes (mq_getattr); undefined or an exception where it cannot. */
export type AttributesOf = (
  descriptor: number,
) => { maxMessages: number; maxMessageSize: number; currentMessages: number } | undefined;

/**
 * The POSIX queues of this IPC namespace, by name, as far as the system tells.
 *
 * With an mqueue filesystem mounted anywhere these are all of them; without one, those that a process holds open
 * whose descriptors this process may look at. Looking takes no message and registers for nothing.
 *
 * @param which - `"held"` gives only those that a process holds open, also where a mounted filesystem tells of more.
 */
export function listPosixQueues(attributesOf?: AttributesOf, which: "all" | "held" = "all"): PosixQueueListing[] {
  const mount = which === "held" ? undefined : mqueueMount();
  const found = mount === undefined ? queuesHeldOpen(attributesOf) : queuesInMount(mount, attributesOf);
  return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/**
 * Where an mqueue filesystem of this IPC namespace is mounted.
 *
 * After `unshare --ipc` the old mount is still there and shows queues of the old namespace. A queue that a process
 * of our namespace holds open tells which mount is ours; without one, a mount that process 1 of another namespace
 * has is not.
 */
export function mqueueMount(): string | undefined {
  const mounts = mqueueMounts("self");
  if (mounts.length === 0) return undefined;
  const first = linkOrNothing("/proc/1/ns/ipc");
  // The usual case, on a host and in a container alike; it spares the walk through all processes.
  if (first !== undefined && first === linkOrNothing("/proc/self/ns/ipc")) return mounts.at(-1)?.point;
  const [held] = heldQueues();
  if (held !== undefined) {
    const own = `${major(held.stats.dev)}:${minor(held.stats.dev)}`;
    return mounts.findLast(({ device }) => device === own)?.point;
  }
  const foreign = new Set(first === undefined ? [] : mqueueMounts("1").map(({ device }) => device));
  return mounts.findLast(({ device }) => !foreign.has(device))?.point;
}

interface MqueueMount {
  readonly device: string;
  readonly point: string;
}

function mqueueMounts(pid: string): MqueueMount[] {
  try {
    return parseMqueueMounts(readFileSync(`/proc/${pid}/mountinfo`, "utf8"));
  } catch {
    return [];
  }
}

/** Reads the text of /proc/pid/mountinfo. */
export function parseMqueueMounts(mountinfo: string): MqueueMount[] {
  const mounts: MqueueMount[] = [];
  for (const line of mountinfo.split("\n")) {
    // "64 43 0:39 / /dev/mqueue rw,relatime - mqueue none rw": optional fields end with a lone dash.
    const [left = "", right = ""] = line.split(" - ");
    const [, , device = "", root, point = ""] = left.split(" ");
    if (right.startsWith("mqueue ") && root === "/" && point.startsWith("/"))
      mounts.push({ device, point: unescapeMountPath(point) });
  }
  return mounts;
}

// Linux spreads a device number over two ranges each; a host with many mounts has minors over 255.
const major = (dev: number): number => (dev >>> 8) & 0xfff;
const minor = (dev: number): number => (dev & 0xff) | ((dev >>> 12) & 0xfff00);

/** mountinfo writes blank, tab, newline and backslash as three octal digits. */
function unescapeMountPath(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}

function queuesInMount(mount: string, attributesOf: AttributesOf | undefined): PosixQueueListing[] {
  const found: PosixQueueListing[] = [];
  for (const entry of entries(mount)) {
    const path = join(mount, entry);
    const stats = statOrNothing(path);
    if (stats?.isFile()) found.push(describe(`/${entry}`, path, stats, attributesOf));
  }
  return found;
}

function queuesHeldOpen(attributesOf: AttributesOf | undefined): PosixQueueListing[] {
  const found = new Map<string, PosixQueueListing>();
  for (const { name, path, stats } of heldQueues()) {
    if (found.has(name)) continue;
    const listing = describe(name, path, stats, attributesOf);
    // Every file of an mqueue filesystem begins with this line; what cannot be read so may be something else.
    if (listing.bytes !== undefined) found.set(name, listing);
  }
  return [...found.values()];
}

interface HeldQueue {
  readonly name: string;
  readonly path: string;
  readonly stats: Stats;
}

/** Descriptors of queues in all processes of this IPC namespace that may be looked at. */
function* heldQueues(): Generator<HeldQueue, undefined> {
  const namespace = linkOrNothing("/proc/self/ns/ipc");
  for (const pid of entries("/proc")) {
    // Processes of other namespaces hold queues that this one cannot open.
    if (!/^\d+$/.test(pid) || linkOrNothing(`/proc/${pid}/ns/ipc`) !== namespace) continue;
    for (const descriptor of entries(`/proc/${pid}/fd`)) {
      const queue = heldQueue(`/proc/${pid}/fd/${descriptor}`);
      if (queue !== undefined) yield queue;
    }
  }
}

/** A descriptor whose link and inode look like a queue's. Nothing is opened to find out. */
function heldQueue(path: string): HeldQueue | undefined {
  const name = linkOrNothing(path);
  // A removed queue reads "/jobs (deleted)"; no later mq_open would find it.
  if (name === undefined || !/^\/[^/]+$/.test(name) || name.endsWith(" (deleted)")) return undefined;
  const stats = statOrNothing(path);
  // Queues are regular files of 80 bytes on a filesystem without a block device (major number 0).
  if (!stats?.isFile() || stats.size !== 80 || major(stats.dev) !== 0) return undefined;
  const ordinary = statOrNothing(name);
  if (ordinary?.dev === stats.dev && ordinary.ino === stats.ino) return undefined;
  return { name, path, stats };
}

function describe(name: string, path: string, stats: Stats, attributesOf: AttributesOf | undefined): PosixQueueListing {
  const { line, attributes } = look(path, attributesOf);
  const fields = parseQueueLine(line);
  return {
    name,
    ...(attributes !== undefined && {
      messages: attributes.currentMessages,
      maxMessages: attributes.maxMessages,
      maxMessageSize: attributes.maxMessageSize,
    }),
    bytes: fields?.bytes,
    mode: stats.mode & 0o777,
    uid: stats.uid,
    gid: stats.gid,
    ...(fields?.notifyPid !== undefined && { notifyPid: fields.notifyPid }),
  };
}

/** Opens the queue's file once, for the status line and for its attributes. */
function look(
  path: string,
  attributesOf: AttributesOf | undefined,
): { line: string; attributes?: ReturnType<AttributesOf> } {
  let descriptor: number;
  try {
    // The caller has seen a regular file; should the link have changed since, O_NONBLOCK keeps a FIFO from blocking.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return { line: "" };
  }
  try {
    const buffer = Buffer.alloc(128);
    const line = buffer.toString("latin1", 0, readSync(descriptor, buffer, 0, buffer.length, 0));
    return { line, attributes: line.startsWith("QSIZE:") ? attributesOrNothing(descriptor, attributesOf) : undefined };
  } catch {
    return { line: "" };
  } finally {
    closeSync(descriptor);
  }
}

function attributesOrNothing(descriptor: number, attributesOf: AttributesOf | undefined): ReturnType<AttributesOf> {
  try {
    return attributesOf?.(descriptor);
  } catch {
    return undefined;
  }
}

/** What reading a queue's file gives: mq_overview(7). */
export interface QueueLine {
  readonly bytes: number;
  /** The process that registered with mq_notify, where one has. */
  readonly notifyPid?: number;
  /** Its `sigev_notify`. */
  readonly notify?: number | undefined;
  readonly signal?: number | undefined;
}

/** Reads `QSIZE:129 NOTIFY:0 SIGNO:0 NOTIFY_PID:0`; undefined for anything else. */
export function parseQueueLine(line: string): QueueLine | undefined {
  const field = (name: string): number | undefined => {
    const digits = new RegExp(`\\b${name}:(\\d{1,15})\\b`).exec(line)?.[1];
    return digits === undefined ? undefined : Number(digits);
  };
  const bytes = line.startsWith("QSIZE:") ? field("QSIZE") : undefined;
  if (bytes === undefined) return undefined;
  const notifyPid = field("NOTIFY_PID") ?? 0;
  return notifyPid > 0 ? { bytes, notifyPid, notify: field("NOTIFY"), signal: field("SIGNO") } : { bytes };
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function statOrNothing(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function linkOrNothing(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
