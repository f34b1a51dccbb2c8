import type { Status } from "./exit.js";
import type { Output } from "./output.js";

/** An argument: `<queue>` is needed, `[body]` may be left out, `<queue...>` takes several. */
export interface ArgumentText {
  readonly name: string;
  readonly description: string;
  /** A message: whatever somebody wants to send, which may begin with a dash. */
  readonly isBody?: true;
}

/** An option. */
export interface OptionText {
  /** For instance `-n, --count <n>`. */
  readonly flags: string;
  readonly description: string;
  /** Reads and checks the value; throws UsageError. */
  readonly parse?: (text: string) => unknown;
  /** The value is one of these. */
  readonly choices?: readonly string[];
  /** May be given again: the value is a list. */
  readonly repeated?: true;
}

/** A line to type, and what it does. */
export interface Example {
  readonly does: string;
  readonly line: string;
}

/** A part of the manual: a heading and paragraphs. */
export interface Section {
  readonly title: string;
  readonly paragraphs: readonly string[];
}

/** What a command has at hand when it runs. */
export interface Context {
  readonly output: Output;
  /** Aborted with an {@link Interrupted} by SIGINT, SIGTERM and SIGHUP. */
  readonly signal: AbortSignal;
}

/** A subcommand: help, manual page, completions and the parsing of arguments are all made from this. */
export interface Command<Options extends object = object> {
  readonly name: string;
  readonly summary: string;
  /** Paragraphs. */
  readonly description: readonly string[];
  readonly arguments: readonly ArgumentText[];
  readonly options: readonly OptionText[];
  readonly examples: readonly Example[];
  readonly sections?: readonly Section[];
  /** What comes behind the first argument is another command's, options and all. */
  readonly passThrough?: true;
  run(words: readonly string[], options: Options, context: Context): Promise<Status> | Status;
}

/** Types a command's options. */
export function defineCommand<Options extends object>(command: Command<Options>): Command<Options> {
  return command;
}
