import { checkInteger, checkOptions, checkTimeout, checkType, outOfRange, wrongType } from "../arguments.js";
import type { SysVQueue } from "../sysv/queue.js";
import type { Observation, ObservableQueue } from "./observer.js";

/** Types of System V messages, both ends included; an end that is absent is open. */
export interface TypeRange {
  /** The lowest type that counts. */
  from?: number | bigint | undefined;
  /** The highest type that counts. */
  to?: number | bigint | undefined;
}

/** When a trigger fires; exactly one of `message`, `messages`, `oldest` and `unread`. */
export interface TriggerCondition {
  /** A message is there: `"first"` when the queue was empty before, `"every"` whenever there are more than before. */
  message?: "first" | "every" | undefined;
  /** At least so many messages are there. */
  messages?: number | undefined;
  /** With `messages`: only those of these types count (System V: POSIX queues do not tell). */
  types?: TypeRange | undefined;
  /** The oldest message has been seen to wait for so many milliseconds. */
  oldest?: number | undefined;
  /** For so many milliseconds there were messages and none was taken: nobody is reading. */
  unread?: number | undefined;
}

/** Says why the trigger fires, or undefined when its condition does not hold. */
export type Check = (seen: Observation) => string | undefined;

/** Whether each increase is news, not only the change from false to true. */
export function isRepeating({ message }: TriggerCondition): boolean {
  return message === "every";
}

const method = "Trigger";
const names = ["message", "messages", "types", "oldest", "unread"] as const;

/** Checks the condition and gives what tells whether it holds. */
export function checkOf(queue: ObservableQueue, condition: TriggerCondition): Check {
  const { message, messages, types, oldest, unread } = checkOptions(method, condition, names);
  const given = [message, messages, oldest, unread].filter((value) => value !== undefined);
  if (given.length !== 1)
    throw wrongType(method, "condition", "exactly one of message, messages, oldest and unread", condition);
  if (types !== undefined && messages === undefined)
    throw wrongType(method, "types", "given with messages only", types);
  if (messages !== undefined) return atLeast(queue, checkInteger(method, "messages", messages, 1, 2 ** 31), types);
  if (oldest !== undefined) return lasting("oldest", oldest, "the oldest message has waited");
  if (unread !== undefined) return lasting("unread", unread, "no message was taken");
  if (message === "every") return ({ arrived }) => (arrived > 0 ? `${counted(arrived)} arrived` : undefined);
  if (message !== "first") throw outOfRange(method, "message", '"first" or "every"', message);
  return ({ messages: there }) => (there > 0 ? "a message arrived" : undefined);
}

function atLeast(queue: ObservableQueue, wanted: number, types: TypeRange | undefined): Check {
  const reason = (there: number, which = ""): string | undefined => {
    return there >= wanted ? `${counted(there)}${which} there, at least ${wanted} asked for` : undefined;
  };
  if (types === undefined) return ({ messages }) => reason(messages);
  if (!("browse" in queue)) {
    throw wrongType(
      method,
      "types",
      "absent: a POSIX queue tells only how many messages there are, not of which priority, and has no types",
      types,
    );
  }
  checkOptions(method, types, ["from", "to"]);
  const from = types.from === undefined ? 1 : checkType(method, "types.from", types.from);
  const to = types.to === undefined ? 2n ** 63n : checkType(method, "types.to", types.to);
  const count = counter(queue, (type) => type >= from && type <= to);
  return ({ messages }) => (messages < wanted ? undefined : reason(count(), ` of these types`));
}

// Times of the kernel are whole seconds: within one, things may change that the status does not show.
const settled = 2000;

/** Counts the messages that qualify, by looking at each; as long as the status stands still the last count holds. */
function counter(queue: SysVQueue<unknown>, qualifies: (type: number | bigint) => boolean): () => number {
  let known = "";
  let count = 0;
  return () => {
    const status = queue.status();
    const seen = JSON.stringify(status);
    const latest = Math.max(status.lastSentAt?.getTime() ?? 0, status.lastReceivedAt?.getTime() ?? 0);
    if (seen === known && Date.now() - latest > settled) return count;
    known = seen;
    count = 0;
    for (const { type } of queue.browse()) if (qualifies(type)) count++;
    return count;
  };
}

function lasting(name: "oldest" | "unread", value: number, what: string): Check {
  const limit = checkTimeout(method, value, name) ?? Infinity;
  return (seen) => {
    const lasted = seen[name];
    return seen.messages > 0 && lasted >= limit ? `${what} for ${Math.round(lasted)} ms` : undefined;
  };
}

function counted(messages: number): string {
  return messages === 1 ? "1 message" : `${messages} messages`;
}
