import { posixLimits, sysvLimits } from "../../limits.js";
import { listPosixQueues } from "../../posix/listing.js";
import { procQueues } from "../../sysv/proc-table.js";
import type { CallDetails } from "../call-details.js";
import type { Explanation } from "../row.js";
import { action, count } from "../words.js";

/** ENOSPC of msgget, which people read as a full disk. */
export function tooManyKeys(details: CallDetails): Explanation {
  const limit = sysvLimits().maxQueues;
  const existing = procQueues()?.length;
  const limitText = limit === undefined ? "kernel.msgmni" : `kernel.msgmni = ${limit}`;
  const numbers =
    existing === undefined
      ? `this IPC namespace holds as many queues as ${limitText} allows`
      : `${existing} queues of ${limitText} exist in this IPC namespace`;
  return {
    what: `cannot ${action("msgget", details)}: no disk is full: ${numbers}`,
    hint: `Remove the ones that nobody needs (ipcs -q lists them, ipcrm -q ID removes one), or ${raise(`kernel.msgmni=${(limit ?? 16000) * 2}`)}`,
  };
}

/** ENOSPC of mq_open. */
export function tooManyNames(details: CallDetails): Explanation {
  const limit = posixLimits().maxQueues;
  const limitText = limit === undefined ? "fs.mqueue.queues_max" : `fs.mqueue.queues_max = ${limit}`;
  return {
    what: `cannot ${action("mq_open", details)}: no disk is full: this IPC namespace holds as many queues as ${limitText} allows; ${count(listPosixQueues().length, "queue")} can be seen`,
    hint: `Unlink the ones that nobody needs (each counts until all who have it open have closed it), or ${raise(`fs.mqueue.queues_max=${(limit ?? 256) * 2}`)}`,
  };
}

function raise(setting: string): string {
  return `raise it: sysctl ${setting} (docker run --sysctl ${setting}).`;
}
