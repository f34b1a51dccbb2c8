import { spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageFolder } from "../package-folder.js";
import { CommandError } from "./exit.js";
import type { Status } from "./exit.js";

const mount = 'mount -t mqueue none "$1"';
const main = join(packageFolder, "dist/cli/main.js");

/** Runs the command again where an mqueue filesystem is mounted that nobody else sees. */
export function inMountNamespace(words: readonly string[]): Status {
  const folder = mkdtempSync(join(tmpdir(), "hostmq-mount-"));
  try {
    checkAllowed(folder);
    const script = `${mount} && shift && exec "$@"`;
    const { status } = spawnSync(
      "unshare",
      ["--mount", "sh", "-c", script, "sh", folder, process.execPath, main, ...words],
      { stdio: "inherit" },
    );
    return status ?? 1;
  } finally {
    rmdirSync(folder);
  }
}

/** Tried, and not asked by user id: root of a container may not mount either. */
function checkAllowed(folder: string): void {
  const { status, error, stderr } = spawnSync("unshare", ["--mount", "sh", "-c", mount, "sh", folder], {
    encoding: "utf8",
  });
  if (error !== undefined) throw new CommandError(`cannot run unshare: ${error.message}`, "It is part of util-linux.");
  if (status === 0) return;
  throw new CommandError(
    `--mount needs root: ${stderr.trim()}`,
    "Use sudo, or a container that may mount; hostmq ls shows the queues that are held open, hostmq stat /name finds one by its name.",
  );
}
