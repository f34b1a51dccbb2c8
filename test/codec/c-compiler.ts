import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of this process that vanishes with it. */
export const workshop = mkdtempSync(join(tmpdir(), "hostmq-codec-"));
process.on("exit", () => {
  rmSync(workshop, { recursive: true, force: true });
});

export interface Compiled {
  readonly ok: boolean;
  readonly output: string;
}

export function compileWith(
  compiler: string,
  args: readonly string[],
  source: string,
  suffix: ".c" | ".cc" = ".c",
): Compiled {
  const file = join(workshop, `source${suffix}`);
  writeFileSync(file, source);
  const { status, stdout, stderr, error } = spawnSync(compiler, [...args, "-I", workshop, file], { encoding: "utf8" });
  if (error) throw error;
  return { ok: status === 0, output: stdout + stderr };
}
