/** Frames as bytes: what was written is read, and what was changed on the way is never taken for messages. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { checkFrame, frameHeaderSize, largestBody, sealFrame, writeMessage } from "#hostmq/coalescing/frame";
import { HeldFrame } from "#hostmq/coalescing/held-frame";

const parameters = {
  seed: Number(process.env.HOSTMQ_TEST_SEED ?? 20261122),
  numRuns: Number(process.env.HOSTMQ_TEST_RUNS ?? 300),
};
const bodies = fc.array(fc.uint8Array({ maxLength: 100 }), { minLength: 1, maxLength: 40 });

function frameOf(messages: readonly (Uint8Array | string)[], size = 65536): Buffer {
  const memory = Buffer.alloc(size, 0xaa);
  let end = frameHeaderSize;
  for (const message of messages) end = writeMessage(memory, end, memory.length, message);
  const frame = memory.subarray(0, end);
  sealFrame(frame, messages.length);
  return frame;
}

function messagesOf(frame: Buffer): Buffer[] {
  const count = checkFrame(frame);
  assert.equal(typeof count, "number", String(count));
  const held = new HeldFrame({ body: frame }, count as number);
  const messages: Buffer[] = [];
  while (held.left > 0) messages.push(held.take());
  return messages;
}

test("a frame has the bytes that the documentation says", () => {
  const frame = frameOf(["hi", Buffer.from([7])]);
  // magic, checksum, version and flags, count, length; then two messages. The checksum is that of Python's zlib.crc32.
  const expected = ["93484d51", "83b98a2f", "0100", "0200", "1b000000", "02000000", "6869", "01000000", "07"];
  assert.equal(frame.toString("hex"), expected.join(""));
});

test("messages come out of a frame as they went in", () => {
  fc.assert(
    fc.property(bodies, (messages) => {
      assert.deepEqual(
        messagesOf(frameOf(messages)),
        messages.map((message) => Buffer.from(message)),
      );
    }),
    parameters,
  );
});

test("a string is its UTF-8 bytes, however long and of whatever characters", () => {
  const texts = fc.array(fc.string({ unit: "binary", maxLength: 150 }), { minLength: 1, maxLength: 10 });
  fc.assert(
    fc.property(texts, (messages) => {
      assert.deepEqual(
        messagesOf(frameOf(messages)),
        messages.map((message) => Buffer.from(message)),
      );
    }),
    parameters,
  );
});

test("a message that does not fit changes nothing before its place", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 90 }), fc.integer({ min: 20, max: 120 }), (text, size) => {
      const memory = Buffer.alloc(size, 0xaa);
      const length = Buffer.byteLength(text);
      const end = writeMessage(memory, frameHeaderSize, size, text);
      assert.equal(end, length <= largestBody(size) ? frameHeaderSize + 4 + length : 0);
      assert.ok(memory.subarray(0, frameHeaderSize).every((byte) => byte === 0xaa));
    }),
    parameters,
  );
});

test("any changed bit makes it no frame", () => {
  const frame = frameOf(["one", "", "three", Buffer.alloc(30)]);
  for (let bit = 0; bit < frame.length * 8; bit++) {
    const changed = Buffer.from(frame);
    changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
    assert.equal(typeof checkFrame(changed), "string", `bit ${bit}`);
  }
});

test("whatever is done to a frame, it is refused or still says what it said", () => {
  const change = fc.oneof(
    fc.record({
      how: fc.constant("write" as const),
      at: fc.nat(),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
    }),
    fc.record({ how: fc.constant("cut" as const), at: fc.nat(), bytes: fc.constant(new Uint8Array()) }),
    fc.record({
      how: fc.constant("append" as const),
      at: fc.nat(),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }),
    }),
    fc.record({
      how: fc.constant("insert" as const),
      at: fc.nat(),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
    }),
    fc.record({ how: fc.constant("twice" as const), at: fc.nat(), bytes: fc.constant(new Uint8Array()) }),
  );
  const apply = (frame: Buffer, { how, at, bytes }: { how: string; at: number; bytes: Uint8Array }): Buffer => {
    const place = at % (frame.length + 1);
    switch (how) {
      case "write": {
        const changed = Buffer.from(frame);
        for (const [i, byte] of bytes.entries()) if (place + i < changed.length) changed[place + i] = byte;
        return changed;
      }
      case "cut":
        return frame.subarray(0, place);
      case "append":
        return Buffer.concat([frame, bytes]);
      case "insert":
        return Buffer.concat([frame.subarray(0, place), bytes, frame.subarray(place)]);
      default:
        return Buffer.concat([frame, frame]);
    }
  };
  fc.assert(
    fc.property(bodies, fc.array(change, { minLength: 1, maxLength: 3 }), (messages, changes) => {
      const frame = frameOf(messages);
      const changed = changes.reduce(apply, frame);
      if (changed.equals(frame)) assert.equal(checkFrame(changed), messages.length);
      else assert.equal(typeof checkFrame(changed), "string");
    }),
    { ...parameters, numRuns: parameters.numRuns * 5 },
  );
});

test("no bytes of somebody else are a frame", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      assert.equal(typeof checkFrame(Buffer.from(bytes)), "string");
    }),
    parameters,
  );
});

test("a frame with a right checksum and wrong contents is refused, and says why", () => {
  const frame = frameOf(["one", "two"]);
  const resealed = (change: (bytes: Buffer) => void, count = 2): string | number => {
    const changed = Buffer.from(frame);
    change(changed);
    sealFrame(changed, count);
    return checkFrame(changed);
  };
  assert.equal(
    resealed(() => undefined),
    2,
  );
  const messages = "its messages are not the";
  assert.match(String(resealed(() => undefined, 0)), new RegExp(`${messages} 0`, "u"));
  assert.match(String(resealed(() => undefined, 1)), new RegExp(`${messages} 1`, "u"));
  assert.match(String(resealed(() => undefined, 3)), new RegExp(`${messages} 3`, "u"));
  assert.match(String(resealed((bytes) => bytes.writeUInt32LE(2, frameHeaderSize))), new RegExp(messages, "u"));
  assert.match(
    String(resealed((bytes) => bytes.writeUInt32LE(0xffffffff, frameHeaderSize))),
    new RegExp(messages, "u"),
  );
  assert.match(String(checkFrame(Buffer.concat([frame, frame]))), /its header says 30 bytes/u);
  assert.match(String(checkFrame(frame.subarray(0, 15))), /does not begin/u);
  const newer = Buffer.from(frame);
  newer[8] = 2;
  assert.match(String(checkFrame(newer)), /its version is 2 with flags 0/u);
});
