import { spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageFolder } from "../package-folder.js";
import { CommandError } from "./exit.js";
import type { Status } from "./exit.js";

const main = join(packageFolder, "dist/cli/main.js");

/** Runs the command again where an mqueue filesystem is mounted that nobody else sees. */
export function inMountNamespace(words: readonly string[]): Status {
  const folder = mkdtempSync(join(tmpdir(), "hostmq-mount-"));
  try {
    const script = 'mount -t mqueue none "$1" && shift && exec "$@"';
    const { status, error } = spawnSync(
      "unshare",
      ["--mount", "sh", "-c", script, "sh", folder, process.execPath, main, ...words],
      {
        stdio: "inherit",
      },
    );
    if (error !== undefined)
      throw new CommandError(`cannot run unshare: ${error.message}`, "It is part of util-linux.");
    return status ?? 1;
  } finally {
    rmdirSync(folder);
  }
}
