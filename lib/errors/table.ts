import { hostKind, isLinux } from "../limits.js";
import type { CallDetails } from "./call-details.js";
import { otherRows } from "./other-rows.js";
import { posixRows } from "./posix-rows.js";
import type { ErrorRow, Explanation } from "./row.js";
import { sysvRows } from "./sysv-rows.js";
import { action } from "./words.js";

export type { CallDetails } from "./call-details.js";
export type { ErrorClassName, ErrorRow, Explanation } from "./row.js";

/** Every way in which a call fails, one row each. docs/errors.md is made from it. */
export const errorTable: readonly ErrorRow[] = [...posixRows, ...sysvRows, ...otherRows];

const byCallAndErrno = groupRows();

function rowKey({ call, errno }: { readonly call: string; readonly errno: string }): string {
  return `${call} ${errno}`;
}

function groupRows(): Map<string, ErrorRow[]> {
  const groups = new Map<string, ErrorRow[]>();
  for (const row of errorTable) {
    const group = groups.get(rowKey(row));
    if (group === undefined) groups.set(rowKey(row), [row]);
    else group.push(row);
  }
  return groups;
}

/** The row for a failure: the first of the call and errno that applies to the details. */
export function findRow(call: string, errno: string, details: CallDetails, host = hostKind()): ErrorRow | undefined {
  return byCallAndErrno.get(rowKey({ call, errno }))?.find((row) => row.applies?.(details, host) ?? true);
}

/** The words of a row for these details. */
export function explain(row: ErrorRow, details: CallDetails, host = hostKind()): Explanation {
  const hint = isLinux(host) ? row.remedy : (row.remedyElsewhere ?? row.remedy);
  return row.explain?.(details, host) ?? { what: `cannot ${action(row.call, details)}: ${row.situation}`, hint };
}
