/** Every message that a struct gives about a value, so that they read alike. The path comes first. */

export function member(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

export function element(path: string, index: number): string {
  return `${path}[${index}]`;
}

export function wrongType(path: string, expected: string, value: unknown): TypeError {
  return new TypeError(
    at(path, value === undefined ? `missing; expected ${expected}` : `expected ${expected}, received ${show(value)}`),
  );
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

/** A value in a message: short, and never its insides. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return "a function";
  if (typeof value === "object" && value !== null) {
    return Array.isArray(value)
      ? `an array of ${value.length}`
      : value instanceof Uint8Array
        ? `${value.length} bytes`
        : "an object";
  }
  return String(value);
}
