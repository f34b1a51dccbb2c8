import { readFileSync } from "node:fs";
import { UsageError } from "./exit.js";

type File = "passwd" | "group";

interface Named {
  readonly name: string;
  readonly number: number;
}

const tables = new Map<File, readonly Named[]>();

/** What /etc/passwd or /etc/group holds. Other directories are not asked: numbers serve as well. */
function table(file: File): readonly Named[] {
  let names = tables.get(file);
  if (names === undefined) {
    names = readTable(file);
    tables.set(file, names);
  }
  return names;
}

function readTable(file: File): readonly Named[] {
  try {
    return parseNames(readFileSync(`/etc/${file}`, "utf8"));
  } catch {
    // Without the file there are numbers.
    return [];
  }
}

/** The names and numbers of passwd(5) or group(5). Lines of NIS, which begin with `+` or `-`, have no number. */
export function parseNames(text: string): Named[] {
  return text.split("\n").flatMap((line) => {
    const [name = "", , number = ""] = line.split(":");
    return name !== "" && /^\d{1,10}$/.test(number) ? [{ name, number: Number(number) }] : [];
  });
}

/** The user's name, or the number where it has none here. */
export function userName(uid: number): string {
  return nameOf("passwd", uid);
}

/** The group's name, or the number where it has none here. */
export function groupName(gid: number): string {
  return nameOf("group", gid);
}

function nameOf(file: File, wanted: number): string {
  return table(file).find(({ number }) => number === wanted)?.name ?? String(wanted);
}

/** Reads a user: a name or a number. */
export const user = (text: string): number => numberOf("passwd", "user", text);

/** Reads a group: a name or a number. */
export const group = (text: string): number => numberOf("group", "group", text);

function numberOf(file: File, what: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  const found = table(file).find(({ name }) => name === text);
  if (found === undefined) throw new UsageError(`no ${what} "${text}" is in /etc/${file}`);
  return found.number;
}
