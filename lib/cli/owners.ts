import { readFileSync } from "node:fs";
import { UsageError } from "./exit.js";

type File = "passwd" | "group";

const tables = new Map<File, ReadonlyMap<number, string>>();

/** Names by number, from /etc/passwd or /etc/group. Other directories are not asked: numbers serve as well. */
function table(file: File): ReadonlyMap<number, string> {
  let names = tables.get(file);
  if (names === undefined) {
    names = readTable(file);
    tables.set(file, names);
  }
  return names;
}

function readTable(file: File): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  try {
    for (const line of readFileSync(`/etc/${file}`, "utf8").split("\n")) {
      const [name, , number] = line.split(":");
      if (name !== undefined && number !== undefined && !names.has(Number(number))) names.set(Number(number), name);
    }
  } catch {
    // Without the file there are numbers.
  }
  return names;
}

/** The user's name, or the number where it has none here. */
export function userName(uid: number): string {
  return table("passwd").get(uid) ?? String(uid);
}

/** The group's name, or the number where it has none here. */
export function groupName(gid: number): string {
  return table("group").get(gid) ?? String(gid);
}

/** Reads a user: a name or a number. */
export const user = (text: string): number => numberOf("passwd", "user", text);

/** Reads a group: a name or a number. */
export const group = (text: string): number => numberOf("group", "group", text);

function numberOf(file: File, what: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  for (const [number, name] of table(file)) if (name === text) return number;
  throw new UsageError(`no ${what} "${text}" is in /etc/${file}`);
}
