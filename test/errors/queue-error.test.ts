import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import * as errors from "#hostmq/errors/queue-error";
import { addonFile, root } from "../helpers/peers.js";

const { QueueError, QueueTimeoutError, QueueClosedError, QueueRemovedError, MessageTooLargeError, MessageDecodeError } =
  errors;
const subclasses = { QueueTimeoutError, QueueClosedError, QueueRemovedError, MessageTooLargeError };

/** The classes of a second copy of the package. */
async function secondCopy(): Promise<typeof errors> {
  const folder = mkdtempSync(join(tmpdir(), "hostmq-copy-"));
  try {
    cpSync(join(root, "dist"), join(folder, "dist"), { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    process.env.HOSTMQ_ADDON = addonFile;
    return (await import(pathToFileURL(join(folder, "dist/index.js")).href)) as typeof errors;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("QueueError carries what is known and leaves out the rest", () => {
  const error = new QueueError("ENOENT: gone. Look.", { code: "ENOENT", errno: 2, queue: "/jobs" });
  assert.equal(error.name, "QueueError");
  assert.deepEqual(Object.keys(error).sort(), ["code", "errno", "queue"]);
  assert.equal(Object.hasOwn(error, "cause"), false);
  assert.match(inspect(error), /^QueueError: ENOENT: gone/);
});

test("QueueError keeps its cause", () => {
  const cause = new Error("underneath");
  assert.equal(new QueueError("X: y. Z.", { code: "X", cause }).cause, cause);
});

for (const [name, Subclass] of Object.entries(subclasses)) {
  test(`${name} is a QueueError and none of its siblings`, () => {
    const error = new Subclass("X: y. Z.", { code: "X" });
    assert.equal(error.name, name);
    assert.ok(error instanceof Error && error instanceof QueueError && error instanceof Subclass);
    for (const [other, Sibling] of Object.entries(subclasses))
      assert.equal(error instanceof Sibling, other === name, other);
  });
}

test("MessageDecodeError carries the message", () => {
  const bytes = Buffer.from([0, 255]);
  const error = new MessageDecodeError("X: y. Z.", { code: "ERR_HOSTMQ_DECODE" }, { bytes, type: 5n });
  assert.equal(error.bytes, bytes);
  assert.equal(error.type, 5n);
  assert.equal(Object.hasOwn(error, "priority"), false);
});

test("instanceof holds across two copies of the package", async () => {
  const copy = await secondCopy();
  assert.notEqual(copy.QueueError, QueueError);
  const timeout = new copy.QueueTimeoutError("X: y. Z.", { code: "ETIMEDOUT" });
  assert.ok(timeout instanceof QueueError);
  assert.ok(timeout instanceof QueueTimeoutError);
  assert.ok(!(timeout instanceof QueueClosedError));
  assert.ok(!(new copy.QueueError("X: y. Z.", { code: "X" }) instanceof QueueTimeoutError));
});

test("instanceof is false for anything else", () => {
  for (const value of [null, undefined, 1, "x", {}, new Error("x"), Object.create(null)]) {
    assert.equal((value as unknown) instanceof QueueError, false);
  }
});

test("a program's own subclass is recognised by its prototype", () => {
  class OwnError extends QueueError {}
  assert.ok(new OwnError("X: y. Z.", { code: "X" }) instanceof OwnError);
  assert.ok(new OwnError("X: y. Z.", { code: "X" }) instanceof QueueError);
  assert.ok(!(new QueueError("X: y. Z.", { code: "X" }) instanceof OwnError));
});
