import { existsSync, realpathSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { packageFolder } from "./package-folder.js";

/**
 * What to type here, in the current folder, so that `hostmq build` of this copy of the package runs: by the project's own
 * package manager where the project has this copy, else by the path of the command.
 */
export function buildCommand(): string {
  if (isTheProjects()) {
    if (packageFolder.includes("/.pnpm/")) return "pnpm exec hostmq build";
    return process.versions.bun === undefined ? "npx hostmq build" : "bunx hostmq build";
  }
  const script = join(packageFolder, "dist/cli/main.js");
  const fromHere = relative(process.cwd(), script);
  const path = fromHere.startsWith("..") ? script : fromHere;
  return `node ${/^[\w./@+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`} build`;
}

/** Whether `hostmq`, looked up as a dependency from the current folder, is this copy. */
function isTheProjects(): boolean {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const copy = join(folder, "node_modules/hostmq");
    if (existsSync(copy)) return realpathSync(copy) === realpathSync(packageFolder);
    if (folder === dirname(folder)) return false;
  }
}
