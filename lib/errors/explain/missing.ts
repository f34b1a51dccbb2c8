import { containerKind, ipcNamespace, isLinux } from "../../limits.js";
import type { HostKind } from "../../limits.js";
import { nearest } from "../../nearest.js";
import { listPosixQueues } from "../../posix/listing.js";
import { procQueues } from "../../sysv/proc-table.js";
import type { CallDetails } from "../call-details.js";
import type { Explanation } from "../row.js";
import { here } from "../system-limits.js";
import { action, count, hexDigits, queueName } from "../words.js";

/** ENOENT of mq_open and mq_unlink: not started, a slip of the pen, or another IPC namespace. */
export function missingName(call: "mq_open" | "mq_unlink", details: CallDetails, host: HostKind): Explanation {
  const names = listPosixQueues().map(({ name }) => name);
  const name = queueName(details);
  const meant = name === undefined ? undefined : nearest(name, names);
  return {
    what: `cannot ${action(call, details)}: no queue of this name exists ${here(host)}${whichNamespace(host)}`,
    hint: `${meant === undefined ? "" : `Did you mean ${JSON.stringify(meant)}? `}${whereElse(
      call === "mq_open" ? "PosixQueue.openOrCreate creates it" : undefined,
      host,
    )}`,
  };
}

/** ENOENT of msgget. */
export function missingKey(details: CallDetails, host: HostKind): Explanation {
  const keys = procQueues()?.filter(({ key }) => key !== 0);
  const seen = keys === undefined ? "" : `, which holds ${count(keys.length, "queue")} with a key`;
  // Compared by digits: the words around them would make every key look like every other.
  const digits = keys?.map(({ key }) => hexDigits(key)) ?? [];
  const meant = details.key === undefined ? undefined : nearest(hexDigits(details.key), digits);
  return {
    what: `cannot ${action("msgget", details)}: no queue with this key exists ${here(host)}${whichNamespace(host)}${seen}`,
    hint: `${meant === undefined ? "" : `Did you mean 0x${meant}? `}${whereElse("SysVQueue.openOrCreate creates it", host)}`,
  };
}

function whichNamespace(host: HostKind): string {
  const namespace = isLinux(host) ? ipcNamespace() : undefined;
  return namespace === undefined ? "" : ` (${namespace})`;
}

function whereElse(create: string | undefined, host: HostKind): string {
  const start = `Start the side that creates it${create === undefined ? "" : ` (${create})`}`;
  if (!isLinux(host)) return `${start}, and compare how both sides name it.`;
  switch (containerKind()) {
    case "docker":
      return `${start}; this is a container, and one sees the queues of another only with docker run --ipc=container:NAME, or of the host with --ipc=host.`;
    case "podman":
      return `${start}; this is a container, and one sees the queues of another only with podman run --ipc=container:NAME, or of the host with --ipc=host.`;
    case "kubernetes":
      return `${start}; containers of one pod share queues, pods do not, and the host's are seen only with hostIPC: true.`;
    case "container":
      return `${start}; this is a container, and sees only the queues of its own IPC namespace.`;
    case undefined:
      return `${start}; queues inside a container are visible only there (docker run --ipc=host shares the host's).`;
  }
}
