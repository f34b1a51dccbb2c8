import { spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// On its own, because what it is there for does not work yet: it must not load what loads the addon.
const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Compiles the addon into `build/Release` of this package, where it is found before the prebuilt file: with node-gyp, which
 * comes with npm, or with cmake-js where that is what the machine has.
 *
 * @returns the status of the compiling program; 1 when there is none.
 */
export function buildAddon(): number {
  // Bun and Deno run programs made for Node, but node-gyp asks `node` for its headers.
  const node = process.versions.bun === undefined && process.versions.deno === undefined ? process.execPath : "node";
  const words = nodeGyp(node) ?? cmakeJs(node);
  if (words === undefined) {
    console.error(
      "hostmq: neither node-gyp nor cmake-js is here. Install one of them: npm install --save-dev node-gyp",
    );
    return 1;
  }
  console.error(`hostmq: ${words.join(" ")}`);
  const [command = "", ...rest] = words;
  const { status, error } = spawnSync(command, rest, { cwd: root, stdio: "inherit" });
  if (error !== undefined) console.error(`hostmq: ${error.message}`);
  if (status === 0) console.error(`hostmq: compiled ${join(root, "build/Release/hostmq.node")}`);
  return status ?? 1;
}

function nodeGyp(node: string): string[] | undefined {
  const entry = "bin/node-gyp.js";
  const script = installed(`node-gyp/${entry}`) ?? ofNpm(`node_modules/node-gyp/${entry}`);
  const program = script === undefined ? onPath("node-gyp") : undefined;
  if (script === undefined && program === undefined) return undefined;
  // Saves the download where the headers came with Node itself.
  const nodeRoot = join(dirname(realpathSync(process.execPath)), "..");
  const headers = existsSync(join(nodeRoot, "include/node/node_api.h")) ? [`--nodedir=${nodeRoot}`] : [];
  return [...(script === undefined ? [program ?? ""] : [node, script]), "rebuild", ...headers];
}

function cmakeJs(node: string): string[] | undefined {
  const script = installed("cmake-js/bin/cmake-js");
  const program = onPath("cmake-js");
  if (script === undefined && program === undefined) return undefined;
  return [...(script === undefined ? [program ?? ""] : [node, script]), "rebuild"];
}

/** A file of a package that is installed beside us or in the project that is worked on. */
function installed(file: string): string | undefined {
  for (const from of [root, `${process.cwd()}/`]) {
    try {
      return createRequire(from).resolve(file);
    } catch {
      // Not there.
    }
  }
  return undefined;
}

/** A file of the npm that is on PATH. */
function ofNpm(file: string): string | undefined {
  const npm = onPath("npm");
  const path = npm && join(dirname(realpathSync(npm)), "..", file);
  return path !== undefined && existsSync(path) ? path : undefined;
}

function onPath(program: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}
