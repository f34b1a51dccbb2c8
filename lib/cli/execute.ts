import { spawn } from "node:child_process";

/** What a program is run with. */
export interface Execution {
  readonly input: Uint8Array;
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * Runs a program with the input on its stdin, our own stdout and stderr, to its end. An interrupt is passed on to it, and its end
 * awaited.
 *
 * @returns `"done"` for status 0, else what happened, as the end of a sentence.
 */
export async function execute(words: readonly string[], { input, environment, signal }: Execution): Promise<string> {
  const [file = "", ...rest] = words;
  const child = spawn(file, rest, { stdio: ["pipe", "inherit", "inherit"], env: { ...process.env, ...environment } });
  const passOn = (): void => {
    child.kill("SIGTERM");
  };
  signal.addEventListener("abort", passOn, { once: true });
  // A program need not read its input.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  try {
    return await new Promise<string>((resolve) => {
      child.once("error", (error) => {
        resolve(`cannot be run: ${error.message}`);
      });
      child.once("close", (code, killer) => {
        resolve(killer !== null ? `was ended by ${killer}` : code === 0 ? "done" : `ended with status ${code ?? "?"}`);
      });
    });
  } finally {
    signal.removeEventListener("abort", passOn);
  }
}
