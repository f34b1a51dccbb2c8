import { Command as Parser, CommanderError, InvalidArgumentError, Option } from "commander";
import { QueueError, QueueTimeoutError } from "../errors/queue-error.js";
import type { Command, Context, OptionText } from "./command.js";
import {
  CommandError,
  exitStatus,
  Interrupted,
  OutputClosedError,
  PartlyDone,
  ProgramError,
  UsageError,
} from "./exit.js";
import type { Status } from "./exit.js";
import { inCommandWords } from "./hints.js";
import { commands } from "./manifest.js";
import { Output } from "./output.js";
import { printable } from "./printable.js";
import { didYouMean } from "./values.js";

const tagline = "POSIX and System V message queues from the shell";
const endingSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Runs a command line and ends the process with its status, or by the signal that interrupted it. */
export async function runToExit(words: readonly string[]): Promise<never> {
  const output = new Output();
  const abort = new AbortController();
  // A second one finds no handler and ends the process on the spot.
  for (const signal of endingSignals)
    process.once(signal, () => {
      abort.abort(new Interrupted(signal));
    });
  let status: Status;
  try {
    status = await runCommandLine(words, { output, signal: abort.signal });
  } catch (error) {
    status = report(error, output, words);
  }
  output.endProgress();
  const { reason } = abort.signal as { reason: unknown };
  if (reason instanceof Interrupted) {
    // The shell sees that a signal ended the command, as of any other one.
    process.removeAllListeners(reason.signal);
    process.kill(process.pid, reason.signal);
    await new Promise(() => setTimeout(() => undefined, 1000));
  }
  process.exit(status);
}

async function runCommandLine(words: readonly string[], context: Context): Promise<Status> {
  const name = words.find((word) => !word.startsWith("-"));
  const asksForHelp = name === undefined || name === "help";
  if (asksForHelp) return await help(words, context);
  if (words[0] !== name) throw new UsageError(`${words[0] ?? ""} must come after a command${tryHelp()}`);
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry === undefined) {
    throw new UsageError(`there is no command "${name}"${didYouMean(name, Object.keys(commands))}${tryHelp()}`);
  }
  const command = await entry.load();
  return await parseAndRun(command, words.slice(1), context);
}

const tryHelp = (): string => "; hostmq --help lists the commands";

async function help(words: readonly string[], { output }: Context): Promise<Status> {
  const [first = "--help", topic] = words;
  if (topic !== undefined && first === "help") {
    const entry = Object.hasOwn(commands, topic) ? commands[topic] : undefined;
    if (entry === undefined)
      throw new UsageError(`there is no command "${topic}"${didYouMean(topic, Object.keys(commands))}`);
    await output.data(parserOf(await entry.load(), () => undefined).helpInformation() + moreHelp(await entry.load()));
    return exitStatus.done;
  }
  if (!["--help", "-h", "help"].includes(first)) {
    throw new UsageError(`there is no option "${first}"${didYouMean(first, ["--help", "--version"])}${tryHelp()}`);
  }
  await output.data(overview());
  // Called with nothing at all is a slip, and a script should notice.
  return words.length === 0 ? exitStatus.usage : exitStatus.done;
}

function overview(): string {
  const names = Object.keys(commands);
  const width = Math.max(...names.map((name) => name.length));
  return [
    "Usage: hostmq <command> [options]",
    "",
    `${tagline.charAt(0).toUpperCase()}${tagline.slice(1)}.`,
    "",
    "Commands:",
    ...names.map((name) => `  ${name.padEnd(width)}  ${commands[name]?.summary ?? ""}`),
    "",
    "Options:",
    "  -h, --help     show this help",
    "  -V, --version  print the version",
    "",
    "A queue is named /name (POSIX), key:0x1234, id:5 or ftok:PATH:ID (System V).",
    "A time is 500ms, 2s, 1.5m, 1h or 1d, a bare number seconds; a size 8192, 8k or 1M bytes.",
    `Exit status: ${exitStatus.done} done, ${exitStatus.error} an error, ${exitStatus.usage} called wrongly, ${exitStatus.nothing} timed out or nothing there.`,
    "hostmq <command> --help tells more, and man hostmq all of it.",
    "",
  ].join("\n");
}

async function parseAndRun(command: Command, words: readonly string[], context: Context): Promise<Status> {
  let status: Status = exitStatus.done;
  const parser = parserOf(command, async (given, options) => {
    status = await command.run(given, options, context);
  });
  let said = "";
  parser.configureOutput({ writeOut: (text) => (said += text), writeErr: () => undefined });
  try {
    await parser.parseAsync(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === "commander.helpDisplayed") {
      await context.output.data(said + moreHelp(command));
      return exitStatus.done;
    }
    throw new UsageError(saidByParser(error, command));
  }
  return status;
}

/** What commander said in sentences, as a part of ours. */
function saidByParser({ code, message }: CommanderError, command: Command): string {
  const said = message
    .replace(/^error: /, "")
    .replace(/[.\n]+$/, "")
    .replace(". Expected", ": expected")
    .replace(" is invalid. ", " is invalid: ")
    .replace("\n", " ");
  const takesBody = command.arguments.some(({ isBody }) => isBody);
  const isSlip = message.includes("Did you mean");
  return code === "commander.unknownOption" && takesBody && !isSlip
    ? `${said} (a body that begins with a dash comes behind --)`
    : said;
}

/** A parser for one command: commander's, without its own ways of ending the process. */
export function parserOf(
  command: Command,
  run: (words: readonly string[], options: object) => Promise<void> | undefined,
): Parser {
  const parser = new Parser(`hostmq ${command.name}`).exitOverride().helpOption("-h, --help", "show this help");
  parser.description(command.description.join("\n\n"));
  parser.configureHelp({ helpWidth: 100 });
  for (const { name, description } of command.arguments) parser.argument(name, description);
  for (const option of command.options) parser.addOption(optionOf(option));
  if (command.passThrough === true) parser.passThroughOptions();
  return parser.action(async (...given: unknown[]) => {
    // commander hands over each argument, then the options, then itself.
    const options = given.at(-2) as object;
    await run(
      given
        .slice(0, -2)
        .flat()
        .filter((word) => word !== undefined) as string[],
      options,
    );
  });
}

function optionOf({ flags, description, parse, choices, repeated }: OptionText): Option {
  const text = choices === undefined ? description : `${description} (${choices.join(", ")})`;
  const option = new Option(flags, text);
  if (parse === undefined && choices === undefined && repeated === undefined) return option;
  return option.argParser((value: string, before: unknown) => {
    const parsed = read(parse ?? choiceReader(choices), value);
    return repeated === true ? [...((before as unknown[] | undefined) ?? []), parsed] : parsed;
  });
}

function choiceReader(choices: readonly string[] | undefined): (text: string) => string {
  return (text) => {
    if (choices === undefined || choices.includes(text)) return text;
    throw new UsageError(`one of ${choices.join(", ")} is needed${didYouMean(text, choices)}`);
  };
}

function read(parse: (text: string) => unknown, value: string): unknown {
  try {
    return parse(value);
  } catch (error) {
    if (error instanceof UsageError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}

function moreHelp({ sections = [], examples }: Command): string {
  const parts = sections.map(
    ({ title, paragraphs }) => `\n${title}:\n${paragraphs.map((text) => wrap(text, 2)).join("\n\n")}\n`,
  );
  const lines = examples.map(({ does, line }) => `  # ${does}\n  ${line}\n`);
  return `${parts.join("")}\nExamples:\n${lines.join("\n")}`;
}

function wrap(text: string, indent: number): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && indent + line.length + 1 + word.length > 100) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each) => " ".repeat(indent) + each).join("\n");
}

/** Says what went wrong; gives the status for it. */
function report(error: unknown, output: Output, words: readonly string[]): Status {
  if (error instanceof OutputClosedError) return exitStatus.done;
  // The cause is the signal's reason, where Node's own AbortError wraps it.
  if (error instanceof Interrupted || (error instanceof Error && error.cause instanceof Interrupted))
    return exitStatus.error;
  if (error instanceof UsageError) {
    const name = words[0] !== undefined && Object.hasOwn(commands, words[0]) ? words[0] : undefined;
    output.complain(`${printable(error.message)}${name === undefined ? "" : `; see hostmq ${name} --help`}`);
    return exitStatus.usage;
  }
  if (error instanceof PartlyDone) {
    const status = report(error.cause, output, words);
    output.talk(`hostmq: ${error.message}`);
    return status;
  }
  const message = error instanceof Error ? error.message : String(error);
  output.complain(worded(error, message));
  if (error instanceof CommandError && error.hint !== undefined) output.talk(error.hint);
  if (process.env.HOSTMQ_DEBUG !== undefined && error instanceof Error) output.complain(error.stack ?? "");
  if (error instanceof QueueTimeoutError) return exitStatus.nothing;
  if (!(error instanceof QueueError) && !(error instanceof CommandError) && !isExpected(error)) {
    output.talk("(HOSTMQ_DEBUG=1 shows where this happened)");
  }
  return exitStatus.error;
}

function worded(error: unknown, message: string): string {
  if (error instanceof ProgramError) return message;
  return error instanceof CommandError ? printable(message) : inCommandWords(message);
}

/** Errors of the system and of the argument checks explain themselves. */
function isExpected(error: unknown): boolean {
  return error instanceof Error && "code" in error;
}
