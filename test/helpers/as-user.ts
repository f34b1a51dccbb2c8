/** Runs a script as somebody without privileges, to see what such a person is refused. */
import { fileURLToPath } from "node:url";
import { type Outcome, root, runToEnd } from "./peers.js";

/** `nobody` on most systems. */
export const ordinaryUid = 65534;

const isRoot = process.getuid?.() === 0;
let impossible: string | false | undefined;

/** False where {@link runAsOrdinaryUser} works as another user than this one, else the reason, for a test's `skip`. */
export function noOtherUser(): string | false {
  if (!isRoot) return "only root can become another user";
  impossible ??=
    runToEnd(process.execPath, ["-e", "require('node:fs').readFileSync(process.argv[1])", `${root}package.json`], {
      uid: ordinaryUid,
      gid: ordinaryUid,
      cwd: "/",
    }).status === 0
      ? false
      : `user ${ordinaryUid} may not read ${root} or run ${process.execPath}`;
  return impossible;
}

/** Runs a compiled script with Node as user and group 65534, to its end. */
export function runAsOrdinaryUser(script: URL, args: (string | number)[] = [], env: NodeJS.ProcessEnv = {}): Outcome {
  return runToEnd(process.execPath, [fileURLToPath(script), ...args], {
    uid: ordinaryUid,
    gid: ordinaryUid,
    cwd: "/",
    env,
  });
}
