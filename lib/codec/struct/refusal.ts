import { isUint8Array } from "node:util/types";
import { shown } from "../../shown.js";

/** Every message that a struct gives about a value, so that they read alike. The path comes first. */

export function member(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

export function element(path: string, index: number): string {
  return `${path}[${index}]`;
}

export function wrongType(path: string, expected: string, value: unknown): TypeError {
  const missing = value === undefined && path !== "";
  const subject = path === "" ? "struct: body" : `${path}:`;
  const message = missing
    ? `${path}: missing; must be ${expected}`
    : `${subject} must be ${expected}; got ${show(value)}`;
  return typeError(message);
}

/** A declaration that no struct can have. */
export function wrongDeclaration(path: string, message: string): TypeError {
  return typeError(at(path, message));
}

function typeError(message: string): TypeError {
  return Object.assign(new TypeError(message), { code: "ERR_INVALID_ARG_TYPE" as const });
}

export function misfit(path: string, value: unknown, type: string, range: string): RangeError {
  return refusal(path, `${show(value)} does not fit ${type} (${range})`);
}

export function refusal(path: string, message: string): RangeError {
  return Object.assign(new RangeError(at(path, message)), { code: "ERR_OUT_OF_RANGE" as const });
}

function at(path: string, message: string): string {
  return path === "" ? message : `${path}: ${message}`;
}

/** Of bytes their number counts: most are refused for it. */
function show(value: unknown): string {
  return isUint8Array(value) ? `${value.length} bytes` : shown(value);
}
