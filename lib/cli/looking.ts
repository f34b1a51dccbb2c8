import { fstatSync, readSync } from "node:fs";
import { parseQueueLine } from "../posix/listing.js";
import type { PosixQueue } from "../posix/queue.js";
import { nameAddress } from "./address.js";
import { openQueue } from "./queues.js";
import type { OpenQueue } from "./queues.js";
import type { ListedQueue } from "./listing.js";

/** A queue that may only be written to can be looked at as well. */
export async function openToLook(word: string): Promise<OpenQueue> {
  try {
    return await openQueue(word, "read");
  } catch (error) {
    if ((error as { code?: string }).code !== "EACCES") throw error;
    return await openQueue(word, "write");
  }
}

/** What can be seen of a POSIX queue through a descriptor of it. */
export interface PosixFacts extends StatusLine {
  readonly name: string;
  readonly messages: number;
  readonly maxMessages: number;
  readonly maxMessageSize: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

interface StatusLine {
  readonly bytes?: number | undefined;
  readonly notifyPid?: number;
  readonly notifyBy?: string | undefined;
  readonly notifySignal?: number | undefined;
}

export function posixFacts(queue: PosixQueue): PosixFacts {
  const { currentMessages: messages, maxMessages, maxMessageSize } = queue.attributes();
  const { mode, uid, gid } = fstatSync(queue.descriptor);
  return {
    name: queue.name,
    messages,
    maxMessages,
    maxMessageSize,
    ...statusLine(queue.descriptor),
    mode: mode & 0o777,
    uid,
    gid,
  };
}

const ways = ["signal", "none", "thread"];

/** What reading the descriptor gives. Linux shows it also without a mount. */
function statusLine(descriptor: number): StatusLine {
  const buffer = Buffer.alloc(128);
  let text: string;
  try {
    text = buffer.toString("latin1", 0, readSync(descriptor, buffer, 0, buffer.length, 0));
  } catch {
    return {};
  }
  const { bytes, notifyPid, notify = -1, signal } = parseQueueLine(text) ?? {};
  if (notifyPid === undefined) return { bytes };
  return { bytes, notifyPid, notifyBy: ways[notify], notifySignal: signal };
}

/** A POSIX queue as `ls` shows it, by opening it. */
export async function lookAtPosixQueue(word: string): Promise<ListedQueue | undefined> {
  const { kind, queue } = await openToLook(word);
  try {
    return kind === "posix" ? { kind, queue: nameAddress(queue.name), ...posixFacts(queue) } : undefined;
  } finally {
    queue.close();
  }
}
