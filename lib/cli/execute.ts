import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";

/** What a program is run with. */
export interface Execution {
  readonly input: Uint8Array;
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * Runs a program with the input on its stdin, our own stdout and stderr, to its end. An interrupt is passed on to it, and its end
 * awaited. Never rejects: somebody has a message in hand.
 *
 * @returns `"done"` for status 0, else what happened, as the end of a sentence.
 */
export async function execute(words: readonly string[], { input, environment, signal }: Execution): Promise<string> {
  const [file = "", ...rest] = words;
  const cannot = (error: unknown): string => `cannot be run: ${(error as Error).message}`;
  let child: ChildProcess;
  try {
    // Of some errors it tells with an event, of others by throwing.
    child = spawn(file, rest, { stdio: ["pipe", "inherit", "inherit"], env: { ...process.env, ...environment } });
  } catch (error) {
    return cannot(error);
  }
  const passOn = (): void => {
    child.kill("SIGTERM");
  };
  signal.addEventListener("abort", passOn, { once: true });
  // A program need not read its input, and there is none to write to where no descriptor was left for it.
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(input);
  try {
    return await new Promise<string>((resolve) => {
      child.once("error", (error) => {
        resolve(cannot(error));
      });
      child.once("close", (code, killer) => {
        resolve(killer !== null ? `was ended by ${killer}` : code === 0 ? "done" : `ended with status ${code ?? "?"}`);
      });
    });
  } finally {
    signal.removeEventListener("abort", passOn);
  }
}
