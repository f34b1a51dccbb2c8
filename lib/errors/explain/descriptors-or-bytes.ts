import { closeSync, openSync } from "node:fs";
import {
  descriptorLimit,
  isLinux,
  messageQueueLimit,
  openDescriptors,
  posixLimits,
  processIdentity,
  queueCost,
} from "../../limits.js";
import type { HostKind } from "../../limits.js";
import { listPosixQueues } from "../../posix/listing.js";
import type { CallDetails } from "../call-details.js";
import type { Explanation } from "../row.js";
import { posixLimitNames } from "../system-limits.js";
import { action, count, creates } from "../words.js";

/** EMFILE of mq_open has two causes that have nothing in common; this tells which one it was. */
export function descriptorsOrBytes(details: CallDetails, host: HostKind): Explanation {
  const what = `cannot ${action("mq_open", details)}`;
  if (!isLinux(host)) return outOfQueues(what, host);
  const spare = descriptorsLeft();
  if (spare === false || (spare === true && details.oflag !== undefined && !creates(details)))
    return outOfDescriptors(what);
  if (spare === true) return outOfBytes(what, details);
  return {
    what: `${what}: this process is out of descriptors, or its user is out of bytes for POSIX queues`,
    hint: "Close or unlink queues, or raise the limits: ulimit -n for descriptors, ulimit -q for bytes.",
  };
}

/** Bytes count on Linux alone; elsewhere there may be a limit of open queues. */
function outOfQueues(what: string, host: HostKind): Explanation {
  const queues = posixLimitNames(host)?.queues;
  return {
    what: `${what}: this process has no descriptor left, or has as many queues open as the system allows`,
    hint: `Close queues, files or sockets that are no longer needed, or raise the limits: ulimit -n${queues === undefined ? "" : `, ${queues}`}.`,
  };
}

/** mq_open takes a descriptor before it asks for bytes: when one can be had now, descriptors were not the reason. */
function descriptorsLeft(): boolean | undefined {
  try {
    closeSync(openSync("/proc/self/limits", "r"));
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EMFILE" ? false : undefined;
  }
}

/** "34 of 20000 are in use", as far as both can be read. */
function descriptorsInUse(): string | undefined {
  const open = openDescriptors();
  const limit = descriptorLimit()?.soft;
  if (open === undefined) return limit === undefined ? undefined : `of ${limit}`;
  return limit === undefined ? `${open} are open` : `${open} of ${limit} are open`;
}

function outOfDescriptors(what: string): Explanation {
  const inUse = descriptorsInUse();
  return {
    what: `${what}: this process has no descriptor left (RLIMIT_NOFILE${inUse === undefined ? "" : `: ${inUse}`})`,
    hint: "Close queues, files or sockets that are no longer needed, or raise the limit: ulimit -n (docker run --ulimit nofile=N).",
  };
}

function outOfBytes(what: string, details: CallDetails): Explanation {
  const { uid } = processIdentity();
  const needed = bytesNeeded(details);
  const allowed = messageQueueLimit()?.soft;
  const inUse = bytesInUse(details, uid, (allowed ?? 0) - (needed?.total ?? 0));
  const facts = [
    ...(needed === undefined ? [] : [`this queue needs ${needed.total}`]),
    inUse.text,
    ...(allowed === undefined ? [] : [`${allowed} are allowed`]),
  ];
  const owner = uid === undefined ? "this user" : `user ${uid}`;
  // All in use together is at most what is allowed, so that the sum is enough when the queues cannot be seen.
  const enough = needed === undefined ? undefined : needed.total + (inUse.bytes ?? allowed ?? 0);
  const raise = `ulimit -q ${enough ?? "N"} (docker run --ulimit msgqueue=${enough ?? "N"})`;
  return {
    what: `${what}: the queues of ${owner} would reserve more bytes together than RLIMIT_MSGQUEUE allows: ${facts.join(", ")} (it is not the descriptors: ${descriptorsInUse() ?? "some are left"})`,
    hint: `${smaller(needed, inUse.bytes, allowed)}, unlink queues that nobody needs, or raise the limit: ${raise}. The limit is per user, not per process.`,
  };
}

interface Needed {
  readonly total: number;
  readonly maxMessages: number;
  readonly maxMessageSize: number;
}

/** What the kernel would charge, with its defaults in place of absent attributes. */
function bytesNeeded(details: CallDetails): Needed | undefined {
  const limits = posixLimits();
  const least = (a: number | undefined, b: number | undefined): number | undefined =>
    a === undefined || b === undefined ? undefined : Math.min(a, b);
  const maxMessages = details.maxMessages ?? least(limits.defaultMessages, limits.maxMessages);
  const maxMessageSize = details.maxMessageSize ?? least(limits.defaultMessageSize, limits.maxMessageSize);
  if (maxMessages === undefined || maxMessageSize === undefined) return undefined;
  return { total: queueCost(maxMessages, maxMessageSize), maxMessages, maxMessageSize };
}

/**
 * Queues that were unlinked and are still open somewhere count as well, and so do those of other namespaces; neither
 * can be seen. What is seen is a reason by itself only when it is over `spare`.
 */
function bytesInUse(details: CallDetails, uid: number | undefined, spare: number): { text: string; bytes?: number } {
  const own = listPosixQueues(details.attributesOf).filter((queue) => uid === undefined || queue.uid === uid);
  if (own.length === 0) return { text: "no queue can be seen, so those in use are unlinked or out of sight" };
  let bytes = 0;
  for (const { maxMessages, maxMessageSize } of own) {
    if (maxMessages === undefined || maxMessageSize === undefined) {
      return { text: `${count(own.length, "queue")} can be seen` };
    }
    bytes += queueCost(maxMessages, maxMessageSize);
  }
  const text = `${bytes} are in use by the ${count(own.length, "queue")} that can be seen`;
  return bytes > spare ? { text, bytes } : { text: `${text}, the rest by queues that are unlinked or out of sight` };
}

/** How many messages of the wanted size would still fit. */
function smaller(needed: Needed | undefined, inUse: number | undefined, allowed: number | undefined): string {
  if (needed === undefined || inUse === undefined || allowed === undefined) return "Ask for fewer or smaller messages";
  const fit = Math.floor((allowed - inUse) / queueCost(1, needed.maxMessageSize));
  if (fit < 1 || fit >= needed.maxMessages) return "Ask for fewer or smaller messages";
  return `Ask for ${fit} messages of ${needed.maxMessageSize} bytes or fewer`;
}
