/** Runs a script as somebody without privileges, to see what such a person is refused. */
import { fileURLToPath } from "node:url";
import { type Outcome, root, runToEnd } from "./peers.js";

/** Who runs a program; no account is needed. */
export interface User {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups; none by default. */
  readonly groups?: readonly number[];
  /** Capabilities that a program of this user keeps, for instance `ipc_owner`. */
  readonly capabilities?: readonly string[];
}

/** The words of setpriv(1) that become this user. */
function become({ uid, gid, groups = [], capabilities = [] }: User): string[] {
  const kept = capabilities.map((name) => `+${name}`).join(",");
  return [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    groups.length === 0 ? "--clear-groups" : `--groups=${groups.join(",")}`,
    ...(kept === "" ? [] : [`--inh-caps=${kept}`, `--ambient-caps=${kept}`]),
  ];
}

/** Runs any program as another user, to its end. Only root can. */
export function runAs(user: User, command: string, args: readonly (string | number)[] = []): Outcome {
  return runToEnd("setpriv", [...become(user), command, ...args], { cwd: "/" });
}

/** Runs a compiled script with Node as another user, to its end. */
export function runNodeAs(user: User, script: URL, args: readonly (string | number)[] = []): Outcome {
  return runAs(user, process.execPath, [fileURLToPath(script), ...args]);
}

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
