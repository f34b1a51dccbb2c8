import type { Envelope } from "./envelope.js";
import { UsageError } from "./exit.js";
import type { OpenQueue } from "./queues.js";
import { highestPriority, messageType, priority } from "./values.js";

const asTypeOption = {
  flags: "-T, --as-type <type>",
  description: "from POSIX to System V: this type, or priority for a message's priority + 1",
  parse: (text: string): number | bigint | "priority" => (text === "priority" ? text : messageType(text)),
} as const;

export const asPriorityOption = {
  flags: "-P, --as-priority <n>",
  description: "from System V to POSIX: this priority, or type for a message's type - 1",
  parse: (text: string): number | "type" => (text === "type" ? text : priority(text)),
} as const;

export const crossingOptions = [asTypeOption, asPriorityOption] as const;

/** The options as the parser of the command gives them. */
export interface CrossingFlags {
  asType?: number | bigint | "priority";
  asPriority?: number | "type";
}

/**
 * How messages change on their way. Between queues of one family they do not; between the families a priority or a type would be
 * lost, so that somebody must say what is to become of it.
 */
export function crossing(
  from: "posix" | "sysv",
  target: OpenQueue,
  { asType, asPriority }: CrossingFlags,
): (message: Envelope) => Envelope {
  if (from === target.kind) {
    if (asType !== undefined || asPriority !== undefined) {
      throw new UsageError("--as-type and --as-priority are for messages that go from one family to the other");
    }
    return (message) => message;
  }
  if (target.kind === "sysv") {
    if (asType === undefined)
      throw new UsageError(
        `${target.label} has types and no priorities: --as-type priority keeps them as types, --as-type 1 drops them`,
      );
    return ({ body, priority = 0 }) => ({ body, type: asType === "priority" ? priority + 1 : asType });
  }
  if (asPriority === undefined)
    throw new UsageError(
      `${target.label} has priorities and no types: --as-priority type keeps them as priorities, --as-priority 0 drops them`,
    );
  return ({ body, type = 1 }) => ({ body, priority: asPriority === "type" ? priorityOf(type) : asPriority });
}

function priorityOf(type: number | bigint): number {
  if (type <= highestPriority + 1) return Number(type) - 1;
  throw new UsageError(`a message of type ${type} cannot become a priority: these end at ${highestPriority}`);
}
