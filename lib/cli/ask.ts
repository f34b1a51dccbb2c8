import { createInterface } from "node:readline/promises";

/** Asks the person at the terminal; anything but yes is no. */
export async function ask(question: string, signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // In raw mode Ctrl-C is a key: readline gives it to us.
    terminal.once("SIGINT", () => {
      process.kill(process.pid, "SIGINT");
    });
    return /^y(es)?$/i.test((await terminal.question(question, { signal })).trim());
  } finally {
    terminal.close();
  }
}
