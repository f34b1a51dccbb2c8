import { checkBoolean, checkCodec, checkInteger, checkMode, checkOneOf, checkOptions } from "../arguments.js";
import type { HandleOptions } from "../message-queue.js";

/** What a handle may be used for. */
export type Access = "read" | "write" | "readwrite";

/** Options of `PosixQueue.open`. */
export interface PosixOpenOptions<Out, In> extends HandleOptions<Out, In> {
  /** What the handle is for (default `"readwrite"`); less needs fewer permissions. */
  access?: Access | undefined;
}

/** Options of `PosixQueue.create` and `PosixQueue.openOrCreate`. */
export interface PosixCreateOptions<Out, In> extends PosixOpenOptions<Out, In> {
  /** Permission bits (default `0o600`: the owner alone); the process's umask takes bits away. */
  mode?: number | undefined;
  /** Sets the mode as given, whatever the umask (default `false`). */
  exactMode?: boolean | undefined;
  /** The most messages that the queue holds (default `fs.mqueue.msg_default`; at most `fs.mqueue.msg_max` without privilege). */
  maxMessages?: number | undefined;
  /** The longest message in bytes (default `fs.mqueue.msgsize_default`; at most `fs.mqueue.msgsize_max` without privilege). */
  maxMessageSize?: number | undefined;
}

const openOptions = ["access", "codec", "coalesce"] as const;
const createOptions = [...openOptions, "mode", "exactMode", "maxMessages", "maxMessageSize"] as const;
const accesses = ["read", "write", "readwrite"] as const;
const mostOfLong = Number.MAX_SAFE_INTEGER;

export function checkOpenOptions<Out, In>(
  method: string,
  value: PosixOpenOptions<Out, In> | undefined,
): PosixOpenOptions<Out, In> {
  const options = checkOptions(method, value, openOptions);
  checkShared(method, options);
  return options;
}

export function checkCreateOptions<Out, In>(
  method: string,
  value: PosixCreateOptions<Out, In> | undefined,
): PosixCreateOptions<Out, In> {
  const options = checkOptions(method, value, createOptions);
  checkShared(method, options);
  const { mode, exactMode, maxMessages, maxMessageSize } = options;
  if (mode !== undefined) checkMode(method, mode);
  if (exactMode !== undefined) checkBoolean(method, "exactMode", exactMode);
  if (maxMessages !== undefined) checkInteger(method, "maxMessages", maxMessages, 1, mostOfLong);
  if (maxMessageSize !== undefined) checkInteger(method, "maxMessageSize", maxMessageSize, 1, mostOfLong);
  return options;
}

function checkShared<Out, In>(method: string, { access, codec, coalesce }: PosixOpenOptions<Out, In>): void {
  if (coalesce !== undefined) checkBoolean(method, "coalesce", coalesce);
  if (access !== undefined) checkOneOf(method, "access", access, accesses);
  if (codec !== undefined) checkCodec(method, codec);
}
