import { hostKind, isLinux } from "../limits.js";
import { attributesOf } from "../posix/descriptor.js";
import { listPosixQueues, mqueueMount } from "../posix/listing.js";
import { ftok } from "../sysv/ftok.js";
import { tryStatuses } from "../sysv/status.js";
import { isPattern, keyAddress, nameAddress, parseAddress, patternOf } from "./address.js";
import type { Address } from "./address.js";
import { mountCommand } from "./hints.js";

/** A queue of either family as `ls` shows it and `--json` gives it; what the system does not tell is absent. */
export interface ListedQueue {
  readonly kind: "posix" | "sysv";
  /** The word that names it to other commands. */
  readonly queue: string;
  readonly name?: string;
  readonly key?: number;
  readonly id?: number;
  readonly messages?: number | undefined;
  readonly bytes?: number | undefined;
  readonly maxMessages?: number | undefined;
  readonly maxMessageSize?: number | undefined;
  readonly maxBytes?: number | undefined;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly creatorUid?: number;
  readonly creatorGid?: number;
  readonly lastSenderPid?: number | undefined;
  readonly lastReceiverPid?: number | undefined;
  readonly lastSentAt?: Date | undefined;
  readonly lastReceivedAt?: Date | undefined;
  readonly changedAt?: Date | undefined;
  /** The process that registered with mq_notify. */
  readonly notifyPid?: number | undefined;
}

/** A listing, and what stands in the way of a whole one. */
export interface Listing {
  readonly queues: readonly ListedQueue[];
  /** To be said on stderr. */
  readonly remarks: readonly string[];
}

const unmounted =
  "no mqueue filesystem is mounted: only those POSIX queues are listed that a process holds open. " +
  `As root, ${mountCommand} shows them all, as does hostmq ls --mount; hostmq stat /name finds one by its name.`;

const unlisted =
  "only Linux tells a program which queues exist. ipcs -q lists the System V queues; hostmq stat finds a queue by its name or key.";

// The list methods of the two classes, without loading what sends and receives: `ls` is asked often.

/** All queues of this IPC namespace, POSIX before System V, by name and by id. */
export function listQueues(kind?: "posix" | "sysv", host = hostKind()): Listing {
  if (!isLinux(host)) return { queues: [], remarks: [unlisted] };
  const remarks: string[] = [];
  const queues: ListedQueue[] = [];
  if (kind !== "sysv") {
    queues.push(
      ...listPosixQueues(attributesOf).map(
        (listed) => ({ kind: "posix", queue: nameAddress(listed.name), ...listed }) as const,
      ),
    );
    if (mqueueMount() === undefined) remarks.push(unmounted);
  }
  if (kind !== "posix") {
    const statuses = tryStatuses();
    if (typeof statuses === "number") remarks.push("this system has no System V queues, or hides them");
    else {
      queues.push(
        ...statuses.map((status): ListedQueue => {
          return { kind: "sysv", queue: status.key === 0 ? `id:${status.id}` : keyAddress(status.key), ...status };
        }),
      );
    }
  }
  return { queues, remarks };
}

/** Whether one of the words names the queue: an address, or a pattern of the shell. */
export function matcherOf(words: readonly string[]): (queue: ListedQueue) => boolean {
  if (words.length === 0) return () => true;
  const patterns = words.map(matcher);
  return (queue) => patterns.some((matches) => matches(queue));
}

function matcher(word: string): (queue: ListedQueue) => boolean {
  if (isPattern(word)) {
    // A name begins with a slash, which a pattern may leave out.
    const patterns = [patternOf(word), patternOf(`/${word}`)];
    return ({ queue, name, id }) =>
      patterns.some((pattern) => pattern.test(name ?? queue) || (id !== undefined && pattern.test(`id:${id}`)));
  }
  const address = parseAddress(word);
  switch (address.kind) {
    case "posix":
      return ({ name }) => name === address.name;
    case "key":
      return hasKey(address.key);
    case "id":
      return ({ id }) => id === address.id;
    case "ftok":
      return hasKey(keyOf(address));
  }
}

const hasKey =
  (wanted: number | undefined) =>
  ({ key, id }: ListedQueue): boolean =>
    id !== undefined && wanted !== undefined && key === wanted;

/** Without its file the word names no queue. */
function keyOf({ path, projectId }: Address & { kind: "ftok" }): number | undefined {
  try {
    return ftok(path, projectId);
  } catch {
    return undefined;
  }
}

/** Whether one of the patterns matches the queue, and no other word names it: by whatever address, it is chosen once. */
export function patternMatcherOf(words: readonly string[]): (queue: ListedQueue) => boolean {
  const patterns = words.filter(isPattern).map(matcher);
  const names = words.filter((word) => !isPattern(word)).map(matcher);
  return (queue) => patterns.some((matches) => matches(queue)) && !names.some((matches) => matches(queue));
}

/**
 * Whether nobody seems to use the queue: System V, neither the last sender nor the last receiver is alive; POSIX, no process
 * that this one may look at holds it open.
 */
export function staleMatcher(): (queue: ListedQueue) => boolean {
  const held = new Set(heldNames());
  return ({ kind, name, lastSenderPid, lastReceiverPid }) =>
    kind === "posix"
      ? name !== undefined && !held.has(name)
      : ![lastSenderPid, lastReceiverPid].some((pid) => pid !== undefined && isAlive(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function heldNames(): string[] {
  return listPosixQueues(undefined, "held").map(({ name }) => name);
}
