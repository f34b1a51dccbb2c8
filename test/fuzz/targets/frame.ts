/** A frame of a handle with `coalesce`: words for what is wrong with it, or as many messages as it says. */
import assert from "node:assert/strict";
import { checkFrame, frameHeaderSize, messageHeaderSize, sealFrame } from "#hostmq/coalescing/frame";
import type { Target } from "../engine/target.js";

export const target: Target = (input) => {
  const frame = Buffer.from(input.subarray(1));
  // No mutation would find the checksum.
  if (((input[0] ?? 0) & 1) === 1 && frame.length >= frameHeaderSize) sealFrame(frame, frame.readUInt16LE(10));
  const count = checkFrame(frame);
  if (typeof count === "string") return;
  assert.ok(count >= 1);
  let at = frameHeaderSize;
  for (let message = 0; message < count; message++) at += messageHeaderSize + frame.readUInt32LE(at);
  assert.equal(at, frame.length);
};
