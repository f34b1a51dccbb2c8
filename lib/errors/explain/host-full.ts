import { isLinux, posixLimits, sysvLimits } from "../../limits.js";
import type { HostKind } from "../../limits.js";
import { listPosixQueues } from "../../posix/listing.js";
import { procQueues } from "../../sysv/proc-table.js";
import type { CallDetails } from "../call-details.js";
import type { Explanation } from "../row.js";
import { here, posixLimitNames, sysvLimitWords } from "../system-limits.js";
import { action, count } from "../words.js";

/** ENOSPC of msgget, which people read as a full disk. */
export function tooManyKeys(details: CallDetails, host: HostKind): Explanation {
  const limit = sysvLimits().maxQueues;
  const existing = procQueues()?.length;
  const { name, raise } = sysvLimitWords("msgmni", host);
  const limitText = limit === undefined ? name : `${name} = ${limit}`;
  const numbers =
    existing === undefined
      ? `as many queues exist ${here(host)} as ${limitText} allows`
      : `${existing} queues of ${limitText} exist ${here(host)}`;
  return {
    what: `cannot ${action("msgget", details)}: no disk is full: ${numbers}`,
    hint: `Remove the ones that nobody needs (ipcs -q lists them, ipcrm -q ID removes one), or ${raise(limit === undefined ? "N" : limit * 2)}`,
  };
}

/** ENOSPC of mq_open. */
export function tooManyNames(details: CallDetails, host: HostKind): Explanation {
  const what = `cannot ${action("mq_open", details)}: no disk is full`;
  if (!isLinux(host)) return tooManyElsewhere(what, host);
  const limit = posixLimits().maxQueues;
  const setting = `fs.mqueue.queues_max=${(limit ?? 256) * 2}`;
  const limitText = limit === undefined ? "fs.mqueue.queues_max" : `fs.mqueue.queues_max = ${limit}`;
  return {
    what: `${what}: this IPC namespace holds as many queues as ${limitText} allows; ${count(listPosixQueues().length, "queue")} can be seen`,
    hint: `Unlink the ones that nobody needs (each counts until all who have it open have closed it), or raise it: sysctl ${setting} (docker run --sysctl ${setting}).`,
  };
}

function tooManyElsewhere(what: string, host: HostKind): Explanation {
  const queues = posixLimitNames(host)?.queues;
  return {
    what: `${what}: as many queues exist on this host as it allows`,
    hint: `Unlink the ones that nobody needs${queues === undefined ? "" : `, or raise the limit: ${queues}`}.`,
  };
}
