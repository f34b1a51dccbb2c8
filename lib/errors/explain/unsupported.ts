import { isLinux } from "../../limits.js";
import type { HostKind } from "../../limits.js";
import type { CallDetails } from "../call-details.js";
import type { Explanation } from "../row.js";
import { action } from "../words.js";

/** ENOSYS: what this platform lacks, and what it has instead. */
export function unsupported(call: string, details: CallDetails, host: HostKind): Explanation {
  const posix = call.startsWith("mq_");
  const family = posix ? "POSIX" : "System V";
  const [reason, hint] = posix ? posixAdvice(host) : sysvAdvice(host);
  return { what: `cannot ${action(call, details)}: ${reason ?? `this system has no ${family} message queues`}`, hint };
}

/** No list of POSIX queues: where there are none, or where nobody tells. */
export function unlisted(host: HostKind): Explanation {
  const what = "cannot list the POSIX queues";
  if (host === "macos" || host === "openbsd") {
    const [reason, hint] = posixAdvice(host);
    return { what: `${what}: ${reason ?? ""}`, hint };
  }
  const mount = host === "freebsd" ? "; mount -t mqueuefs null /mnt shows them as files" : "";
  return { what: `${what}: only Linux tells a program which exist`, hint: `Open the queue by its name${mount}.` };
}

type Advice = readonly [reason: string | undefined, hint: string];

function posixAdvice(host: HostKind): Advice {
  switch (host) {
    case "macos":
      return ["macOS has no POSIX message queues", "Use SysVQueue, which macOS has, or run on Linux."];
    case "openbsd":
      return ["OpenBSD has no POSIX message queues", "Use SysVQueue, which OpenBSD has, or run on Linux."];
    case "wsl1":
      return [
        "WSL 1 has no POSIX message queues",
        "Move the distribution to WSL 2, whose kernel has them: wsl --set-version <distribution> 2.",
      ];
    case "gvisor":
      return [
        "gVisor has no POSIX message queues",
        "Use SysVQueue, which gVisor has, or a runtime without gVisor (on Cloud Run: the second generation).",
      ];
    case "freebsd":
      return ["the module mqueuefs is not loaded", "Load it as root: kldload mqueuefs."];
    case "netbsd":
      return ["the kernel has no POSIX message queues", "Load its module as root: modload mqueue."];
    default:
      return [
        undefined,
        "The kernel is built without CONFIG_POSIX_MQUEUE, or a seccomp filter or emulator hides the call; SysVQueue may be there.",
      ];
  }
}

function sysvAdvice(host: HostKind): Advice {
  switch (host) {
    case "wsl1":
      return [
        "WSL 1 has no System V message queues",
        "Move the distribution to WSL 2, whose kernel has them: wsl --set-version <distribution> 2.",
      ];
    case "freebsd":
      return ["the module sysvmsg is not loaded", "Load it as root: kldload sysvmsg; a jail also needs sysvmsg=new."];
    case "macos":
      return [undefined, "A sandbox around this process hides the call: run outside of it."];
    case "netbsd":
    case "openbsd":
      return [undefined, "The kernel is built without the option SYSVMSG; PosixQueue may be there."];
    default:
      return [
        undefined,
        "The kernel is built without CONFIG_SYSVIPC, or a seccomp filter or emulator hides the call; PosixQueue may be there.",
      ];
  }
}

/** ENOSYS of a receive with MSG_COPY. */
export function noCopies(details: CallDetails, host: HostKind): Explanation {
  const what = `cannot ${action("msgrcv", details)}`;
  return isLinux(host)
    ? {
        what: `${what}: the kernel cannot copy messages without taking them (MSG_COPY)`,
        hint: "Use receive, or a kernel with CONFIG_CHECKPOINT_RESTORE, which browse and peek need.",
      }
    : {
        what: `${what}: only Linux can copy messages without taking them (MSG_COPY)`,
        hint: "Use receive; status() tells how many messages there are.",
      };
}
