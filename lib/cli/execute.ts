import { spawn } from "node:child_process";
import { constants } from "node:os";
import { exitStatus } from "./exit.js";
import type { Status } from "./exit.js";

/** What a program is run with. */
export interface Execution {
  readonly input: Uint8Array;
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** How a program ended. */
export interface Ending {
  /** As a shell tells it: 128 and its number for a signal. */
  readonly status: Status;
  /** What happened, as the end of a sentence; undefined for status 0. */
  readonly failure?: string;
}

/**
 * Runs a program with the input on its stdin, our own stdout and stderr, to its end. An interrupt is passed on to it, and its end
 * awaited. Never rejects: somebody has a message in hand.
 */
export async function execute(words: readonly string[], { input, environment, signal }: Execution): Promise<Ending> {
  const [file = "", ...rest] = words;
  const cannot = (error: unknown): Ending => ({
    status: exitStatus.error,
    failure: `cannot be run: ${(error as Error).message}`,
  });
  let child: ReturnType<typeof spawn>;
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
    return await new Promise<Ending>((resolve) => {
      child.once("error", (error) => {
        resolve(cannot(error));
      });
      child.once("close", (code, killer) => {
        if (killer !== null) resolve({ status: 128 + constants.signals[killer], failure: `was ended by ${killer}` });
        else if (code === 0) resolve({ status: exitStatus.done });
        else resolve({ status: code ?? exitStatus.error, failure: `ended with status ${code ?? "?"}` });
      });
    });
  } finally {
    signal.removeEventListener("abort", passOn);
  }
}
