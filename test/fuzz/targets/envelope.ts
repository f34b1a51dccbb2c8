/** A line of `send --jsonl`, which anybody may have written: CommandError, or a message that is the same as it is written. */
import assert from "node:assert/strict";
import { fromJson, toJson } from "#hostmq/cli/envelope";
import { CommandError } from "#hostmq/cli/exit";
import { same } from "../engine/same.js";
import { unlessRefused, type Target } from "../engine/target.js";

export const target: Target = (input) => {
  const message = unlessRefused(() => fromJson(input.toString("utf8"), "line 1"), [CommandError]);
  if (message === undefined) return;
  const { priority, type } = message;
  if (priority !== undefined) assert.ok(Number.isSafeInteger(priority) && priority >= 0, String(priority));
  if (type !== undefined) assert.ok(type >= 1 && type < 2n ** 63n, String(type));
  assert.ok(same(fromJson(JSON.stringify(toJson(message)), "line 1"), message));
};
