/** Errors of the library that reach somebody at a command line name commands and options, and no methods. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { hintsOfLibrary } from "#hostmq/cli/hints";
import { PosixQueue, SysVQueue } from "hostmq";
import { hostmq } from "../helpers/cli.js";
import { posixName, sysvKey } from "../helpers/names.js";
import { root } from "../helpers/peers.js";

const method = /PosixQueue|SysVQueue|openOrCreate|configure\(|maxMessage|maxBytes/;

function complaint(words: (string | number)[]): string {
  const { status, stderr } = hostmq(words);
  assert.equal(status, 1, stderr);
  assert.doesNotMatch(stderr, method);
  return stderr;
}

test("a POSIX queue that is missing, there already, too large or too small", (t) => {
  const [name, missing] = [posixName(t), posixName(t)];
  PosixQueue.create(name, { maxMessages: 1, maxMessageSize: 8 }).close();
  assert.match(complaint(["send", missing, "x"]), /hostmq create makes it/);
  assert.match(complaint(["create", name]), /hostmq create --existing\), or remove it first \(hostmq rm\)/);
  assert.match(complaint(["send", name, "longer than that"]), /a larger --max-size/);
  assert.match(complaint(["create", missing, "--max-messages", 2 ** 20]), /--max-messages 1048576/);
  assert.match(complaint(["create", missing, "--max-size", 2 ** 30]), /--max-size 1073741824/);
});

test("a System V queue that is missing, there already or removed", (t) => {
  const [key, missing] = [sysvKey(t), sysvKey(t)];
  SysVQueue.create(key, { maxBytes: 8 }).close();
  assert.match(complaint(["send", `key:${missing}`, "x"]), /hostmq create makes it/);
  assert.match(complaint(["create", `key:${key}`]), /hostmq create --existing/);
  assert.match(complaint(["send", `key:${key}`, "longer than that"]), /hostmq set --max-bytes 16/);
  assert.match(complaint(["send", "id:2147483647", "x"]), /hostmq stat key:KEY/);
});

test("everything that is put in other words is still what the library says", () => {
  const folder = `${root}/lib/errors`;
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const sources = files.map((file) => readFileSync(`${folder}/${file}`, "utf8")).join("\n");
  for (const [said] of hintsOfLibrary) {
    // Numbers stand in the sources as what they are made of.
    const pattern = typeof said === "string" ? said : new RegExp(said.source.replaceAll(/\(\\d\+\)|-\?\\d/g, "\\S+"));
    assert.ok(typeof pattern === "string" ? sources.includes(pattern) : pattern.test(sources), String(said));
  }
});
