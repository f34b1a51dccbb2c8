/** /etc/passwd and /etc/group, which tools of every kind write: no name without a number, and none with a wrong one. */
import assert from "node:assert/strict";
import { parseNames } from "#hostmq/cli/owners";
import type { Target } from "../engine/target.js";

export const target: Target = (input) => {
  const text = input.toString("utf8");
  for (const { name, number } of parseNames(text)) {
    assert.ok(Number.isSafeInteger(number) && number >= 0, String(number));
    assert.ok(name !== "" && !/[:\n]/.test(name), name);
    assert.ok(text.split("\n").some((line) => line.startsWith(`${name}:`) && line.split(":")[2]?.match(/^\d+$/)));
  }
};
