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
 */
export function listPosixQueues(attributesOf?: AttributesOf): PosixQueueListing[] {
  const mount = mqueueMount();
  const found = mount === undefined ? queuesHeldOpen(attributesOf) : queuesInMount(mount, attributesOf);
  return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** Where an mqueue filesystem of this IPC namespace is mounted. */
export function mqueueMount(): string | undefined {
  let mountinfo: string;
  try {
    mountinfo = readFileSync("/proc/self/mountinfo", "utf8");
  } catch {
    return undefined;
  }
  const own = ownMqueueDevice();
  for (const line of mountinfo.split("\n")) {
    // "64 43 0:39 / /dev/mqueue rw,relatime - mqueue none rw": optional fields end with a lone dash.
    const [left = "", right = ""] = line.split(" - ");
    if (!right.startsWith("mqueue ")) continue;
    const [, , device, root, point = ""] = left.split(" ");
    // A mount that came along from another namespace shows other queues; only a held queue tells which is which.
    if (root !== "/" || (own !== undefined && device !== own)) continue;
    return unescapeMountPath(point);
  }
  return undefined;
}

/** The device number of this namespace's queues, known when this process holds one open. */
function ownMqueueDevice(): string | undefined {
  for (const descriptor of entries("/proc/self/fd")) {
    const queue = heldQueue("/proc/self/fd", descriptor);
    if (queue !== undefined) return `${queue.stats.dev >>> 8}:${queue.stats.dev & 0xff}`;
  }
  return undefined;
}

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
  const namespace = linkOrNothing("/proc/self/ns/ipc");
  const found = new Map<string, PosixQueueListing>();
  for (const pid of entries("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    // Processes of other namespaces hold queues that this one cannot open.
    if (linkOrNothing(`/proc/${pid}/ns/ipc`) !== namespace) continue;
    const folder = `/proc/${pid}/fd`;
    for (const descriptor of entries(folder)) {
      const queue = heldQueue(folder, descriptor);
      if (queue === undefined || found.has(queue.name)) continue;
      const listing = describe(queue.name, queue.path, queue.stats, attributesOf);
      // Every file of an mqueue filesystem begins with this line; what cannot be read so may be something else.
      if (listing.bytes !== undefined) found.set(queue.name, listing);
    }
  }
  return [...found.values()];
}

/** A descriptor whose link and inode look like a queue's. Nothing is opened to find out. */
function heldQueue(folder: string, descriptor: string): { name: string; path: string; stats: Stats } | undefined {
  const path = `${folder}/${descriptor}`;
  const name = linkOrNothing(path);
  // A removed queue reads "/jobs (deleted)"; no later mq_open would find it.
  if (name === undefined || !/^\/[^/]+$/.test(name) || name.endsWith(" (deleted)")) return undefined;
  const stats = statOrNothing(path);
  // Queues are regular files of 80 bytes on a filesystem without a block device (major number 0).
  if (stats === undefined || !stats.isFile() || stats.size !== 80 || stats.dev >>> 8 !== 0) return undefined;
  const ordinary = statOrNothing(name);
  if (ordinary !== undefined && ordinary.dev === stats.dev && ordinary.ino === stats.ino) return undefined;
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
    return { line, attributes: line.startsWith("QSIZE:") ? attributesOf?.(descriptor) : undefined };
  } catch {
    return { line: "" };
  } finally {
    closeSync(descriptor);
  }
}

/** Reads `QSIZE:129 NOTIFY:0 SIGNO:0 NOTIFY_PID:0`; undefined for anything else. */
export function parseQueueLine(line: string): { bytes: number; notifyPid?: number } | undefined {
  const bytes = /^QSIZE:(\d+)/.exec(line)?.[1];
  if (bytes === undefined) return undefined;
  const notifyPid = Number(/NOTIFY_PID:(\d+)/.exec(line)?.[1] ?? 0);
  return notifyPid > 0 ? { bytes: Number(bytes), notifyPid } : { bytes: Number(bytes) };
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
