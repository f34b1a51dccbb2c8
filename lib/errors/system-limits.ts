import type { HostKind } from "../limits.js";
import { isLinux } from "../limits.js";

/** The limits of System V queues by their names in `struct msginfo`. */
export type SysVLimit = "msgmax" | "msgmnb" | "msgmni";

/** What a limit is called on a system, and how it is raised: the end of a hint, with its period. */
export interface LimitWords {
  readonly name: string;
  readonly raise: (value: number | string) => string;
}

/** The words for a limit of System V queues. */
export function sysvLimitWords(limit: SysVLimit, host: HostKind): LimitWords {
  if (isLinux(host)) {
    const name = `kernel.${limit}`;
    return { name, raise: (value) => `raise it: sysctl ${name}=${value} (docker run --sysctl ${name}=${value}).` };
  }
  switch (host) {
    case "freebsd":
      return freebsdWords(limit);
    case "netbsd":
      return netbsdWords(limit);
    case "macos":
      return { name: limit, raise: () => "macOS has no setting that raises it." };
    default:
      return { name: limit, raise: () => `raise ${limit.toUpperCase()} where this system is configured.` };
  }
}

/** They are read when the system starts; msgmax is the product of two others. */
function freebsdWords(limit: SysVLimit): LimitWords {
  const name = `kern.ipc.${limit}`;
  if (limit === "msgmax") {
    return { name, raise: () => "raise it: kern.ipc.msgseg in /boot/loader.conf, which the next start reads." };
  }
  return { name, raise: (value) => `raise it: ${name}=${value} in /boot/loader.conf, which the next start reads.` };
}

function netbsdWords(limit: SysVLimit): LimitWords {
  switch (limit) {
    case "msgmax":
      return { name: limit, raise: () => "raise it: sysctl -w kern.ipc.msgseg, in segments of 8 bytes." };
    case "msgmni":
      return { name: "kern.ipc.msgmni", raise: (value) => `raise it: sysctl -w kern.ipc.msgmni=${value}.` };
    case "msgmnb":
      return { name: limit, raise: () => "raise it: the kernel option MSGMNB." };
  }
}

/** Where the limits of POSIX queues are on a system that does not show them to programs; undefined where nothing is known. */
export function posixLimitNames(host: HostKind): { readonly sizes: string; readonly queues: string } | undefined {
  switch (host) {
    case "freebsd":
      return { sizes: "sysctl kern.mqueue.maxmsg kern.mqueue.maxmsgsize", queues: "sysctl kern.mqueue.maxmq" };
    case "netbsd":
      return {
        sizes: "sysctl kern.mqueue.mq_max_maxmsg kern.mqueue.mq_max_msgsize",
        queues: "sysctl kern.mqueue.mq_open_max",
      };
    default:
      return undefined;
  }
}

/** The queues that one sees: those of an IPC namespace on Linux, those of the host elsewhere. */
export function here(host: HostKind): string {
  return isLinux(host) ? "in this IPC namespace" : "on this host";
}
