// How dist/ is made of lib/: few files, because Node takes about half a millisecond for each that is imported. The modules
// that entry points share are in one file, so a program that uses two of them has one QueueError and one addon.
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "rolldown";

const { bin, exports } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));

/** Whether a module, `posix/queue` for lib/posix/queue.ts, belongs to what every program needs. */
const isCore = (module) => !/^(?:cli|codegen|sys|trigger)\/|^codec\/(?:cbor|msgpack|peer)/.test(module);
const library = fileURLToPath(new URL("lib/", import.meta.url));
// Not the first lib/ of the path: the clone may lie in a folder of that name.
const moduleOf = (id) => (id.startsWith(library) && id.endsWith(".ts") ? id.slice(library.length, -3) : undefined);

/** What a module imports, and what that does, without what is loaded later. */
function reach(module, found) {
  if (found.has(module)) return found;
  found.add(module);
  const text = readFileSync(`lib/${module}.ts`, "utf8");
  for (const [, path] of text.matchAll(/^(?:import|export)(?! type)[^;]*? from "(\.[^"]+)\.js";/gms)) {
    reach(posix.join(posix.dirname(module), path), found);
  }
  return found;
}

/** What the command begins with. It loads no addon, so that `hostmq build` and `hostmq doctor` run where there is none. */
const withoutAddon = ["cli/build", "cli/doctor"];
const beginning = ["cli/program", ...withoutAddon].reduce((found, module) => reach(module, found), new Set());

const published = [...Object.values(exports), ...Object.values(bin)]
  .map((target) => target.default ?? target)
  .map((file) => /^\.\/dist\/(.*)\.js$/.exec(file)?.[1])
  .filter((module) => module !== undefined);

/** For `#hostmq/…` of the tests and scripts, which see the same instances as a program; not part of the package. */
const internals = new Set(
  ["test", "scripts", "bench"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(
        (file) =>
          file.isFile() && /^[^.]+$|\.(?:ts|js|mjs)$/.test(file.name) && !file.parentPath.includes("node_modules"),
      )
      .flatMap((file) => [...readFileSync(`${file.parentPath}/${file.name}`, "utf8").matchAll(/"#hostmq\/([^"]+)"/g)])
      .map(([, module]) => module),
  ),
);

/**
 * The named imports of Node's own modules, without the ES module that stands before each: to make that one, Node reads every
 * property of it, and those of `fs` and `util` load streams and more, which takes 3 ms.
 */
const builtins = {
  name: "builtins",
  renderChunk: (code) => ({
    code: code.replaceAll(
      /^import \{ (.*) \} from "(node:.*)";$/gm,
      (_, names, id) => `const { ${names.replaceAll(" as ", ": ")} } = process.getBuiltinModule("${id}");`,
    ),
    // Lines stay where they were.
    map: null,
  }),
};

/** Each with a module of its own, so that no published file, where it imports the same later, does so through one of these. */
const internalEntries = {
  name: "internal-entries",
  resolveId: (id) => (id.startsWith("internal:") ? `\0${id}` : undefined),
  load: (id) =>
    id.startsWith("\0internal:") ? `export * from ${JSON.stringify(`${library}${id.slice(10)}.ts`)};` : undefined,
};

/** V8 takes twice the memory for a file with a single character beyond ASCII, and longer to read it. After minifying, which writes them plainly. */
const ascii = {
  name: "ascii",
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle))
      if (chunk.type === "chunk")
        chunk.code = chunk.code.replaceAll(
          /[^\0-\x7f]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
        );
  },
};

export default defineConfig({
  input: Object.fromEntries([
    ...published.map((module) => [module, `lib/${module}.ts`]),
    ...[...internals].map((module) => [`internals/${module}`, `internal:${module}`]),
  ]),
  platform: "node",
  external: [/^node:/],
  tsconfig: "lib/tsconfig.json",
  plugins: [internalEntries, builtins, ascii],
  // The lazy import of a command that another one extends costs nothing.
  checks: { ineffectiveDynamicImport: false },
  treeshake: { moduleSideEffects: "no-external" },
  output: {
    dir: "dist",
    sourcemap: true,
    // They are in the declarations, and V8 would read them each time.
    comments: false,
    // Short names of local variables: V8 reads the file a quarter faster. What a stack trace shows stays as it was written.
    minify: { compress: false, mangle: { toplevel: false, keepNames: true }, codegen: { removeWhitespace: false } },
    entryFileNames: "[name].js",
    chunkFileNames: ({ moduleIds, facadeModuleId }) =>
      [...moduleIds, facadeModuleId ?? ""].some((id) => moduleOf(id)?.startsWith("cli/"))
        ? "cli/[name].js"
        : "[name].js",
    codeSplitting: {
      groups: [
        { name: "base", test: (id) => beginning.has(moduleOf(id)) && isCore(moduleOf(id)) },
        { name: "beginning", test: (id) => beginning.has(moduleOf(id)) && !withoutAddon.includes(moduleOf(id)) },
        { name: "core", test: (id) => isCore(moduleOf(id) ?? "cli/") },
        { name: "shared", test: (id) => moduleOf(id)?.startsWith("cli/") ?? false, minShareCount: 2 },
      ],
    },
  },
});
