import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/**
 * Loads an optional peer when its codec is first asked for. Done at run time rather than by an import, so that a missing
 * package gives a message that says what to install; and synchronously, so that `require()` of our entry point works.
 *
 * @throws Error with code `ERR_HOSTMQ_MISSING_PEER` when the package is not installed.
 */
export function loadPeer(specifier: string, entry: string): unknown {
  let file: string;
  try {
    file = fileURLToPath(import.meta.resolve(specifier));
  } catch (cause) {
    throw missing(specifier, entry, cause);
  }
  try {
    return createRequire(import.meta.url)(file) as unknown;
  } catch (cause) {
    throw (cause as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND" ? missing(specifier, entry, cause) : cause;
  }
}

function missing(specifier: string, entry: string, cause: unknown): Error {
  const message = `${entry} needs the package ${specifier}, which is not installed. Install it: npm install ${specifier}`;
  return Object.assign(new Error(message, { cause }), { code: "ERR_HOSTMQ_MISSING_PEER" });
}
