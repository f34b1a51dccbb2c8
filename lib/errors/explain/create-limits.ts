import { containerKind, hasSysResource, isLinux, posixLimits } from "../../limits.js";
import type { ContainerKind, HostKind } from "../../limits.js";
import type { CallDetails } from "../call-details.js";
import type { Explanation } from "../row.js";
import { posixLimitNames } from "../system-limits.js";
import { action } from "../words.js";

// What even CAP_SYS_RESOURCE cannot pass: HARD_MSGMAX and HARD_MSGSIZEMAX of the kernel.
const hardMessages = 65536;
const hardMessageSize = 16777216;

interface Excess {
  readonly option: "maxMessages" | "maxMessageSize";
  readonly asked: number;
  readonly limit: number;
  readonly name: string;
  readonly hard: boolean;
}

/** EINVAL of a create: which of the attributes is over which limit, and how to raise it. */
export function createLimits(details: CallDetails, host: HostKind): Explanation {
  const what = `cannot ${action("mq_open", details)}`;
  const notPositive = notPositiveOption(details);
  if (notPositive !== undefined) {
    return { what: `${what}: ${notPositive}`, hint: "Ask for at least 1 message of at least 1 byte." };
  }
  if (!isLinux(host)) return unexplained(what, details, host);
  const mayPass = hasSysResource();
  const excesses = findExcesses(details, mayPass === true);
  const [first] = excesses;
  if (first === undefined) return unexplained(what, details, host);
  const over = excesses.map(({ option, asked, name, limit }) => `${option} ${asked} is over ${name} = ${limit}`);
  const because = first.hard || mayPass !== false ? "" : " and this process has no CAP_SYS_RESOURCE";
  return { what: `${what}: ${over.join(", ")}${because}`, hint: raise(excesses) };
}

function notPositiveOption(details: CallDetails): string | undefined {
  if (details.maxMessages !== undefined && !(details.maxMessages > 0)) return `maxMessages is ${details.maxMessages}`;
  if (details.maxMessageSize !== undefined && !(details.maxMessageSize > 0)) {
    return `maxMessageSize is ${details.maxMessageSize}`;
  }
  return undefined;
}

function findExcesses(details: CallDetails, mayPass: boolean): Excess[] {
  const limits = posixLimits();
  const excesses: Excess[] = [];
  const consider = (option: Excess["option"], sysctl: string, soft: number | undefined, hard: number): void => {
    const asked = details[option];
    const limit = mayPass ? hard : soft;
    if (asked === undefined || limit === undefined || asked <= limit) return;
    const isHard = mayPass || asked > hard;
    excesses.push(
      isHard
        ? { option, asked, limit: hard, name: "the kernel's own ceiling", hard: true }
        : { option, asked, limit, name: `fs.mqueue.${sysctl}`, hard: false },
    );
  };
  consider("maxMessages", "msg_max", limits.maxMessages, hardMessages);
  consider("maxMessageSize", "msgsize_max", limits.maxMessageSize, hardMessageSize);
  return excesses;
}

function raise(excesses: readonly Excess[]): string {
  const [first] = excesses;
  const fewer = excesses.map(({ option, limit }) =>
    option === "maxMessages" ? `${limit} or fewer` : `${limit} bytes or fewer`,
  );
  const ask = `Ask for ${fewer.join(" and ")}`;
  if (first === undefined || excesses.some(({ hard }) => hard)) return `${ask}; no setting raises it.`;
  const settings = excesses.map(({ name, asked }) => `${name}=${asked}`);
  const pronoun = excesses.length > 1 ? "them" : "it";
  return `${ask}, or raise ${pronoun}: sysctl ${settings.join(" ")} (${inContainer(settings, containerKind())}).`;
}

/** The same setting from outside of a container: inside, /proc/sys is read-only. */
function inContainer(settings: readonly string[], kind: ContainerKind | undefined): string {
  switch (kind) {
    case "kubernetes":
      return `in the pod's securityContext.sysctls, which the kubelet must allow: --allowed-unsafe-sysctls 'fs.mqueue.*'`;
    case "podman":
      return `podman run ${settings.map((setting) => `--sysctl ${setting}`).join(" ")}`;
    default:
      return `docker run ${settings.map((setting) => `--sysctl ${setting}`).join(" ")}`;
  }
}

function unexplained(what: string, details: CallDetails, host: HostKind): Explanation {
  const { maxMessages, maxMessageSize } = details;
  const asked = [
    ...(maxMessages === undefined ? [] : [`maxMessages ${maxMessages}`]),
    ...(maxMessageSize === undefined ? [] : [`maxMessageSize ${maxMessageSize}`]),
  ];
  const reason =
    asked.length > 0
      ? `the system refuses ${asked.join(" with ")}, and does not show its limits`
      : "the system refuses the name, the flags or the attributes";
  const limits = posixLimitNames(host)?.sizes;
  return {
    what: `${what}: ${reason}`,
    hint: `A name is a slash and up to 255 bytes without another slash; try fewer and smaller messages${limits === undefined ? "" : `, or raise the limits: ${limits}`}.`,
  };
}
