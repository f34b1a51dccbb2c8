import { brokenNameRule } from "../arguments.js";
import { UsageError } from "./exit.js";

/** What a person calls a queue. */
export type Address =
  | { readonly kind: "posix"; readonly name: string }
  | { readonly kind: "key"; readonly key: number }
  | { readonly kind: "id"; readonly id: number }
  | { readonly kind: "ftok"; readonly path: string; readonly projectId: number };

/** How queues are named, for the help of each command. */
export const queueArgument = "/name (POSIX), key:0x1234, id:5 or ftok:PATH:ID (System V)";

/** Reads `/jobs`, `jobs`, `posix:jobs`, `0x1234`, `key:1234`, `id:5` or `ftok:/etc/hostname:65`. */
export function parseAddress(text: string): Address {
  const [, scheme, rest = ""] = /^(posix|key|id|ftok):(.*)$/s.exec(text) ?? [];
  switch (scheme) {
    case "posix":
      return { kind: "posix", name: posixName(rest, text) };
    case "key":
      return { kind: "key", key: integer(rest, text) };
    case "id":
      return { kind: "id", id: identifier(rest, text) };
    case "ftok":
      return ftokAddress(rest, text);
    case undefined:
      return bareAddress(text);
    default:
      throw new UsageError(`"${text}" names no queue`);
  }
}

function bareAddress(text: string): Address {
  if (/^0x[\da-f]{1,8}$/i.test(text)) return { kind: "key", key: Number(text) | 0 };
  if (/^-?\d+$/.test(text)) {
    throw new UsageError(
      `"${text}" may be a key or an id: write key:${text} or id:${text} (or posix:${text} for a POSIX queue)`,
    );
  }
  if (text === "") throw new UsageError("an empty word names no queue");
  return { kind: "posix", name: posixName(text, text) };
}

/** The address that names the same queue in another command. */
export function keyAddress(key: number): string {
  return `key:0x${(key >>> 0).toString(16).padStart(8, "0")}`;
}

/** Whether the word stands for several queues; `posix:` says that it does not. */
export function isPattern(text: string): boolean {
  return /[*?[]/.test(text) && !text.startsWith("posix:");
}

/** The address of a POSIX queue: its name, unless that would be read as a pattern. */
export function nameAddress(name: string): string {
  return isPattern(name) ? `posix:${name}` : name;
}

/** Compares a whole word with a pattern of the shell: `*`, `?`, `[abc]`, `[!abc]`. */
export function patternOf(text: string): RegExp {
  const source = text.replace(
    /\[(!?)([^\]]*)\]|[.*+?^${}()|[\]\\]/g,
    (match, not: string | undefined, set: string | undefined) => {
      if (set !== undefined) return `[${not === "!" ? "^" : ""}${set.replace(/[\\^\]]/g, "\\$&")}]`;
      return match === "*" ? star : match === "?" ? "." : `\\${match}`;
    },
  );
  try {
    return new RegExp(`^${withStars(source.split(star))}$`, "su");
  } catch {
    throw new UsageError(`"${text}" is no pattern: a range in brackets goes upwards, as in [a-z]`);
  }
}

/** No argument of a program has it. */
const star = "\0";

/**
 * What is between stars is looked for from left to right, and the first place is kept: if one place will do, the first does. Without
 * keeping it (an atomic group, which JavaScript writes like this), twenty stars would take years.
 */
function withStars([first = "", ...others]: readonly string[]): string {
  const last = others.pop();
  if (last === undefined) return first;
  const between = others.filter((part) => part !== "");
  return `${first}${between.map((part, index) => `(?=(.*?${part}))\\${index + 1}`).join("")}.*${last}`;
}

function posixName(name: string, text: string): string {
  const bare = name.replace(/^\//, "");
  const rule = brokenNameRule(bare);
  if (rule !== undefined) throw new UsageError(`"${text}" names no queue: ${rule} is needed`);
  return `/${bare}`;
}

function identifier(digits: string, text: string): number {
  const id = integer(digits, text);
  if (id < 0) throw new UsageError(`"${text}" needs a number from 0 to ${2 ** 31 - 1}`);
  return id;
}

function integer(digits: string, text: string): number {
  const number = /^(-?\d+|0x[\da-f]+)$/i.test(digits) ? Number(digits) : NaN;
  if (Number.isInteger(number) && number >= -(2 ** 31) && number < 2 ** 32) return number | 0;
  throw new UsageError(`"${text}" needs a number of 32 bits, such as ${text.split(":")[0] ?? "key"}:0x1234`);
}

function ftokAddress(rest: string, text: string): Address {
  const [, path, project] = /^(.+):([^:]+)$/s.exec(rest) ?? [];
  if (path === undefined || project === undefined)
    throw new UsageError(`"${text}" must be ftok:PATH:ID, such as ftok:/etc/hostname:65`);
  const projectId = /^\d+$/.test(project) ? Number(project) : project.length === 1 ? project.charCodeAt(0) : NaN;
  if (!(projectId >= 0 && projectId <= 255))
    throw new UsageError(`"${text}" needs a project id from 1 to 255 or one letter`);
  return { kind: "ftok", path, projectId };
}
