import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { unfitFile } from "./addon-file.js";
import { buildCommand } from "./build-command.js";
import { loadError } from "./errors/failure.js";
import { packageFolder } from "./package-folder.js";

/**
 * Where the addon is looked for, in this order: the file that `HOSTMQ_ADDON` names and nothing else when it is set, a local
 * build, the prebuilt file for this platform and architecture.
 */
function candidates(): string[] {
  const explicit = process.env.HOSTMQ_ADDON;
  if (explicit !== undefined && explicit !== "") return [explicit];
  return [
    "build/Release/hostmq.node",
    "build/Debug/hostmq.node",
    `prebuilds/${process.platform}-${process.arch}/hostmq.node`,
  ].map((path) => join(packageFolder, path));
}

/** The platforms for which this copy of the package has a prebuilt file. */
function shipped(): string[] {
  const folder = join(packageFolder, "prebuilds");
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((platform) => existsSync(join(folder, platform, "hostmq.node")));
}

/** Loads the first addon that can be loaded, or throws what was tried. */
export function loadAddon(): unknown {
  const tried: { path: string; reason: string }[] = [];
  for (const path of candidates()) {
    try {
      return freshInstance(path);
    } catch (error) {
      tried.push({ path, reason: whyNot(path, error) });
    }
  }
  const explicit = process.env.HOSTMQ_ADDON === tried[0]?.path;
  const host = { platform: process.platform, arch: process.arch, libc: libc(), runtime: runtime() };
  throw loadError({ ...host, tried, explicit, shipped: shipped(), build: buildCommand() });
}

/** The loader's words where nothing better is known; it repeats the path. */
function whyNot(path: string, error: unknown): string {
  if (!existsSync(path)) return "no such file";
  const reason = error instanceof Error ? error.message : String(error);
  return unfitFile(path) ?? (reason.startsWith(`${path}: `) ? reason.slice(path.length + 2) : reason);
}

/**
 * One for each copy of this package, and not the one that `require` shares between all who name the same file: the memory
 * that the addon writes to and the channel on which it reports are those of one copy.
 */
function freshInstance(path: string): unknown {
  const module = { exports: {} };
  process.dlopen(module, path);
  return module.exports;
}

/** musl's loader has its own name; asking for it needs no program to be run. */
function libc(): string | undefined {
  if (process.platform !== "linux") return undefined;
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime === undefined ? "musl" : "glibc";
}

function runtime(): string {
  const { bun, deno, node } = process.versions;
  if (bun !== undefined) return `bun ${bun}`;
  return deno === undefined ? `node ${node}` : `deno ${deno}`;
}
