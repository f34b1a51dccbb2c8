import { isDeepStrictEqual } from "node:util";

/** Whether two values are the same to their users: no format keeps the sign of 0. */
export function same(first: unknown, second: unknown): boolean {
  return isDeepStrictEqual(withoutSignedZero(first), withoutSignedZero(second));
}

function withoutSignedZero(value: unknown): unknown {
  if (value === 0) return 0;
  if (Array.isArray(value)) return value.map(withoutSignedZero);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withoutSignedZero(part)]));
}
