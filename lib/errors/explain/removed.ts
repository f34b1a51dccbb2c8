import { procQueues } from "../../sysv/proc-table.js";
import type { CallDetails } from "../call-details.js";
import type { Explanation } from "../row.js";
import { action } from "../words.js";

const whoRemoves =
  "Open or create the queue again. Somebody called msgctl(IPC_RMID) or ipcrm, or systemd-logind removed it when its owner's last session ended (RemoveIPC=no in logind.conf, or a system user, keeps it).";

/** EIDRM: the queue went away during the call. */
export function removed(call: string, details: CallDetails): Explanation {
  return { what: `cannot ${action(call, details)}: the queue was removed, and its messages with it`, hint: whoRemoves };
}

/** A removed id that was reported as EINVAL: the kernel does so when the call began after the removal. */
export function isGone(details: CallDetails): boolean {
  return details.existed === true && details.id !== undefined && idExists(details.id) === false;
}

/** EINVAL for an id that no queue has. */
export function isUnknownId(details: CallDetails): boolean {
  return details.id !== undefined && idExists(details.id) === false;
}

function idExists(id: number): boolean | undefined {
  return procQueues()?.some((queue) => queue.id === id);
}

/** EINVAL for an id that no queue has, in a program that never saw one with it. */
export function unknownId(call: string, details: CallDetails): Explanation {
  return {
    what: `cannot ${action(call, details)}: no queue with this id exists in this IPC namespace`,
    hint: "Ask for the id again by key (SysVQueue.open, msgget): ids change when a queue is removed and made anew. ipcs -q lists them.",
  };
}
