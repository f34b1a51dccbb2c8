import type { SysVReceiveOptions } from "../sysv/message.js";
import type { Envelope } from "./envelope.js";
import { UsageError } from "./exit.js";
import type { OpenQueue } from "./queues.js";
import { messageType } from "./values.js";

// Sending and receiving where the family does not matter.

/** How long to wait: not at all, for so many milliseconds, or until the signal. */
export interface Patience {
  readonly timeout?: number | undefined;
  readonly signal: AbortSignal;
}

/**
 * Sends, waiting for room.
 *
 * @throws QueueTimeoutError when there was none in time.
 */
export async function sendTo(target: OpenQueue, { body, priority, type }: Envelope, patience: Patience): Promise<void> {
  if (target.kind === "posix") await target.queue.send(body, { priority, ...patience });
  else await target.queue.send(body, { type, ...patience });
}

/** Receives, waiting for a message. */
export async function receiveFrom(
  source: OpenQueue,
  selector: SysVReceiveOptions,
  patience: Patience,
): Promise<Received> {
  if (source.kind === "posix") return await source.queue.receive({ ...patience });
  return await source.queue.receive({ ...selector, ...patience });
}

/** Receives as many as there are now, up to `max`. */
export function takeMany(source: OpenQueue, selector: SysVReceiveOptions, max: number): Received[] {
  if (source.kind === "posix") return source.queue.tryReceiveMany(max);
  return source.queue.tryReceiveMany(max, selector);
}

/** A message as it came, possibly cut by `truncate`. */
export interface Received extends Envelope {
  truncated?: true;
}

/** The options of commands that choose messages of a System V queue. */
export interface SelectorOptions {
  type?: number | bigint;
  upTo?: number | bigint;
  except?: number | bigint;
}

export const selectorOptions = [
  { flags: "-t, --type <type>", description: "System V: only messages of this type", parse: messageType },
  { flags: "--up-to <type>", description: "System V: the lowest type that is at most this", parse: messageType },
  { flags: "--except <type>", description: "System V: only messages of another type", parse: messageType },
] as const;

/** The selector that the options ask for. */
export function selectorOf(
  source: OpenQueue,
  { type, upTo, except }: SelectorOptions,
  truncate?: number,
): SysVReceiveOptions {
  const given = Object.entries({ type, upTo, except, truncate }).filter(([, value]) => value !== undefined);
  if (source.kind === "posix" && given.length > 0) {
    throw new UsageError(
      "a POSIX queue has no types to select by and cuts no message: it gives the oldest message of the highest priority",
    );
  }
  if (given.filter(([name]) => name !== "truncate").length > 1) {
    throw new UsageError("only one of --type, --up-to and --except can be used at once");
  }
  return Object.fromEntries(given);
}
