import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { CommandError } from "./exit.js";

/** How many messages of the file were sent, in a file beside it. A kill leaves it; a power failure takes the queue as well. */
export class RestoreProgress {
  readonly #path: string;
  readonly #label: string;
  #done = 0;

  constructor(path: string, label: string, again: boolean) {
    this.#path = path;
    this.#label = label;
    if (!again && existsSync(path)) this.#done = parseProgress(readFileSync(path, "utf8"), label, path);
  }

  get done(): number {
    return this.#done;
  }

  sent(): void {
    this.#done++;
    // One write of a few bytes at a fixed width: a kill leaves the old number or the new one.
    const text = JSON.stringify({ queue: this.#label, sent: this.#done });
    writeFileSync(this.#path, text.padEnd(512), { flag: existsSync(this.#path) ? "r+" : "w" });
  }

  finish(): void {
    rmSync(this.#path, { force: true });
  }
}

/**
 * Reads how many messages were sent to this queue; `path` is for messages.
 *
 * @throws CommandError when it tells of another queue, or is no such file.
 */
export function parseProgress(text: string, label: string, path: string): number {
  // Killed between making the file and writing to it: nothing was noted.
  if (text === "") return 0;
  const { queue, sent } = noted(text);
  if (typeof queue !== "string" || typeof sent !== "number" || !Number.isSafeInteger(sent) || sent < 0)
    throw new CommandError(`${path} does not tell how far a restore came`, "Begin anew with --again.");
  if (queue !== label)
    throw new CommandError(
      `${path} tells of an unfinished restore to ${queue}`,
      "Finish that one, or begin anew with --again.",
    );
  return sent;
}

function noted(text: string): { queue?: unknown; sent?: unknown } {
  try {
    return (JSON.parse(text) as { queue?: unknown; sent?: unknown } | null) ?? {};
  } catch {
    return {};
  }
}
