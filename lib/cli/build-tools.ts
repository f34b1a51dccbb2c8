import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { CommandError } from "./exit.js";

/** A program that compiles addons. */
export interface BuildTool {
  readonly name: "node-gyp" | "cmake-js";
  /** The command to run in the package's folder. */
  readonly words: readonly string[];
  /** The Node that it compiles for and that runs it. */
  readonly node: string;
  /** The C++ compiler, where make would not find it by itself. */
  readonly compiler: string | undefined;
}

/** A tool that is here, and the programs that it needs and that are not. */
type Candidate = Pick<BuildTool, "name" | "words"> & { readonly missing: readonly string[] };

const compilers = ["g++", "clang++", "c++"];
const howToInstall = [
  "  Debian, Ubuntu:  sudo apt-get install g++ make python3",
  "  Fedora:          sudo dnf install gcc-c++ make python3",
  "  Alpine:          sudo apk add build-base python3 linux-headers",
  "  macOS:           xcode-select --install",
  "With cmake-js (npm install --save-dev cmake-js), cmake is needed in place of python3.",
].join("\n");

/**
 * The tool that can compile the package in a folder: node-gyp, else cmake-js.
 *
 * @throws CommandError when nothing can, with what is missing.
 */
export function toolFor(root: string): BuildTool {
  const node = ownNode() ?? onPath("node");
  if (node === undefined) throw new CommandError("cannot compile: Node.js is not on PATH");
  const compiler = process.env.CXX ?? compilers.find((name) => onPath(name) !== undefined);
  const always = [
    ...(compiler === undefined ? [`a C++ compiler (${compilers.join(", ")}, or the variable CXX)`] : []),
    ...(onPath("make") === undefined && onPath("gmake") === undefined ? ["make"] : []),
  ];
  const found = [nodeGyp(root, node), cmakeJs(root, node)].filter((candidate) => candidate !== undefined);
  const [first] = found;
  if (first === undefined) {
    throw new CommandError("cannot compile: neither node-gyp nor cmake-js is here", "npm install --save-dev node-gyp");
  }
  const { name, words, missing } = found.find((candidate) => candidate.missing.length === 0) ?? first;
  const lacking = [...always, ...missing];
  if (lacking.length > 0) {
    throw new CommandError(`cannot compile with ${name}, not on PATH: ${lacking.join("; ")}`, howToInstall);
  }
  return { name, words, node, compiler: compiler === "g++" ? undefined : compiler };
}

/** The environment to run a tool in: both builds ask the `node` on PATH. */
export function environmentOf({ node, compiler }: BuildTool): NodeJS.ProcessEnv {
  const path = [dirname(node), process.env.PATH ?? ""].join(delimiter);
  return { ...process.env, PATH: path, ...(compiler === undefined ? {} : { CXX: compiler }) };
}

/** Bun and Deno run programs made for Node, but the tools ask Node for its headers. */
function ownNode(): string | undefined {
  const { bun, deno } = process.versions;
  return bun === undefined && deno === undefined ? process.execPath : undefined;
}

function nodeGyp(root: string, node: string): Candidate | undefined {
  const entry = "bin/node-gyp.js";
  const script = installed(root, `node-gyp/${entry}`) ?? ofNpm(`node_modules/node-gyp/${entry}`);
  const program = run(node, script, "node-gyp");
  if (program === undefined) return undefined;
  // Saves the download where the headers came with Node itself.
  const nodeRoot = join(dirname(realpathSync(node)), "..");
  const headers = existsSync(join(nodeRoot, "include/node/node_api.h")) ? [`--nodedir=${nodeRoot}`] : [];
  const { npm_config_python: ofConfig, NODE_GYP_FORCE_PYTHON: forced, PYTHON: given } = process.env;
  const python = forced ?? ofConfig ?? given ?? onPath("python3") ?? onPath("python");
  return {
    name: "node-gyp",
    words: [...program, "configure", "build", "--loglevel=warn", ...headers],
    missing: python === undefined ? ["python3"] : [],
  };
}

function cmakeJs(root: string, node: string): Candidate | undefined {
  const program = run(node, installed(root, "cmake-js/bin/cmake-js"), "cmake-js");
  if (program === undefined) return undefined;
  return { name: "cmake-js", words: [...program, "compile"], missing: onPath("cmake") === undefined ? ["cmake"] : [] };
}

/** The words that run a script of a package, else a program on PATH. */
function run(node: string, script: string | undefined, name: string): string[] | undefined {
  if (script !== undefined) return [node, script];
  const program = onPath(name);
  return program === undefined ? undefined : [program];
}

/** A file of a package that is installed beside us or in the project that is worked on. */
function installed(root: string, file: string): string | undefined {
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
