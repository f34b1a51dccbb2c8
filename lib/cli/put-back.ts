import { toJson } from "./envelope.js";
import { CommandError } from "./exit.js";
import { printableJson } from "./printable.js";
import { openQueue } from "./queues.js";
import type { OpenQueue } from "./queues.js";
import { sendTo } from "./transfer.js";
import type { Received } from "./transfer.js";

const patience = 2000;

/**
 * Sends a message that was taken back to its queue. Room was there a moment ago, but a sender that waits may have had it at once.
 *
 * @throws CommandError that shows the message, when it is in no queue any more.
 */
export async function putBack(source: OpenQueue, message: Received): Promise<void> {
  try {
    // A POSIX queue is often opened for reading only.
    const target = source.kind === "sysv" ? source : await openQueue(source.label, "write");
    try {
      // Not to be interrupted: that is one reason for putting back.
      await sendTo(target, message, { timeout: patience, signal: new AbortController().signal });
    } finally {
      if (target !== source) target.queue.close();
    }
  } catch (error) {
    throw new CommandError(
      `a message cannot be put back: ${(error as Error).message}; this line is for hostmq send --jsonl ${source.label}:`,
      printableJson(JSON.stringify(toJson(message))),
    );
  }
}

/** Does the work for which the message was taken; when that throws, the message goes back first. */
export async function orPutBack<Result>(
  source: OpenQueue,
  message: Received,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    await putBack(source, message);
    throw error;
  }
}
