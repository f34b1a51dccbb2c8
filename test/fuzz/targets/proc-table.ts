/** /proc/sysvipc/msg: the kernel's own table, of whatever version. */
import assert from "node:assert/strict";
import { parseProcQueues } from "#hostmq/sysv/proc-table";
import type { Target } from "../engine/target.js";

export const target: Target = (input) => {
  for (const row of parseProcQueues(input.toString("utf8"))) {
    for (const [name, value] of Object.entries(row)) assert.ok(Number.isSafeInteger(value), `${name} is ${value}`);
    assert.ok(row.mode <= 0o777);
  }
};
