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
  if (value === undefined && path !== "") return new TypeError(`${path}: missing; must be ${expected}`);
  return new TypeError(`${path === "" ? "body" : `${path}:`} must be ${expected}; got ${show(value)}`);
}

export function misfit(path: string, value: unknown, type: string, range: string): RangeError {
  return new RangeError(at(path, `${show(value)} does not fit ${type} (${range})`));
}

export function refusal(path: string, message: string): RangeError {
  return new RangeError(at(path, message));
}

function at(path: string, message: string): string {
  return path === "" ? message : `${path}: ${message}`;
}

/** Of bytes their number counts: most are refused for it. */
function show(value: unknown): string {
  return isUint8Array(value) ? `${value.length} bytes` : shown(value);
}
