/** A short form of `scripts/soak`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeChild } from "../helpers/peers.js";

const rounds = 15_000;
const messages = 20_000;

test("descriptors, threads and memory stay flat over many rounds and messages", async (t) => {
  const script = new URL("./soak.child.js", import.meta.url);
  const soak = nodeChild(t, script, [rounds, messages], ["--expose-gc"]);
  const lines = await soak.rest();
  assert.deepEqual(await soak.exited, { code: 0, signal: null }, `${lines.join("\n")}\n${soak.stderr}`);
  assert.equal(lines.filter((line) => line.endsWith(": flat")).length, 4);
});
