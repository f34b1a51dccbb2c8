/** Starts the programs at the other end of a queue and reads what they say, line by line. */
import { type ChildProcessWithoutNullStreams, type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { TestScope } from "./names.js";

/** The root of the clone; compiled tests are in `build/test/…`. */
export const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The addon of this run, for a copy of the package that has none beside it. */
export const addonFile = process.env.HOSTMQ_ADDON ?? join(root, "build/Release/hostmq.node");

/** How a program ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A running program, killed after the test if it has not ended by then. */
export interface Program {
  readonly child: ChildProcessWithoutNullStreams;
  /** The next line of its output; rejects, with what it wrote to stderr, when it has ended without another one. */
  line(): Promise<string>;
  /** All lines that are left, once it has ended. */
  rest(): Promise<string[]>;
  /** Settles when it has ended and its output has been read. */
  readonly exited: Promise<Exit>;
  /** What it wrote to stderr so far. */
  readonly stderr: string;
}

/** Starts a C program of `test/c`, compiled by `scripts/build-peers`. */
export function peer(t: TestScope, name: string, args: (string | number)[] = []): Program {
  return start(t, join(root, "build/peers", name), args);
}

/** Starts a second Node with a compiled script: `new URL("./reader.child.js", import.meta.url)`. */
export function nodeChild(t: TestScope, script: URL, args: (string | number)[] = [], flags: string[] = []): Program {
  return start(t, process.execPath, [...flags, fileURLToPath(script), ...args]);
}

/** Starts any program. */
export function start(
  t: TestScope,
  command: string,
  args: (string | number)[] = [],
  options: SpawnOptions = {},
): Program {
  const child = spawn(command, args.map(String), {
    ...options,
    env: plainEnvironment(options.env),
    stdio: "pipe",
  });
  const lines: string[] = [];
  const waiting: (() => void)[] = [];
  let ended = false;
  let stderr = "";
  const wake = (): void => {
    for (const resume of waiting.splice(0)) resume();
  };

  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    wake();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  // A program that ended before it read its input is told so by its exit.
  child.stdin.on("error", () => undefined);
  const exited = new Promise<Exit>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      resolve({ code, signal });
    });
  });
  const end = (): void => {
    ended = true;
    wake();
  };
  exited.then(end, end);

  t.after(async () => {
    child.kill("SIGKILL");
    await exited.catch(() => undefined);
  });

  const more = async (): Promise<void> => {
    await new Promise<void>((resume) => {
      waiting.push(resume);
    });
  };
  return {
    child,
    exited,
    get stderr() {
      return stderr;
    },
    async line() {
      while (lines.length === 0 && !ended) await more();
      const line = lines.shift();
      if (line !== undefined) return line;
      const { code, signal } = await exited;
      throw new Error(`${command} ${args.join(" ")} ended (${signal ?? String(code)}) without another line\n${stderr}`);
    },
    async rest() {
      await exited;
      return lines.splice(0);
    },
  };
}

/** The result of a program that was run to its end. */
export interface Outcome {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, blocking this thread. A program that cannot be started has status null. */
export function runToEnd(
  command: string,
  args: (string | number)[],
  options: { env?: NodeJS.ProcessEnv | undefined; uid?: number; gid?: number; cwd?: string; timeout?: number } = {},
): Outcome {
  const { status, signal, stdout, stderr, error } = spawnSync(command, args.map(String), {
    timeout: 120_000,
    killSignal: "SIGKILL",
    maxBuffer: 64 * 1024 * 1024,
    ...options,
    env: plainEnvironment(options.env),
    encoding: "utf8",
  });
  // These are null when the program could not be started.
  return { status, signal, stdout: error ? "" : stdout, stderr: error ? error.message : stderr };
}

/**
 * For the `skip` option of a test: false where the command succeeds, else a line that says what is missing.
 *
 * @example
 * test("Perl sends", { skip: skipUnless("Perl with IPC::Msg", "perl", ["-MIPC::Msg", "-e", "1"]) }, …)
 */
export function skipUnless(what: string, command: string, args: string[]): string | false {
  return runToEnd(command, args).status === 0 ? false : `${what} is not here`;
}

/** The environment of the test, without what would make a child Node report to this test's runner. */
function plainEnvironment(additions: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env, ...additions };
  delete environment.NODE_TEST_CONTEXT;
  return environment;
}
