/** How the command ends: documented in its manual, and what scripts rely on. */
export const exitStatus = {
  done: 0,
  error: 1,
  usage: 2,
  /** Timed out, or there was nothing. */
  nothing: 3,
} as const;

/** Any of {@link exitStatus}, or what a program that was run ended with. */
export type Status = number;

/** The command was called wrongly: exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The command cannot be carried out, for a reason that is nobody's errno: exit status 1. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** The same, told by another program in lines of its own. */
export class ProgramError extends CommandError {}

/** The command did only some of what was asked for; what stopped it is the cause, and decides the status. */
export class PartlyDone extends Error {
  override readonly name = "PartlyDone";
}

/** Whoever reads our output has gone. That is no error: `hostmq ls | head -1`. */
export class OutputClosedError extends Error {
  override readonly name = "OutputClosedError";
}

/** A signal asked the command to end. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  readonly signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`);
    this.signal = signal;
  }
}
