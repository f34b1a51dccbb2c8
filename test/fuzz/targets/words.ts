/** What people and scripts type: a queue's name, a pattern of names, a time, a size, a type. UsageError, or a value. */
import assert from "node:assert/strict";
import { isPattern, keyAddress, parseAddress, patternOf } from "#hostmq/cli/address";
import { UsageError } from "#hostmq/cli/exit";
import { count, duration, listOf, messageType, mode, positive, rate, size } from "#hostmq/cli/values";
import { unlessRefused, type Target } from "../engine/target.js";

const readers = [count, duration, mode, positive, rate, size];

export const target: Target = (input) => {
  const text = input.toString("utf8");
  for (const read of readers) {
    const value = unlessRefused(() => read(text), [UsageError]);
    if (value !== undefined) assert.ok(Number.isFinite(value) && value >= 0, `${read.name}: ${value}`);
  }
  const type = unlessRefused(() => messageType(text), [UsageError]);
  if (type !== undefined) assert.ok(type >= 1 && type < 2n ** 63n);
  unlessRefused(() => listOf(["posix", "sysv"])(text), [UsageError]);
  const address = unlessRefused(() => parseAddress(text), [UsageError]);
  if (address?.kind === "key") assert.deepEqual(parseAddress(keyAddress(address.key)), address);
  if (isPattern(text)) {
    const pattern = unlessRefused(() => patternOf(text), [UsageError]);
    pattern?.test("/jobs-2026.a[1]");
  } else if (!text.startsWith("posix:")) {
    // Behind that prefix a name is taken as it is, and no pattern made of it.
    assert.ok(patternOf(text).test(text), "a word without wildcards stands for itself");
  }
};
