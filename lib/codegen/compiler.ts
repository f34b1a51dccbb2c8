import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { CodegenOptions } from "./options.js";

const run = promisify(execFile);

/** Names of the variables through which the compiler is asked; `n` counts the types. */
export const PROBE = {
  type: (n: number): string => `hostmq_type_${n}`,
  alignment: (n: number): string => `hostmq_alignment_${n}`,
  long: "hostmq_long",
  longLong: "hostmq_long_long",
} as const;

/**
 * Has the compiler compile one variable of every type asked for, and gives what it wrote about them as DWARF, printed.
 *
 * @throws Error when a program is missing, or the compiler refuses: its own words are in the message.
 */
export async function askCompiler(options: CodegenOptions): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "hostmq-codegen-"));
  try {
    const source = join(folder, "probe.c");
    const object = join(folder, "probe.o");
    await writeFile(source, probeSource(options));
    const { compiler = "gcc", flags = [], cwd = process.cwd() } = options;
    const args = ["-g", "-O0", "-w", "-I", cwd, ...flags, "-x", "c", "-c", source, "-o", object];
    await call(compiler, args, cwd);
    return await call(options.readelf ?? "readelf", ["--debug-dump=info", object], cwd);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function probeSource({ headers, types }: CodegenOptions): string {
  const lines = headers.map((header) => `#include ${/^[<"]/.test(header) ? header : `"${header}"`}`);
  types.forEach((type, n) => {
    lines.push(`${type} ${PROBE.type(n)};`, `char ${PROBE.alignment(n)}[__alignof__(${type})];`);
  });
  lines.push(`char ${PROBE.long}[sizeof(long)];`);
  lines.push(`char ${PROBE.longLong}[__builtin_offsetof(struct { char c; long long l; }, l)];`);
  return `${lines.join("\n")}\n`;
}

async function call(program: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    const { stdout } = await run(program, args, { cwd, env: { ...process.env, LC_ALL: "C" }, maxBuffer: 2 ** 28 });
    return stdout;
  } catch (cause) {
    const { code, stderr } = cause as { code?: string | number; stderr?: string };
    if (code === "ENOENT") {
      const install = program === "readelf" ? "binutils" : program;
      throw new Error(`${program} is not there; hostmq/codegen asks it for the layout. Install ${install}`, { cause });
    }
    throw new Error(`${program} refuses: ${(stderr ?? "").trim() || String(cause)}`, { cause });
  }
}
