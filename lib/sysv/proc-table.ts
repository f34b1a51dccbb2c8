import { readFileSync } from "node:fs";

/** A row of /proc/sysvipc/msg: what anybody may see of a System V queue, with no permission on it. */
export interface ProcQueue {
  readonly key: number;
  readonly id: number;
  readonly mode: number;
  readonly bytes: number;
  readonly messages: number;
  readonly uid: number;
  readonly gid: number;
}

/** All System V queues of this IPC namespace; undefined where the system has no such table. */
export function procQueues(): ProcQueue[] | undefined {
  let text: string;
  try {
    text = readFileSync("/proc/sysvipc/msg", "utf8");
  } catch {
    return undefined;
  }
  return parseProcQueues(text);
}

/** Reads the text of /proc/sysvipc/msg. */
export function parseProcQueues(text: string): ProcQueue[] {
  const [header = "", ...lines] = text.split("\n");
  const columns = header.trim().split(/\s+/);
  const rows: ProcQueue[] = [];
  for (const line of lines) {
    if (line.trim() === "") continue;
    const values = line.trim().split(/\s+/);
    const value = (column: string): string => values[columns.indexOf(column)] ?? "";
    const row = {
      key: number(value("key")),
      id: number(value("msqid")),
      mode: parseInt(value("perms"), 8) & 0o777,
      bytes: number(value("cbytes")),
      messages: number(value("qnum")),
      uid: number(value("uid")),
      gid: number(value("gid")),
    };
    // What lacks a column, or has words in one, is no row.
    if (Object.values(row).every(Number.isSafeInteger)) rows.push(row);
  }
  return rows;
}

const number = (digits: string): number => (/^-?\d+$/.test(digits) ? Number(digits) : NaN);
