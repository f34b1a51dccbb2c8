import type { PosixQueue } from "../posix/queue.js";
import type { Access, PosixCreateOptions } from "../posix/options.js";
import type { SysVCreateOptions } from "../sysv/options.js";
import type { SysVQueue } from "../sysv/queue.js";
import type { Body } from "../native.js";
import { sysvLimits } from "../limits.js";
import { UsageError } from "./exit.js";
import { keyAddress, nameAddress, parseAddress } from "./address.js";
import type { Address } from "./address.js";

/** A queue of either family. `label` names it in another command and in talk. */
export type OpenQueue = ({ kind: "posix"; queue: PosixQueue } | { kind: "sysv"; queue: SysVQueue }) & { label: string };

// Only the family that is asked for is loaded.
const posix = async (): Promise<typeof PosixQueue> => (await import("../posix/queue.js")).PosixQueue;
const sysv = async (): Promise<typeof SysVQueue> => (await import("../sysv/queue.js")).SysVQueue;

/** Opens the queue that the word names; it must exist. */
export async function openQueue(text: string, access: Access = "readwrite"): Promise<OpenQueue> {
  const address = await resolved(parseAddress(text));
  switch (address.kind) {
    case "posix":
      return posixQueue((await posix()).open(address.name, { access }));
    case "key":
      return sysvQueue((await sysv()).open(address.key));
    case "id":
      return sysvQueue((await sysv()).fromId(address.id));
  }
}

/** The words without those that name a queue once more: it is one queue by whatever address. */
export async function distinct(words: readonly string[]): Promise<string[]> {
  const byQueue = new Map<string, string>();
  for (const word of words) {
    const queue = await identityOf(word);
    if (!byQueue.has(queue)) byQueue.set(queue, word);
  }
  return [...byQueue.values()];
}

async function identityOf(word: string): Promise<string> {
  const address = parseAddress(word);
  if (address.kind === "posix") return address.name;
  if (address.kind === "id") return `id:${address.id}`;
  try {
    const { queue } = await openQueue(word);
    queue.close();
    return `id:${(queue as SysVQueue).id}`;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    // Perhaps it is about to be created. If not, the command will tell.
    return address.kind === "key" ? keyAddress(address.key) : word;
  }
}

/** Whether both are handles of one queue. */
export function areSame(one: OpenQueue, other: OpenQueue): boolean {
  if (one.kind === "posix") return other.kind === "posix" && one.queue.name === other.queue.name;
  return other.kind === "sysv" && one.queue.id === other.queue.id;
}

/** What a System V queue takes besides what it holds. Messages are limited to the number of bytes, or empty ones would have no limit. */
export function roomIn(queue: SysVQueue): { bytes: number; messages: number } {
  const { bytes, messages, maxBytes } = queue.status();
  return { bytes: Math.max(0, maxBytes - bytes), messages: Math.max(0, maxBytes - messages) };
}

/** What `createQueue` can be asked for; each family takes its own. */
export interface CreateOptions {
  posix: PosixCreateOptions<Buffer, Body> & { codec?: undefined };
  sysv: SysVCreateOptions<Buffer, Body> & { codec?: undefined };
  existing: boolean;
}

/** Creates the queue that the word names; where `existing`, an existing one serves as well. */
export async function createQueue(text: string, options: CreateOptions): Promise<OpenQueue> {
  const address = await resolved(parseAddress(text));
  const method = options.existing ? "openOrCreate" : "create";
  switch (address.kind) {
    case "posix":
      return posixQueue((await posix())[method](address.name, options.posix));
    case "key":
      return sysvQueue((await sysv())[method](address.key, options.sysv));
    case "id":
      // The kernel gives out ids: one can only mean the queue that has it, and who wants a new queue was refused before.
      return sysvQueue((await sysv()).fromId(address.id));
  }
}

/** Creates a System V queue without a key. */
export async function createPrivateQueue(options: CreateOptions["sysv"]): Promise<OpenQueue> {
  return sysvQueue((await sysv()).createPrivate(options));
}

/** Removes the queue that the word names. */
export async function removeQueue(text: string): Promise<void> {
  const address = await resolved(parseAddress(text));
  if (address.kind === "posix") (await posix()).unlink(address.name);
  else {
    const { queue } = await openQueue(text);
    (queue as SysVQueue).remove();
    queue.close();
  }
}

/** The longest message that the queue takes when it is empty, in bytes. */
export function longestFitting({ kind, queue }: OpenQueue): number {
  if (kind === "posix") return queue.attributes().maxMessageSize;
  return Math.min(queue.status().maxBytes, sysvLimits().maxMessageSize ?? Infinity);
}

/** The file and letter of ftok(3) become the key that they stand for. */
async function resolved(address: Address): Promise<Exclude<Address, { kind: "ftok" }>> {
  if (address.kind === "key" && address.key === 0)
    throw new UsageError(
      "key 0 names no queue: those without a key have it (id:5 names one, hostmq create --private makes one)",
    );
  if (address.kind !== "ftok") return address;
  const { ftok } = await import("../sysv/ftok.js");
  return { kind: "key", key: ftok(address.path, address.projectId) };
}

function posixQueue(queue: PosixQueue): OpenQueue {
  return { kind: "posix", queue, label: nameAddress(queue.name) };
}

function sysvQueue(queue: SysVQueue): OpenQueue {
  return {
    kind: "sysv",
    queue,
    label: queue.key === undefined || queue.key === 0 ? `id:${queue.id}` : keyAddress(queue.key),
  };
}
