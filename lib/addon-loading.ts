import { fileURLToPath } from "node:url";
import { loadError } from "./errors/failure.js";

/**
 * Where the addon is looked for, in this order: the file that `HOSTMQ_ADDON` names and nothing else when it is set, a local
 * build, the prebuilt file for this platform and architecture.
 */
function candidates(): string[] {
  const explicit = process.env.HOSTMQ_ADDON;
  if (explicit !== undefined && explicit !== "") return [explicit];
  const root = new URL("..", import.meta.url);
  return [
    "build/Release/hostmq.node",
    "build/Debug/hostmq.node",
    `prebuilds/${process.platform}-${process.arch}/hostmq.node`,
  ].map((path) => fileURLToPath(new URL(path, root)));
}

/** Loads the first addon that can be loaded, or throws what was tried. */
export function loadAddon(): unknown {
  const tried: { path: string; reason: string }[] = [];
  for (const path of candidates()) {
    try {
      return freshInstance(path);
    } catch (error) {
      tried.push({ path, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  throw loadError({ tried, platform: process.platform, arch: process.arch, libc: libc(), runtime: runtime() });
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
