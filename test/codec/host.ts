/** What differs between the processors that the tests run on. */
import { createRequire } from "node:module";
import { endianness } from "node:os";
import { fileURLToPath } from "node:url";
import type { LayoutName } from "hostmq";
import { longBits } from "#hostmq/c-long";

export const isLittleEndian = endianness() === "LE";

/** One of two values, by the byte order of this processor. */
export const byOrder = <T>(little: T, big: T): T => (isLittleEndian ? little : big);

/** The layout that gcc gives structs here. */
export const hostLayout: LayoutName = longBits === 64 ? "lp64" : "ilp32";

/** For the `skip` option of a test: on some processors only a Node older than those that we support is to be had. */
export const cannotRequireModules = ((): string | false => {
  try {
    createRequire(import.meta.url)(fileURLToPath(import.meta.resolve("cborg")));
    return false;
  } catch {
    return "this Node cannot require ES modules";
  }
})();
