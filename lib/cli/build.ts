import { spawn } from "node:child_process";
import { accessSync, constants, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { environmentOf, toolFor } from "./build-tools.js";
import type { BuildTool } from "./build-tools.js";
import { defineCommand } from "./command.js";
import { CommandError, exitStatus } from "./exit.js";

// Nothing here may load the addon: that it does not load is why people come.

/** The folder of this copy of the package. */
const root = fileURLToPath(new URL("../..", import.meta.url));
const addon = join(root, "build/Release/hostmq.node");

/** What an earlier build left, perhaps one for another machine. Not all of `build`, where a clone keeps more. */
const leftOver = ["build/Release", "build/CMakeCache.txt", "build/CMakeFiles"];

export const build = defineCommand({
  name: "build",
  summary: "compile the addon, where no prebuilt file fits",
  description: [
    "Compiles the addon from the sources in this package into its build/Release, where it is found before the prebuilt files, and prints the path. Takes a C++ compiler, make, and node-gyp, which comes with npm and needs Python; or cmake-js and cmake, where those are on this machine and what node-gyp needs is not. Headers of Node that are installed beside it are used; node-gyp downloads them otherwise.",
  ],
  arguments: [],
  options: [],
  examples: [{ does: "compile", line: "hostmq build" }],
  async run(_words, _options, { output, signal }) {
    const tool = toolFor(root);
    try {
      accessSync(root, constants.W_OK);
    } catch {
      throw new CommandError(`cannot write to ${root}`, "Run this as the user who installed the package.");
    }
    output.talk(`compiling with ${tool.name}`);
    for (const path of leftOver) rmSync(join(root, path), { recursive: true, force: true });
    const end = await compile(tool, signal);
    if (end !== "done") {
      if (!signal.aborted) throw new CommandError(`${tool.name} ${end}; what it said is above`);
      return exitStatus.error;
    }
    await output.line(addon);
    return exitStatus.done;
  },
});

/** Runs the tool, with all it says on our stderr; gives `done` or how it ended. */
async function compile(tool: BuildTool, signal: AbortSignal): Promise<string> {
  const [file = "", ...words] = tool.words;
  // A process group of its own, so that an interrupt also ends the compiler.
  const child = spawn(file, words, {
    cwd: root,
    env: environmentOf(tool),
    stdio: ["ignore", process.stderr, process.stderr],
    detached: true,
  });
  signal.addEventListener("abort", () => child.pid !== undefined && process.kill(-child.pid, "SIGTERM"));
  return await new Promise((resolve) => {
    child.once("error", (error) => {
      resolve(`cannot be run: ${error.message}`);
    });
    child.once("close", (code, killer) => {
      resolve(code === 0 ? "done" : killer === null ? `ended with status ${code ?? "?"}` : `was ended by ${killer}`);
    });
  });
}
