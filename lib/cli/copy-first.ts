import { setTimeout as sleep } from "node:timers/promises";
import type { SysVMessage, SysVReceiveOptions } from "../sysv/message.js";
import type { SysVQueue } from "../sysv/queue.js";
import { checkSelection, selects } from "../sysv/selection.js";
import { CommandError } from "./exit.js";
import { putBack } from "./put-back.js";
import type { OpenQueue } from "./queues.js";
import type { Patience, Received } from "./transfer.js";

// System V messages can be copied without being taken. Who is the only reader can so do its work first and take the message
// then: whatever happens in between, nothing is lost.

const longestPause = 100;

/**
 * The copy of the message that a receive with this selector would take, waiting for it; undefined after the timeout. The kernel
 * has no way to wait without taking a message of length 0, so this looks every now and then.
 */
export async function firstSelected(
  source: OpenQueue,
  selector: SysVReceiveOptions,
  { timeout, signal }: Patience,
): Promise<Received | undefined> {
  const queue = sysvOf(source);
  const end = performance.now() + (timeout ?? Infinity);
  for (let pause = 1; ; pause = Math.min(2 * pause, longestPause)) {
    const message = peekSelected(queue, selector);
    if (message !== undefined) return message;
    const left = end - performance.now();
    if (left <= 0) return undefined;
    await sleep(Math.min(pause, left), undefined, { signal });
  }
}

/** The copy of what a receive with this selector would take now. */
export function peekSelected(queue: SysVQueue, selector: SysVReceiveOptions): SysVMessage<Buffer> | undefined {
  for (const message of browseSelected(queue, selector)) return message;
  return undefined;
}

/** Copies of the messages that receives with this selector would take, in their order. */
export function* browseSelected(queue: SysVQueue, selector: SysVReceiveOptions): Generator<SysVMessage<Buffer>, void> {
  const selection = checkSelection("receive", selector);
  if (selector.upTo !== undefined) {
    // The lowest type comes first, and the oldest of it.
    const messages = [...queue.browse()].filter(({ type }) => selects(selection, type));
    yield* messages.sort((one, other) => (one.type < other.type ? -1 : one.type > other.type ? 1 : 0));
    return;
  }
  for (const message of queue.browse()) if (selects(selection, message.type)) yield message;
}

/**
 * Takes the message that was copied: the oldest of its type.
 *
 * @throws CommandError when somebody else was quicker: it is then another message, which is put back.
 */
export async function takeCopied(source: OpenQueue, { type = 0, body }: Received): Promise<void> {
  const queue = sysvOf(source);
  const taken = queue.tryReceive({ type });
  if (taken?.body.equals(body) === true) return;
  if (taken !== undefined) await putBack(source, taken);
  throw new CommandError(
    `another reader took a message of ${source.label} that was being worked on`,
    "Copying before taking needs a queue with one reader.",
  );
}

function sysvOf(source: OpenQueue): SysVQueue {
  if (source.kind === "sysv") return source.queue;
  throw new CommandError(`${source.label} is a POSIX queue, whose messages cannot be copied without taking them`);
}
