/** A dump, which may come from another host: CommandError, or messages that are the same when they are dumped again. */
import assert from "node:assert/strict";
import { parseDump, type Dump } from "#hostmq/cli/dump-file";
import { toJson } from "#hostmq/cli/envelope";
import { CommandError } from "#hostmq/cli/exit";
import { same } from "../engine/same.js";
import { unlessRefused, type Target } from "../engine/target.js";

export const target: Target = (input) => {
  const dump = unlessRefused(() => parseDump(input, "dump"), [CommandError]);
  if (dump === undefined) return;
  assert.ok(dump.length <= input.length);
  const { header } = dump;
  assert.ok(["posix", "sysv"].includes(header.kind));
  assert.equal(typeof header.queue, "string");
  for (const number of [header.maxMessages, header.maxMessageSize, header.maxBytes])
    if (number !== undefined) assert.ok(Number.isSafeInteger(number) && number >= 0);
  assert.ok(Number.isInteger(header.mode) && header.mode >= 0 && header.mode <= 0o777);
  const again = parseDump(written(dump), "dump");
  assert.ok(same([again.messages, again.before, again.complete], [dump.messages, dump.before, dump.complete]));
};

function written({ header, messages, before, complete }: Dump): Buffer {
  const { hostmq, version, kind, queue, at, mode, maxMessages, maxMessageSize, maxBytes } = header;
  const lines: object[] = [{ hostmq, version, kind, queue, at, mode, maxMessages, maxMessageSize, maxBytes }];
  for (const [index, message] of messages.entries()) {
    const number = before[index];
    lines.push({ ...toJson(message), ...(number !== undefined && { before: number }) });
  }
  if (complete) lines.push({ end: messages.length });
  return Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}
