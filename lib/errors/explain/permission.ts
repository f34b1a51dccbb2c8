import { isLinux, processIdentity } from "../../limits.js";
import type { HostKind } from "../../limits.js";
import { listPosixQueues } from "../../posix/listing.js";
import { procQueues } from "../../sysv/proc-table.js";
import type { CallDetails } from "../call-details.js";
import type { Explanation } from "../row.js";
import { action, octal, queueName, subject } from "../words.js";

interface Owner {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/** EACCES and EPERM: who owns it, what its mode allows, and who is asking. */
export function noPermission(
  call: string,
  details: CallDetails,
  kind: "access" | "ownership",
  host?: HostKind,
): Explanation {
  const isSysV = details.key !== undefined || details.id !== undefined;
  const owner = isSysV ? sysvOwner(details) : posixOwner(details);
  const why =
    kind === "access"
      ? `no permission${wanted(call, details)}`
      : `only its owner${isSysV ? ", its creator" : ""} or ${root(call, host)} may do this`;
  return {
    what: `cannot ${action(call, details)}: ${why}${facts(owner)}`,
    hint: kind === "access" ? accessHint(call, owner) : `Run as ${nameOf(owner)} or as root.`,
  };
}

/** EPERM of fchown: owning a queue is not enough to give it away. */
export function mayNotGive(details: CallDetails, host: HostKind): Explanation {
  const owner = posixOwner(details);
  const onlyGroup = details.gid !== undefined && details.uid === undefined;
  const why = onlyGroup
    ? `only its owner, for a group of the owner's own, or ${root("fchown", host)} may change its group`
    : `only ${root("fchown", host)} may give it to another user`;
  return {
    what: `cannot change the ${onlyGroup ? "group" : "owner"} of ${subject(details)}: ${why}${facts(owner)}`,
    hint: onlyGroup ? `Run as ${nameOf(owner)}, who must be in that group, or as root.` : "Run as root.",
  };
}

const capabilities: Record<string, string> = { fchmod: "CAP_FOWNER", fchown: "CAP_CHOWN" };

/** With the part of root's rights that is enough, where root's rights come in parts. */
function root(call: string, host: HostKind | undefined): string {
  const capability = host !== undefined && isLinux(host) ? capabilities[call] : undefined;
  return capability === undefined ? "root" : `root (${capability})`;
}

function facts(owner: Owner | undefined): string {
  const { uid, gid } = processIdentity();
  const known: string[] = [];
  if (owner !== undefined) {
    known.push(`it belongs to user ${owner.uid}, group ${owner.gid}, with mode ${octal(owner.mode)}`);
  }
  if (uid !== undefined && gid !== undefined) known.push(`this process is user ${uid}, group ${gid}`);
  return known.length === 0 ? "" : `: ${known.join("; ")}`;
}

function nameOf(owner: Owner | undefined): string {
  return owner === undefined ? "its owner" : `user ${owner.uid}`;
}

const rights: Record<string, string> = { msgsnd: " to write", msgrcv: " to read", msgctl: " to read" };

function wanted(call: string, { access, mode }: CallDetails): string {
  if (access === "readwrite") return " to read and write";
  if (access !== undefined) return ` to ${access}`;
  return rights[call] ?? (mode === undefined || mode === 0 ? "" : ` for mode ${octal(mode)}`);
}

function accessHint(call: string, owner: Owner | undefined): string {
  const { umask } = processIdentity();
  const asOwner = `Run as ${nameOf(owner)}`;
  // A queue's mode is what the creator asked for less the creator's umask, which is a common surprise.
  const mask = umask === undefined ? "the umask" : `the umask (here ${octal(umask)})`;
  if (call.startsWith("mq_")) {
    return `${asOwner}, or have the creator give a wider mode; ${mask} takes bits away from it unless exactMode is set.`;
  }
  return `${asOwner}, or have the owner widen it: queue.configure({ mode: 0o660 }).`;
}

function posixOwner(details: CallDetails): Owner | undefined {
  const name = queueName(details);
  return name === undefined ? undefined : listPosixQueues().find((queue) => queue.name === name);
}

function sysvOwner({ key, id }: CallDetails): Owner | undefined {
  if (id !== undefined) return procQueues()?.find((queue) => queue.id === id);
  // Any number of queues have the key 0 (IPC_PRIVATE); it names none of them.
  return key === undefined || key === 0 ? undefined : procQueues()?.find((queue) => queue.key === (key | 0));
}
