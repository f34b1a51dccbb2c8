import { checkInteger, checkOptions, checkType, outOfRange, wrongType } from "../arguments.js";
import { MSG_EXCEPT } from "../msg-constants.js";
import { allowedOptions, checkWaiting } from "../wait-options.js";
import type { WaitOptions } from "../wait-options.js";
import type { SysVReceiveOptions } from "./message.js";

/** What a receive asks the kernel for: msgtyp and the flags of msgrcv(2). */
export interface Selection {
  type: number | bigint;
  flags: number;
  /** Bytes after which the body is cut. */
  truncate: number | undefined;
}

const oldest: Selection = Object.freeze({ type: 0, flags: 0, truncate: undefined });
const oldestKey = "0 0";
const selectors = ["type", "upTo", "except"] as const;
const receiveOptions = [...selectors, "truncate"];
const largestBody = 2 ** 31 - 16;

export function checkSelection(method: string, options: (SysVReceiveOptions & WaitOptions) | undefined): Selection {
  if (options === undefined) return oldest;
  checkWaiting(method, checkOptions(method, options, allowedOptions("sysv", method, receiveOptions)));
  const { type, upTo, except, truncate } = options;
  if (type === undefined && upTo === undefined && except === undefined && truncate === undefined) return oldest;
  const given = selectors.filter((name) => options[name] !== undefined);
  if (given.length > 1) throw wrongType(method, "selector", "one of type, upTo and except", given.join(" and "));
  if (truncate !== undefined) checkInteger(method, "truncate", truncate, 0, largestBody);
  return { ...kernelType(method, type, upTo, except), truncate };
}

/** Whether the kernel would give a message of this type: msgrcv(2). */
export function selects({ type: wanted, flags }: Selection, type: number | bigint): boolean {
  if (wanted === 0) return true;
  if (wanted < 0) return type <= -wanted;
  // A type that a number can hold is one, on both sides.
  return (flags & MSG_EXCEPT) === 0 ? type === wanted : type !== wanted;
}

/** Refuses to cut messages that come many in one of the kernel's: what the cut leaves is none of them. */
export function checkWhole(method: string, { truncate }: Selection): void {
  if (truncate === undefined) return;
  throw outOfRange(method, "truncate", "absent on a handle with coalesce, whose messages come whole", truncate);
}

/** The same for receives that may be served by the same wait. */
export function selectionKey(selection: Selection): string {
  // Almost every receive, and a made-up string would be hashed anew each time.
  if (selection === oldest) return oldestKey;
  return `${selection.type} ${selection.flags}`;
}

function kernelType(
  method: string,
  type: number | bigint | undefined,
  upTo: number | bigint | undefined,
  except: number | bigint | undefined,
): { type: number | bigint; flags: number } {
  if (type !== undefined) return { type: checkType(method, "type", type), flags: 0 };
  if (upTo !== undefined) return { type: -checkType(method, "upTo", upTo), flags: 0 };
  if (except !== undefined) return { type: checkType(method, "except", except), flags: MSG_EXCEPT };
  return oldest;
}
