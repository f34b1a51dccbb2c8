import { checkInteger, outOfRange, wrongType } from "../arguments.js";
import { largestLong, longBits } from "../c-long.js";

const int = 2 ** 31;
const smallestLong = -largestLong - 1n;
const largestNumberLong = Math.min(Number.MAX_SAFE_INTEGER, Number(largestLong));
const smallestNumberLong = Math.max(Number.MIN_SAFE_INTEGER, Number(smallestLong));
const longExpected =
  longBits === 64
    ? "a safe integer or a bigint of 64 bits"
    : "an integer of 32 bits, which a C long has on this system,";

/** C's `int`. */
export function checkInt(method: string, argument: string, value: unknown): number {
  return checkInteger(method, argument, value, -int, int - 1);
}

/** C's `unsigned int`. */
export function checkUnsigned(method: string, argument: string, value: unknown): number {
  return checkInteger(method, argument, value, 0, 2 * int - 1);
}

/** C's `long`: a number that is exact, or a bigint. */
export function checkLong(method: string, argument: string, value: unknown): number | bigint {
  if (typeof value === "bigint") {
    if (value < smallestLong || value > largestLong) throw outOfRange(method, argument, longExpected, value);
    return value;
  }
  if (typeof value !== "number") throw wrongType(method, argument, longExpected, value);
  const fits = value >= smallestNumberLong && value <= largestNumberLong && Number.isInteger(value);
  if (!fits) throw outOfRange(method, argument, longExpected, value);
  return value;
}

/** C's `long` in a struct, where no value needs more than a number. */
export function checkLongField(method: string, argument: string, value: unknown): number {
  return checkInteger(method, argument, value, smallestNumberLong, largestNumberLong);
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
