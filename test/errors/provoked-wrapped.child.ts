/**
 * Runs a shell script and then provoked.child.ts under another command: `<script> <command…> -- <scenario…>`. What it does
 * happens in the namespace of the caller.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const [script = "", ...rest] = process.argv.slice(2);
const split = rest.indexOf("--");
execFileSync("sh", ["-ec", script], { stdio: ["ignore", "ignore", "inherit"] });
const provoked = fileURLToPath(new URL("./provoked.child.js", import.meta.url));
const [command = "", ...words] = [...rest.slice(0, split), process.execPath, provoked, ...rest.slice(split + 1)];
process.exit(spawnSync(command, words, { stdio: "inherit" }).status ?? 1);
