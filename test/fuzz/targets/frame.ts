/**
 * A frame of a handle with `coalesce`: words for what is wrong with it, or messages that lie inside of it and, written again,
 * are the same frame.
 */
import assert from "node:assert/strict";
import { checkFrame, frameHeaderSize, messageHeaderSize, sealFrame, writeMessage } from "#hostmq/coalescing/frame";
import type { Target } from "../engine/target.js";

export const target: Target = (input) => {
  const frame = Buffer.from(input.subarray(1));
  // No mutation would find the checksum.
  if (((input[0] ?? 0) & 1) === 1 && frame.length >= frameHeaderSize) sealFrame(frame, frame.readUInt16LE(10));
  const count = checkFrame(frame);
  if (typeof count === "string") return;
  assert.ok(count >= 1);
  const again = Buffer.alloc(frame.length);
  let at = frameHeaderSize;
  for (let message = 0; message < count; message++) {
    const start = at + messageHeaderSize;
    at = writeMessage(again, at, frame.length, frame.subarray(start, start + frame.readUInt32LE(at)));
    assert.ok(at >= start, "a message that does not lie inside");
  }
  sealFrame(again, count);
  assert.deepEqual(again, frame);
};
