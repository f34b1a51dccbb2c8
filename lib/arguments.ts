import { isUint8Array } from "node:util/types";
import { largestLong, largestLongText, longBits } from "./c-long.js";
import type { Codec } from "./codec/codec.js";
import { nearest } from "./nearest.js";
import { reason, shown } from "./shown.js";

// Checks of what callers pass in. All of them answer in one shape, `method: argument must be …; got …`, before any
// system call: TypeError for the wrong kind of value, RangeError for one out of range; where something else found it wrong, that is
// the cause, and its words end the message. They run for every message,
// so the way of a good value is a typeof and a comparison, and allocates nothing.

/** The value has the wrong kind. */
export function wrongType(
  method: string,
  argument: string,
  expected: string,
  value: unknown,
  cause?: unknown,
): TypeError {
  const message = `${method}: ${argument} must be ${expected}; got ${shown(value)}${reason(cause)}`;
  const error = new TypeError(message, cause === undefined ? undefined : { cause });
  return Object.assign(error, { code: "ERR_INVALID_ARG_TYPE" as const });
}

/** The value has the right kind and cannot be used. */
export function outOfRange(
  method: string,
  argument: string,
  expected: string,
  value: unknown,
  cause?: unknown,
): RangeError {
  const message = `${method}: ${argument} must be ${expected}; got ${shown(value)}${reason(cause)}`;
  const error = new RangeError(message, cause === undefined ? undefined : { cause });
  return Object.assign(error, { code: "ERR_OUT_OF_RANGE" as const });
}

const longestName = 255;

/** A POSIX queue's name; gives it with its slash. The rules are the kernel's, told by name before it refuses. */
export function checkName(method: string, value: unknown): string {
  if (typeof value !== "string") throw wrongType(method, "name", "a string", value);
  const bare = value.charCodeAt(0) === 47 ? value.slice(1) : value;
  const rule = brokenNameRule(bare);
  if (rule !== undefined) throw outOfRange(method, "name", rule, value);
  return `/${bare}`;
}

/** What a name without its slash must be and is not. */
export function brokenNameRule(bare: string): string | undefined {
  if (bare === "") return "a name of at least one character after its slash";
  if (bare.includes("/")) return "a name with no slash but the first";
  if (bare === "." || bare === "..") return 'a name other than "." and ".."';
  if (bare.includes("\0")) return "a name without a NUL character";
  // A UTF-16 unit is at most three bytes: short names need no count.
  if (bare.length * 3 > longestName && Buffer.byteLength(bare) > longestName) {
    return `a name of at most ${longestName} bytes of UTF-8, not counting the slash`;
  }
  return undefined;
}

const noOptions: object = Object.freeze({});

/** An options object with known keys only; undefined stands for an empty one. */
export function checkOptions<T extends object>(method: string, value: T | undefined, allowed: readonly string[]): T;
export function checkOptions(method: string, value: unknown, allowed: readonly string[]): Record<string, unknown>;
export function checkOptions(method: string, value: unknown, allowed: readonly string[]): object {
  if (value === undefined) return noOptions;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw wrongType(method, "options", "an object", value);
  }
  for (const option in value) {
    if (!allowed.includes(option)) throw unknownOption(method, option, allowed);
  }
  return value;
}

function unknownOption(method: string, option: string, allowed: readonly string[]): TypeError {
  const meant = nearest(option, allowed);
  const known = allowed.length === 0 ? "none (there are no options)" : allowed.join(", ");
  const guess = meant === undefined ? "" : ` (did you mean ${JSON.stringify(meant)}?)`;
  const error = new TypeError(`${method}: option must be one of ${known}; got ${shown(option)}${guess}`);
  return Object.assign(error, { code: "ERR_INVALID_ARG_TYPE" as const });
}

/** An integer from `min` to `max`, both included. */
export function checkInteger(method: string, argument: string, value: unknown, min: number, max: number): number {
  if (typeof value === "number" && value >= min && value <= max && Number.isInteger(value)) return value;
  if (typeof value !== "number") throw wrongType(method, argument, `an integer ${between(min, max)}`, value);
  throw outOfRange(method, argument, `an integer ${between(min, max)}`, value);
}

function between(min: number, max: number): string {
  return max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
}

const largestNumberType = Math.min(Number.MAX_SAFE_INTEGER, Number(largestLong));
const typeNote = longBits === 64 ? "a bigint above 2^53-1" : "a type is a C long, which has 32 bits on this system";
const typeExpected = `an integer from 1 to ${largestLongText} (${typeNote})`;

/** A System V message type. A bigint that a number can hold comes back as a number. */
export function checkType(method: string, argument: string, value: unknown): number | bigint {
  if (typeof value === "number") {
    if (value >= 1 && value <= largestNumberType && Number.isInteger(value)) return value;
    throw outOfRange(method, argument, typeExpected, value);
  }
  if (typeof value !== "bigint") throw wrongType(method, argument, typeExpected, value);
  if (value < 1n || value > largestLong) throw outOfRange(method, argument, typeExpected, value);
  return value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

/** A timeout in milliseconds; undefined and Infinity both mean for ever, which is undefined. */
export function checkTimeout(method: string, value: unknown, argument = "timeout"): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "number") throw wrongType(method, argument, "a number of milliseconds", value);
  // Written so that NaN, which is neither, is refused.
  if (!(value >= 0)) throw outOfRange(method, argument, "a number of milliseconds of at least 0", value);
  return value === Infinity ? undefined : value;
}

/** An AbortSignal or undefined; one of another realm or a polyfill serves as well. */
export function checkSignal(method: string, value: unknown, argument = "signal"): AbortSignal | undefined {
  if (value === undefined || looksLikeSignal(value)) return value;
  throw wrongType(method, argument, "an AbortSignal", value);
}

function looksLikeSignal(value: unknown): value is AbortSignal {
  if (typeof value !== "object" || value === null) return false;
  // A proxy may throw at any touch, instanceof included.
  try {
    if (value instanceof AbortSignal) return true;
    const { aborted, addEventListener, removeEventListener } = value as Partial<AbortSignal>;
    return (
      typeof aborted === "boolean" &&
      typeof addEventListener === "function" &&
      typeof removeEventListener === "function"
    );
  } catch {
    return false;
  }
}

/** The body of a message without a codec: a string (its UTF-8 bytes) or bytes. */
export function checkBody(method: string, value: unknown, argument = "body"): string | Uint8Array {
  // isUint8Array asks the object itself: a forged prototype must not reach native code.
  if (typeof value === "string") return value;
  if (!isUint8Array(value))
    throw wrongType(method, argument, "a string or a Uint8Array (a codec such as json() takes other values)", value);
  if (value.length === 0) checkMemory(method, argument, value);
  return value;
}

/** Bytes that were there and are no more look like none: only the methods of the view tell. */
function checkMemory(method: string, argument: string, view: Uint8Array): void {
  try {
    Uint8Array.prototype.at.call(view, 0);
  } catch (cause) {
    const why = "its memory was transferred (postMessage, structuredClone) or shrunk";
    const error = new TypeError(`${method}: ${argument} has no bytes any more: ${why}`, { cause });
    throw Object.assign(error, { code: "ERR_INVALID_ARG_TYPE" as const });
  }
}

/** Memory to receive into. */
export function checkBuffer(method: string, value: unknown, argument = "buffer"): Uint8Array {
  if (isUint8Array(value)) return value;
  throw wrongType(method, argument, "a Uint8Array", value);
}

/** Permission bits. The text shows octal, as `600` in place of `0o600` is the usual slip. */
export function checkMode(method: string, value: unknown, argument = "mode"): number {
  const expected = "permission bits from 0o000 to 0o777 (in octal: 0o600)";
  if (typeof value !== "number") throw wrongType(method, argument, expected, value);
  if (value >= 0 && value <= 0o777 && Number.isInteger(value)) return value;
  throw outOfRange(method, argument, expected, value);
}

/** One of a few strings. */
export function checkOneOf<const T extends string>(
  method: string,
  argument: string,
  value: unknown,
  choices: readonly T[],
): T {
  if (typeof value === "string" && (choices as readonly string[]).includes(value)) return value as T;
  const expected = `one of ${choices.map((choice) => JSON.stringify(choice)).join(", ")}`;
  throw (typeof value === "string" ? outOfRange : wrongType)(method, argument, expected, value);
}

/** A string of any content. */
export function checkString(method: string, argument: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw wrongType(method, argument, "a string", value);
}

/** `true` or `false`. */
export function checkBoolean(method: string, argument: string, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw wrongType(method, argument, "a boolean", value);
}

/** A function. */
export function checkFunction<T extends (...parameters: never[]) => unknown>(
  method: string,
  argument: string,
  value: T,
): T;
export function checkFunction(method: string, argument: string, value: unknown): (...parameters: unknown[]) => unknown;
export function checkFunction(method: string, argument: string, value: unknown): unknown {
  if (typeof value === "function") return value;
  throw wrongType(method, argument, "a function", value);
}

/**
 * A System V key; gives it signed, as C's `key_t` has it. 0x80000000 and up is accepted too, as `ipcs` writes it.
 *
 * IPC_PRIVATE (0) is no key but a request for a new queue, so it is refused unless `allowPrivate` is true.
 */
export function checkKey(method: string, value: unknown, allowPrivate = false, argument = "key"): number {
  const expected = "a 32-bit integer (a System V key)";
  if (typeof value !== "number") throw wrongType(method, argument, expected, value);
  if (!(Number.isInteger(value) && value >= -0x80000000 && value <= 0xffffffff)) {
    throw outOfRange(method, argument, expected, value);
  }
  if (value === 0 && !allowPrivate) {
    throw outOfRange(
      method,
      argument,
      "a key other than IPC_PRIVATE (SysVQueue.createPrivate makes such a queue)",
      value,
    );
  }
  return value | 0;
}

/** An open descriptor's number. */
export function checkDescriptor(method: string, value: unknown, argument = "descriptor"): number {
  return checkInteger(method, argument, value, 0, 0x7fffffff);
}

/** A codec: two functions and a content type. */
export function checkCodec<T>(method: string, value: Codec<T>, argument?: string): Codec<T>;
export function checkCodec(method: string, value: unknown, argument?: string): Codec<unknown>;
export function checkCodec(method: string, value: unknown, argument = "codec"): unknown {
  if (looksLikeCodec(value)) return value;
  throw wrongType(method, argument, "a codec (an object with encode, decode and contentType)", value);
}

function looksLikeCodec(value: unknown): boolean {
  // Codecs may be classes with static members, so functions pass as well.
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return false;
  try {
    const { encode, decode, contentType } = value as Partial<Codec<unknown>>;
    return typeof encode === "function" && typeof decode === "function" && typeof contentType === "string";
  } catch {
    return false;
  }
}
