import { processIdentity } from "../../limits.js";
import { listPosixQueues } from "../../posix/listing.js";
import { procQueues } from "../../sysv/proc-table.js";
import type { CallDetails } from "../call-details.js";
import type { Explanation } from "../row.js";
import { action, octal, queueName } from "../words.js";

interface Owner {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/** EACCES and EPERM: who owns it, what its mode allows, and who is asking. */
export function noPermission(call: string, details: CallDetails, kind: "access" | "ownership"): Explanation {
  const isSysV = details.key !== undefined || details.id !== undefined;
  const owner = isSysV ? sysvOwner(details) : posixOwner(details);
  const { uid, gid, umask } = processIdentity();
  const facts: string[] = [];
  if (owner !== undefined) {
    facts.push(`it belongs to user ${owner.uid}, group ${owner.gid}, with mode ${octal(owner.mode)}`);
  }
  if (uid !== undefined && gid !== undefined) facts.push(`this process is user ${uid}, group ${gid}`);
  const why =
    kind === "access"
      ? `no permission${wanted(call, details)}`
      : `only its owner${isSysV ? ", its creator" : ""} or root may do this`;
  const what = `cannot ${action(call, details)}: ${why}${facts.length === 0 ? "" : `: ${facts.join("; ")}`}`;
  return {
    what,
    hint:
      kind === "access"
        ? accessHint(call, owner, umask)
        : `Run as ${owner === undefined ? "its owner" : `user ${owner.uid}`} or as root.`,
  };
}

const rights: Record<string, string> = { msgsnd: " to write", msgrcv: " to read", msgctl: " to read" };

function wanted(call: string, { access, mode }: CallDetails): string {
  if (access === "readwrite") return " to read and write";
  if (access !== undefined) return ` to ${access}`;
  return rights[call] ?? (mode === undefined || mode === 0 ? "" : ` for mode ${octal(mode)}`);
}

function accessHint(call: string, owner: Owner | undefined, umask: number | undefined): string {
  const asOwner = `Run as ${owner === undefined ? "its owner" : `user ${owner.uid}`}`;
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
