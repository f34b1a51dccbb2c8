import { isLinux } from "../../limits.js";
import type { HostKind } from "../../limits.js";
import { procQueues } from "../../sysv/proc-table.js";
import type { CallDetails } from "../call-details.js";
import type { Explanation } from "../row.js";
import { here } from "../system-limits.js";
import { action } from "../words.js";

const whoRemoves = "Open or create the queue again. Somebody called msgctl(IPC_RMID) or ipcrm";
const logind =
  ", or systemd-logind removed it when its owner's last session ended (RemoveIPC=no in logind.conf, or a system user, keeps it)";

/** EIDRM: the queue went away during the call. */
export function removed(call: string, details: CallDetails, host: HostKind): Explanation {
  return {
    what: `cannot ${action(call, details)}: the queue was removed, and its messages with it`,
    hint: `${whoRemoves}${isLinux(host) ? logind : ""}.`,
  };
}

/** A removed id that was reported as EINVAL: the kernel does so when the call began after the removal. */
export function isGone(details: CallDetails, host: HostKind): boolean {
  return details.existed === true && isUnknownId(details, host);
}

/** EINVAL for an id that no queue has. */
export function isUnknownId({ id, idIsKnown }: CallDetails, host: HostKind): boolean {
  if (id === undefined) return false;
  const listed = isLinux(host) ? procQueues()?.some((queue) => queue.id === id) : undefined;
  // Where no list tells, the kernel is asked for the one queue.
  return (listed ?? idIsKnown?.(id)) === false;
}

/** EINVAL for an id that no queue has, in a program that never saw one with it. */
export function unknownId(call: string, details: CallDetails, host: HostKind): Explanation {
  return {
    what: `cannot ${action(call, details)}: no queue with this id exists ${here(host)}`,
    hint: "Ask for the id again by key (SysVQueue.open, msgget): ids change when a queue is removed and made anew. ipcs -q lists them.",
  };
}
