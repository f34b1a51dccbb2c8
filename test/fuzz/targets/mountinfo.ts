/** /proc/pid/mountinfo: paths in it are chosen by whoever may mount. */
import assert from "node:assert/strict";
import { parseMqueueMounts } from "#hostmq/posix/listing";
import type { Target } from "../engine/target.js";

export const target: Target = (input) => {
  for (const { device, point } of parseMqueueMounts(input.toString("utf8"))) {
    assert.equal(typeof device, "string");
    assert.ok(point.startsWith("/"), point);
  }
};
