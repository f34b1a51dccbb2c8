/** Runs the built `hostmq` command, at the end of pipes or in a terminal. */
import { spawnSync } from "node:child_process";
import type { SpawnOptions } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestScope } from "./names.js";
import { type Outcome, type Program, root, start } from "./peers.js";

/** The file behind the command. */
export const command = join(root, "dist/cli/main.js");

/** What a run may be given. */
export interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
}

/** Runs `hostmq` with these words to its end. */
export function hostmq(words: (string | number)[], options: RunOptions = {}): Outcome {
  const { stdoutBytes, ...outcome } = hostmqBytes(words, options);
  return { ...outcome, stdout: stdoutBytes.toString("utf8") };
}

/** The same, for output that is no text. */
export function hostmqBytes(
  words: (string | number)[],
  { input = "", env, uid }: RunOptions = {},
): Omit<Outcome, "stdout"> & { stdoutBytes: Buffer } {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [command, ...words.map(String)], {
    input,
    env: environment(env),
    ...(uid === undefined ? {} : { uid, gid: uid, cwd: "/" }),
    timeout: 120_000,
    killSignal: "SIGKILL",
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status, signal, stdoutBytes: stdout, stderr: stderr.toString("utf8") };
}

/** Starts `hostmq`; it is killed after the test. */
export function startHostmq(t: TestScope, words: (string | number)[], options: SpawnOptions = {}): Program {
  return start(t, process.execPath, [command, ...words], options);
}

/** Runs a line of shell in which `hostmq` is the command. */
export function shell(line: string, env: NodeJS.ProcessEnv = {}, input: string | Uint8Array = ""): Outcome {
  // A program, so that xargs and completions find it too.
  const bin = mkdtempSync(join(tmpdir(), "bin-"));
  writeFileSync(join(bin, "hostmq"), `#!/bin/sh\nexec '${process.execPath}' '${command}' "$@"\n`, { mode: 0o755 });
  try {
    return runShell(line, { ...env, PATH: `${bin}:${process.env.PATH ?? ""}` }, input);
  } finally {
    rmSync(bin, { recursive: true });
  }
}

function runShell(line: string, env: NodeJS.ProcessEnv, input: string | Uint8Array): Outcome {
  const { status, signal, stdout, stderr } = spawnSync("bash", ["-c", line], {
    encoding: "utf8",
    input,
    env: environment(env),
    timeout: 1_200_000,
    killSignal: "SIGKILL",
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status, signal, stdout, stderr };
}

// Gives the program a terminal of 80 columns as stdin, stdout and stderr, types each text as soon as its prompt was seen, and
// passes on what the terminal shows. The status is the program's own, or 128 and the signal.
const pty = `
import os, pty, sys, select, struct, fcntl, termios, time
steps = [s.split("=>", 1) for s in sys.argv[1].split("|||") if s]
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
seen = b""
end = time.monotonic() + 60
while time.monotonic() < end:
    if select.select([fd], [], [], 0.05)[0]:
        try: data = os.read(fd, 65536)
        except OSError: break
        if not data: break
        seen += data
        os.write(1, data)
    if steps and steps[0][0].encode() in seen:
        seen = seen.split(steps[0][0].encode(), 1)[1]
        os.write(fd, steps.pop(0)[1].encode().decode("unicode_escape").encode())
status = os.waitpid(pid, 0)[1]
sys.exit(os.waitstatus_to_exitcode(status) % 256 if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
`;

/** For the `skip` option of tests that need a terminal. */
export const noTerminal =
  spawnSync("python3", ["-c", "import pty"]).status === 0 ? false : "needs python3 for a terminal";

/**
 * Runs `hostmq` in a terminal. Each step waits for a text and then types another one (with Python's escapes: `\\x03` is Ctrl-C).
 * What the terminal shows, both streams together, is in `stdout`.
 */
export function inTerminal(
  words: (string | number)[],
  steps: readonly (readonly [seen: string, type: string])[] = [],
  env: NodeJS.ProcessEnv = {},
): Outcome {
  const script = steps.map(([seen, type]) => `${seen}=>${type}`).join("|||");
  const { status, signal, stdout, stderr } = spawnSync(
    "python3",
    ["-c", pty, script, process.execPath, command, ...words.map(String)],
    { encoding: "utf8", env: environment({ TERM: "xterm", ...env }), timeout: 90_000, killSignal: "SIGKILL" },
  );
  return { status, signal, stdout, stderr };
}

function environment(additions: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env, ...additions };
  delete environment.NODE_TEST_CONTEXT;
  if (additions.NO_COLOR === undefined) delete environment.NO_COLOR;
  return environment;
}
