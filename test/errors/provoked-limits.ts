/** Where the errors are provoked: a namespace with the smallest limits, and a user of whom nobody else has queues. */
import { constants } from "node:os";
import { noOtherUser } from "../helpers/as-user.js";
import { root, type Outcome } from "../helpers/peers.js";
import { type NamespaceOptions, noPrivateNamespace, runInPrivateNamespace } from "../helpers/private-namespace.js";
import type { Described } from "./described.js";

export const limits = { msgMax: 4, msgsizeMax: 128, queuesMax: 3, msgmni: 2, msgmax: 128, msgmnb: 256 };

const isRoot = process.getuid?.() === 0;
const child = new URL("./provoked.child.js", import.meta.url);

/** RLIMIT_MSGQUEUE counts what all processes of a user have: one of our own has nothing yet. */
export const ownUid = 200_000 + (process.pid % 100_000);

/** For `skip`: provoking needs a private namespace, and another user where this one is root. */
export const notHere = noPrivateNamespace() || (isRoot && noOtherUser());

/** For `skip`: what needs a second user. */
export const noSecondUser = noPrivateNamespace() || noOtherUser();

export const namespace: NamespaceOptions = {
  sysctls: {
    "fs.mqueue.msg_max": limits.msgMax,
    "fs.mqueue.msgsize_max": limits.msgsizeMax,
    "fs.mqueue.queues_max": limits.queuesMax,
    "kernel.msgmni": limits.msgmni,
    "kernel.msgmax": limits.msgmax,
    "kernel.msgmnb": limits.msgmnb,
  },
  mount: true,
  ...(isRoot && { uid: ownUid }),
};

/** Runs into the scenarios of provoked.child.ts as an ordinary user in the small namespace. */
export function provoke<Name extends string>(
  names: readonly Name[],
  options: NamespaceOptions = {},
): Record<Name, Described> {
  return answers(runInPrivateNamespace(child, { ...namespace, ...options }, [...names]));
}

/** The same, as an ordinary user among the queues that a shell script made before as root. */
export function provokeAmong<Name extends string>(script: string, names: readonly Name[]): Record<Name, Described> {
  const { uid, ...asRoot } = namespace;
  return wrapped(asRoot, script, ["setpriv", `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups"], names);
}

/** The same, with a filter that answers some system calls in the kernel's place. */
export function provokeRefused<Name extends string>(
  refused: Readonly<Record<string, string>>,
  names: readonly Name[],
): Record<Name, Described> {
  const errnos: Record<string, number> = constants.errno;
  const pairs = Object.entries(refused).map(([call, errno]) => `${call}=${errnos[errno]}`);
  // Where mq_unlink is refused, queues stay.
  const roomy = { ...namespace, sysctls: { "fs.mqueue.queues_max": 100 } };
  return wrapped(roomy, "", [`${root}build/peers/refuse_calls`, pairs.join(",")], names);
}

function wrapped<Name extends string>(
  options: NamespaceOptions,
  script: string,
  command: string[],
  names: readonly Name[],
): Record<Name, Described> {
  const wrapper = new URL("./provoked-wrapped.child.js", import.meta.url);
  return answers(runInPrivateNamespace(wrapper, options, [script, ...command, "--", ...names]));
}

function answers<Name extends string>({ status, stdout, stderr }: Outcome): Record<Name, Described> {
  if (status !== 0) throw new Error(`the scenarios failed (${status})\n${stdout}\n${stderr}`);
  return JSON.parse(stdout) as Record<Name, Described>;
}
