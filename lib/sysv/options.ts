import { checkBoolean, checkCodec, checkInteger, checkMode, checkOptions, checkType, wrongType } from "../arguments.js";
import type { HandleOptions } from "../message-queue.js";

/** Options of `SysVQueue.open` and `SysVQueue.fromId`. */
export interface SysVOpenOptions<Out, In> extends HandleOptions<Out, In> {
  /** The type to send with where a send names none, 1 to 2^63 - 1 (default 1). */
  type?: number | bigint | undefined;
}

/** Options of `SysVQueue.create`, `openOrCreate` and `createPrivate`. */
export interface SysVCreateOptions<Out, In> extends SysVOpenOptions<Out, In> {
  /** Permission bits (default `0o600`: the owner alone). System V queues know no umask. */
  mode?: number | undefined;
  /** The most bytes that the queue holds (default, and most without privilege: `kernel.msgmnb`). */
  maxBytes?: number | undefined;
}

/** What `SysVQueue.configure` changes; what is absent stays. */
export interface SysVConfiguration {
  /** Permission bits. */
  mode?: number | undefined;
  /** The new owner. */
  uid?: number | undefined;
  /** The new owner's group. */
  gid?: number | undefined;
  /** The most bytes that the queue holds; above `kernel.msgmnb` only with CAP_SYS_RESOURCE. */
  maxBytes?: number | undefined;
}

const openOptions = ["codec", "coalesce", "type"] as const;
const createOptions = [...openOptions, "mode", "maxBytes"] as const;
const configuration = ["mode", "uid", "gid", "maxBytes"] as const;
const largestId = 2 ** 32 - 1;
/** Linux takes msg_qbytes for a C `int` and cuts off what is more: 2^32 + 5 bytes would silently be 5. */
const mostBytes = 2 ** 31 - 1;

export function checkOpenOptions<Out, In>(
  method: string,
  value: SysVOpenOptions<Out, In> | undefined,
): SysVOpenOptions<Out, In> {
  const options = checkOptions(method, value, openOptions);
  checkShared(method, options);
  return options;
}

export function checkCreateOptions<Out, In>(
  method: string,
  value: SysVCreateOptions<Out, In> | undefined,
): SysVCreateOptions<Out, In> {
  const options = checkOptions(method, value, createOptions);
  checkShared(method, options);
  checkKept(method, options);
  return options;
}

export function checkConfiguration(method: string, value: SysVConfiguration): SysVConfiguration {
  if ((value as unknown) === undefined) throw wrongType(method, "changes", "an object", value);
  const changes = checkOptions(method, value, configuration);
  checkKept(method, changes);
  if (changes.uid !== undefined) checkInteger(method, "uid", changes.uid, 0, largestId);
  if (changes.gid !== undefined) checkInteger(method, "gid", changes.gid, 0, largestId);
  return changes;
}

function checkShared<Out, In>(method: string, { codec, coalesce, type }: SysVOpenOptions<Out, In>): void {
  if (coalesce !== undefined) checkBoolean(method, "coalesce", coalesce);
  if (codec !== undefined) checkCodec(method, codec);
  if (type !== undefined) checkType(method, "type", type);
}

function checkKept(
  method: string,
  { mode, maxBytes }: { mode?: number | undefined; maxBytes?: number | undefined },
): void {
  if (mode !== undefined) checkMode(method, mode);
  if (maxBytes !== undefined) checkInteger(method, "maxBytes", maxBytes, 0, mostBytes);
}
