const longestText = 40;

/** A value as an error message shows it: short, on one line, and safe to make of anything at all. */
export function shown(value: unknown): string {
  switch (typeof value) {
    case "string":
      return shownString(value);
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
      // Writing out a bigint of a million digits takes seconds.
      return BigInt.asIntN(128, value) === value ? `${value}n` : "a bigint of more than 128 bits";
    case "symbol":
      return clipped(String(value));
    case "object":
    case "function":
      return value === null ? "null" : shownObject(value);
    default:
      return String(value);
  }
}

/** A string in quotes, cut where it gets long, with control characters escaped. */
function shownString(value: string): string {
  if (value.length <= longestText) return JSON.stringify(value);
  return `${JSON.stringify(value.slice(0, longestText))}… (${value.length} characters)`;
}

function clipped(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText)}…`;
}

function shownObject(value: object): string {
  // A proxy or a getter may throw at any touch.
  try {
    if (typeof value === "function") {
      const { name } = value as { name: unknown };
      return typeof name === "string" && name !== "" ? `function ${clipped(name)}` : "a function";
    }
    if (Array.isArray(value)) return `an array of ${value.length}`;
    const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: unknown } } | null;
    const name = prototype?.constructor?.name;
    if (typeof name !== "string" || name === "" || name === "Object") return "an object";
    return `an instance of ${clipped(name)}`;
  } catch {
    return typeof value === "function" ? "a function" : "an object";
  }
}

/**
 * What a failure underneath says, as the end of a message. What a codec threw may be anything, also something that throws when
 * it is looked at.
 */
export function reason(cause: unknown): string {
  try {
    if (!(cause instanceof Error) || cause.message === "") return "";
    const [line = ""] = cause.message.split("\n", 1);
    return `: ${line.length <= 200 ? line.replace(/\.$/, "") : `${line.slice(0, 200)}…`}`;
  } catch {
    return "";
  }
}
