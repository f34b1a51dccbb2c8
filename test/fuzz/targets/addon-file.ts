/** The first bytes of what may be an addon. */
import assert from "node:assert/strict";
import { unfitHeader } from "#hostmq/addon-file";
import type { Target } from "../engine/target.js";

export const target: Target = (input) => {
  const why = unfitHeader(input.subarray(0, 20), "x64");
  if (why === undefined) assert.ok(input.subarray(0, 4).equals(Buffer.from("\x7fELF", "latin1")));
  else
    assert.match(why, /^(?:compiled for (?:macOS|[a-z0-9]+|the processor with ELF number \d+)|not a compiled addon)$/);
};
