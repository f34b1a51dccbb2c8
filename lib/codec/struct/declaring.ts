import { checkInteger, outOfRange, wrongType } from "../../arguments.js";
import type { Fields, FieldType } from "./shape.js";

// Checks of what a struct is declared with, in the shape of all arguments. What is wrong with a message's value is said in
// refusal.ts instead, by the path of its field.

/** A type of `c`, or a struct. */
export function checkType(method: string, argument: string, value: unknown): void {
  if (!looksLikeType(value)) throw wrongType(method, argument, "a type of c or a struct", value);
}

function looksLikeType(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  try {
    return typeof (value as Partial<FieldType<unknown>>).shape === "function";
  } catch {
    return false;
  }
}

/** Types by the names of the fields, which are names in C too. */
export function checkFields(method: string, value: Fields): void;
export function checkFields(method: string, value: unknown): void {
  checkRecord(method, "fields", "an object of types by name", value);
  for (const [name, type] of Object.entries(value)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || name === "__proto__") {
      throw wrongType(method, "name of a field", "a C identifier", name);
    }
    checkType(method, name, type);
  }
}

/** Any object but an array. */
export function checkRecord(
  method: string,
  argument: string,
  expected: string,
  value: unknown,
): asserts value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw wrongType(method, argument, expected, value);
  }
}

/** A number of elements, bytes or bits. */
export function checkLength(method: string, argument: string, value: number, least: number): void {
  checkInteger(method, argument, value, least, 0x7fffffff);
}

const largestAlignment = 1 << 28;

/** An alignment in bytes. */
export function checkAlignment(method: string, argument: string, value: unknown): void {
  const expected = `a power of two from 1 to ${largestAlignment}`;
  if (typeof value !== "number") throw wrongType(method, argument, expected, value);
  if (!Number.isInteger(value) || value < 1 || value > largestAlignment || (value & (value - 1)) !== 0) {
    throw outOfRange(method, argument, expected, value);
  }
}

/** Bit-fields, padding and the like belong to a struct directly. */
export function checkPlain(method: string, argument: string, type: FieldType<unknown>): void {
  checkType(method, argument, type);
  if (type.place === undefined) return;
  const expected = "a type without bits, padding or alignment of its own, which stand in a struct directly";
  throw wrongType(method, argument, expected, type);
}
