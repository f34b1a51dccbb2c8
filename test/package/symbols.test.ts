/** One binary serves every Node, Bun and Deno, glibc and musl: what the compiled addon asks of the system that loads it. */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { root, runToEnd, skipUnless } from "../helpers/peers.js";

const prebuilds = join(root, "prebuilds");
const files = [
  "build/Release/hostmq.node",
  ...(existsSync(prebuilds) ? readdirSync(prebuilds) : [])
    .filter((target) => target.startsWith("linux-"))
    .map((target) => `prebuilds/${target}/hostmq.node`),
];

/** One line of `readelf --dyn-syms`. */
interface DynamicSymbol {
  /** With its version, where it has one: `mq_open@GLIBC_2.34`. */
  readonly name: string;
  readonly isDefined: boolean;
}

// Unlike objdump and nm, readelf reads the files of every processor.
function readelf(...args: string[]): string {
  const { status, stdout, stderr } = runToEnd("readelf", ["--wide", ...args]);
  assert.equal(status, 0, stderr);
  return stdout;
}

function dynamicSymbols(file: string): DynamicSymbol[] {
  const rows = readelf("--dyn-syms", file)
    .split("\n")
    .map((line) =>
      line
        .trim()
        .replace(/\[.*?\]\s+/u, "")
        .split(/\s+/u),
    )
    .filter(([number = "", , , type]) => /^\d+:$/u.test(number) && type !== "SECTION");
  return rows.flatMap(([, , , , , , section, name]) =>
    name === undefined ? [] : [{ name, isDefined: section !== "UND" }],
  );
}

for (const file of files) {
  const path = join(root, file);
  const skip =
    (process.platform !== "linux" && "ELF is for Linux") ||
    (!existsSync(path) && "it is not built") ||
    skipUnless("binutils", "readelf", ["--version"]);

  describe(file, { skip }, () => {
    test("no symbol asks for a version of a library", () => {
      const symbols = dynamicSymbols(path);
      assert.ok(symbols.length > 20, `${symbols.length} symbols`);
      assert.deepEqual(
        symbols.filter(({ name }) => name.includes("@")),
        [],
      );
      assert.doesNotMatch(readelf("--version-info", path), /GLIBC|GCC_|CXXABI/u);
    });

    test("no library is needed", () => {
      const sections = readelf("--dynamic", path);
      assert.match(sections, /\(STRTAB\)/u);
      assert.doesNotMatch(sections, /\(NEEDED\)|\(RPATH\)|\(RUNPATH\)|\(VERNEED\)/u);
    });

    test("nothing of libuv, V8 or the C++ runtime is used", () => {
      const used = dynamicSymbols(path).flatMap(({ name, isDefined }) => (isDefined ? [] : [name]));
      assert.ok(used.includes("napi_create_function") || used.includes("napi_define_properties"), used.join(" "));
      // _ZN… are C++ names: V8's, node's or those of the C++ library.
      const foreign = used.filter((name) => /^(uv_|_Z|__cxa_|__gxx_|_Unwind_)|v8|cxxabi/u.test(name));
      // Every C library has it; it is called at most when a library is unloaded.
      assert.deepEqual(
        foreign.filter((name) => name !== "__cxa_finalize"),
        [],
      );
    });

    test("only the two functions that a runtime looks for are exported", () => {
      const exported = dynamicSymbols(path).flatMap(({ name, isDefined }) => (isDefined ? [name] : []));
      assert.deepEqual(exported.sort(), ["napi_register_module_v1", "node_api_module_get_api_version_v1"]);
    });
  });
}
