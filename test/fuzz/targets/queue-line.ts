/** The line that a queue's file begins with; another file may begin with anything. */
import assert from "node:assert/strict";
import { parseQueueLine } from "#hostmq/posix/listing";
import type { Target } from "../engine/target.js";

export const target: Target = (input) => {
  const fields = parseQueueLine(input.toString("latin1"));
  if (fields === undefined) return;
  assert.ok(Number.isSafeInteger(fields.bytes), String(fields.bytes));
  if (fields.notifyPid !== undefined) assert.ok(Number.isSafeInteger(fields.notifyPid) && fields.notifyPid > 0);
};
