// How dist/ is made of lib/: few files, because Node takes about half a millisecond for each that is imported. The modules
// that entry points share are in one file, so a program that uses two of them has one QueueError and one addon.
import { readdirSync, readFileSync } from "node:fs";
import { defineConfig } from "rolldown";

const { bin, exports } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));
const modules = readdirSync("lib", { recursive: true })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -".ts".length));

/** Whether a module, `posix/queue` for lib/posix/queue.ts, belongs to what every program needs. */
const isCore = (module) => !/^(?:cli|codegen|sys|trigger)\/|^codec\/(?:cbor|msgpack|peer)|^addon-building$/.test(module);
const moduleOf = (id) => /\/lib\/(.*)\.ts$/.exec(id)?.[1];

const published = [...Object.values(exports), ...Object.values(bin), "./dist/addon-building.js"]
  .map((target) => target.default ?? target)
  .map((file) => /^\.\/dist\/(.*)\.js$/.exec(file)?.[1])
  .filter((module) => module !== undefined);
/** For `#hostmq/…` of the tests and scripts, which see the same instances as a program; not part of the package. */
const internals = modules.filter((module) => isCore(module) || module === "cli/manifest");

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

export default defineConfig({
  input: Object.fromEntries([
    ...published.map((module) => [module, `lib/${module}.ts`]),
    ...internals.map((module) => [`internals/${module}`, `lib/${module}.ts`]),
  ]),
  platform: "node",
  external: [/^node:/, "commander"],
  tsconfig: "lib/tsconfig.json",
  plugins: [builtins],
  // The lazy import of a command that another one extends costs nothing.
  checks: { ineffectiveDynamicImport: false },
  treeshake: { moduleSideEffects: "no-external" },
  output: {
    dir: "dist",
    sourcemap: true,
    // Short names of local variables: V8 reads the file a quarter faster. What a stack trace shows stays as it was written.
    minify: { compress: false, mangle: { toplevel: false, keepNames: true }, codegen: { removeWhitespace: false } },
    entryFileNames: "[name].js",
    chunkFileNames: ({ moduleIds }) =>
      moduleIds.some((id) => id.includes("/lib/cli/")) ? "cli/[name].js" : "[name].js",
    codeSplitting: {
      groups: [
        { name: "core", test: (id) => isCore(moduleOf(id) ?? "cli/") },
        { name: "shared", test: (id) => moduleOf(id)?.startsWith("cli/") ?? false, minShareCount: 2 },
      ],
    },
  },
});
