/** What a child tells a test of the errors that it met. */
import { QueueError } from "hostmq";

/** An error as it came out, with everything that a program can look at. */
export interface Described {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
  readonly errno: number | undefined;
  readonly syscall: string | undefined;
  readonly queue: string | undefined;
  readonly hint: string | undefined;
}

/** Runs something that must fail and tells how it did. */
export async function described(action: () => unknown): Promise<Described> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof QueueError)) throw error;
    const { name, message, code, errno, syscall, queue, hint } = error;
    return { name, message, code, errno, syscall, queue, hint };
  }
  throw new Error(`nothing failed: ${String(action)}`);
}
