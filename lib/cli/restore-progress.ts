import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { DumpHeader } from "./dump-file.js";
import { CommandError } from "./exit.js";

/** How many messages of the file were sent, in a file beside it. A kill leaves it; a power failure takes the queue as well. */
export class RestoreProgress {
  readonly #path: string;
  readonly #task: RestoreTask;
  #done = 0;

  constructor(dump: string, task: RestoreTask, again: boolean) {
    this.#path = progressPath(dump);
    this.#task = task;
    if (!again && existsSync(this.#path))
      this.#done = parseProgress(readFileSync(this.#path, "utf8"), task, this.#path);
  }

  get done(): number {
    return this.#done;
  }

  sent(): void {
    this.#done++;
    // One write of a few bytes at a fixed width: a kill leaves the old number or the new one.
    const text = JSON.stringify({ queue: this.#task.queue, at: this.#task.at, sent: this.#done });
    // The first one writes over whatever an earlier restore has left, which may be longer.
    writeFileSync(this.#path, text.padEnd(512), { flag: this.#done > 1 && existsSync(this.#path) ? "r+" : "w" });
  }

  finish(): void {
    rmSync(this.#path, { force: true });
  }
}

/** What is restored: the dump by the time at which it was made, for the file may be made anew; and the queue it goes to. */
export type RestoreTask = Pick<DumpHeader, "queue" | "at">;

/** Lets go of what a restore of an earlier file of this name has noted. */
export function forgetProgress(dump: string): void {
  rmSync(progressPath(dump), { force: true });
}

const progressPath = (dump: string): string => `${dump}.restored`;

/**
 * Reads how many messages of this dump were sent to this queue; `path` is for messages.
 *
 * @throws CommandError when it tells of another queue, or is no such file.
 */
export function parseProgress(text: string, task: RestoreTask, path: string): number {
  // Killed between making the file and writing to it: nothing was noted.
  if (text === "") return 0;
  const { queue, at, sent } = noted(text);
  if (typeof queue !== "string" || typeof sent !== "number" || !Number.isSafeInteger(sent) || sent < 0)
    throw new CommandError(`${path} does not tell how far a restore came`, "Begin anew with --again.");
  // Of the dump that the file had before.
  if (at !== task.at) return 0;
  if (queue !== task.queue)
    throw new CommandError(
      `${path} tells of an unfinished restore to ${queue}`,
      "Finish that one, or begin anew with --again.",
    );
  return sent;
}

function noted(text: string): { queue?: unknown; at?: unknown; sent?: unknown } {
  try {
    return (JSON.parse(text) as { queue?: unknown; at?: unknown; sent?: unknown } | null) ?? {};
  } catch {
    return {};
  }
}
