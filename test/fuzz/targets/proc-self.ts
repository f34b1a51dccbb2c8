/** /proc/self/limits and /proc/self/status, of whatever stands for the kernel in a container: values in their ranges or none. */
import assert from "node:assert/strict";
import { parseProcessStatus, parseResourceLimit } from "#hostmq/limits";
import type { Target } from "../engine/target.js";

export const target: Target = (input) => {
  const text = input.toString("utf8");
  for (const label of ["Max msgqueue size", "Max open files"]) {
    const limit = parseResourceLimit(text, label);
    if (limit !== undefined) for (const value of [limit.soft, limit.hard]) assert.ok(value >= 0, String(value));
  }
  const { umask, capabilities } = parseProcessStatus(text);
  if (umask !== undefined) assert.ok(umask >= 0 && umask <= 0o7777, String(umask));
  if (capabilities !== undefined) assert.ok(capabilities >= 0n && capabilities < 2n ** 64n, String(capabilities));
};
