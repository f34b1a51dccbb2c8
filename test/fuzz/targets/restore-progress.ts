/** The file in which a restore notes how far it came: CommandError, or a number of messages. */
import assert from "node:assert/strict";
import { CommandError } from "#hostmq/cli/exit";
import { parseProgress } from "#hostmq/cli/restore-progress";
import { unlessRefused, type Target } from "../engine/target.js";

export const target: Target = (input) => {
  const done = unlessRefused(
    () => parseProgress(input.toString("utf8"), { queue: "/q", at: "2026-01-01T00:00:00.000Z" }, "x.restored"),
    [CommandError],
  );
  if (done !== undefined) assert.ok(Number.isSafeInteger(done) && done >= 0, String(done));
};
