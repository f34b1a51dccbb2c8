/** One binary serves every Node, Bun and Deno, glibc and musl: what the compiled addon asks of the system that loads it. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root, runToEnd, skipUnless } from "../helpers/peers.js";

const addon = join(root, "build/Release/hostmq.node");
const skip =
  (process.platform !== "linux" && "ELF is for Linux") ||
  (!existsSync(addon) && "no release build is here") ||
  skipUnless("binutils", "objdump", ["--version"]);

function output(command: string, ...args: string[]): string {
  const { status, stdout, stderr } = runToEnd(command, [...args, addon]);
  assert.equal(status, 0, stderr);
  return stdout;
}

/** The dynamic symbols of one kind, by name. */
function symbols(kind: "--undefined-only" | "--defined-only"): string[] {
  const lines = output("nm", "-D", kind).trim().split("\n");
  return lines.map((line) => line.trim().split(/\s+/u).at(-1) ?? "");
}

test("no symbol asks for a version of a library", { skip }, () => {
  const table = output("objdump", "-T");
  assert.match(table, /napi_register_module_v1/u);
  assert.doesNotMatch(table, /GLIBC|GLIBCXX|CXXABI|GCC_/u);
  assert.doesNotMatch(symbols("--undefined-only").join(" "), /@/u);
});

test("no library is needed", { skip }, () => {
  const sections = output("readelf", "-d");
  assert.match(sections, /\(STRTAB\)/u);
  assert.doesNotMatch(sections, /\(NEEDED\)|\(RPATH\)|\(RUNPATH\)|\(VERNEED\)/u);
});

test("nothing of libuv, V8 or the C++ runtime is used", { skip }, () => {
  const used = symbols("--undefined-only");
  assert.ok(used.includes("napi_create_function") || used.includes("napi_define_properties"), used.join(" "));
  // _ZN… are C++ names: V8's, node's or those of the C++ library.
  const foreign = used.filter((name) => /^(uv_|_Z|__cxa_|__gxx_|_Unwind_)|v8|cxxabi/u.test(name));
  // Every C library has it; it is called at most when a library is unloaded.
  assert.deepEqual(
    foreign.filter((name) => name !== "__cxa_finalize"),
    [],
  );
});

test("only the two functions that a runtime looks for are exported", { skip }, () => {
  assert.deepEqual(symbols("--defined-only").sort(), ["napi_register_module_v1", "node_api_module_get_api_version_v1"]);
});
