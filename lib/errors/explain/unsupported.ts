import { hostKind } from "../../limits.js";
import type { HostKind } from "../../limits.js";
import type { CallDetails } from "../call-details.js";
import type { Explanation } from "../row.js";
import { action } from "../words.js";

/** ENOSYS: what this platform lacks, and what it has instead. */
export function unsupported(call: string, details: CallDetails, host: HostKind = hostKind()): Explanation {
  const posix = call.startsWith("mq_");
  const family = posix ? "POSIX" : "System V";
  const [reason, hint] = posix ? posixAdvice(host) : sysvAdvice(host);
  return { what: `cannot ${action(call, details)}: ${reason ?? `this system has no ${family} message queues`}`, hint };
}

type Advice = readonly [reason: string | undefined, hint: string];

function posixAdvice(host: HostKind): Advice {
  switch (host) {
    case "macos":
      return ["macOS has no POSIX message queues", "Use SysVQueue, which macOS has, or run on Linux."];
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
    default:
      return [
        undefined,
        "The kernel is built without CONFIG_SYSVIPC, or a seccomp filter or emulator hides the call; PosixQueue may be there.",
      ];
  }
}
