import { checkInteger, outOfRange, wrongType } from "../arguments.js";

const int = 2 ** 31;
const smallestLong = -(2n ** 63n);
const largestLong = 2n ** 63n - 1n;

/** C's `int`. */
export function checkInt(method: string, argument: string, value: unknown): number {
  return checkInteger(method, argument, value, -int, int - 1);
}

/** C's `unsigned int`. */
export function checkUnsigned(method: string, argument: string, value: unknown): number {
  return checkInteger(method, argument, value, 0, 2 * int - 1);
}

/** C's `long`: a safe integer or a bigint of 64 bits. */
export function checkLong(method: string, argument: string, value: unknown): number | bigint {
  const expected = "a safe integer or a bigint of 64 bits";
  if (typeof value === "bigint") {
    if (value < smallestLong || value > largestLong) throw outOfRange(method, argument, expected, value);
    return value;
  }
  if (typeof value !== "number") throw wrongType(method, argument, expected, value);
  if (!Number.isSafeInteger(value)) throw outOfRange(method, argument, expected, value);
  return value;
}

/** C's `long` in a struct, where no value needs more than a number. */
export function checkLongField(method: string, argument: string, value: unknown): number {
  return checkInteger(method, argument, value, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
}

/** C's string; what the kernel says of it is the kernel's matter. */
export function checkString(method: string, argument: string, value: unknown): string {
  if (typeof value !== "string") throw wrongType(method, argument, "a string", value);
  if (value.includes("\0")) throw outOfRange(method, argument, "a string without NUL", value);
  return value;
}

export function checkObject<T extends object>(method: string, argument: string, value: T): T {
  if (typeof value !== "object" || (value as unknown) === null) throw wrongType(method, argument, "an object", value);
  return value;
}
