/**
 * Receives for ever, or sends for ever; says "open" and then "message SEQUENCE" or "sent SEQUENCE" for each.
 *   killed.child.js FAMILY ADDRESS receive|send FIRST
 */
import { writeSync } from "node:fs";
import { PosixQueue, SysVQueue } from "hostmq";

const [family, address, direction, first] = process.argv.slice(2) as [string, string, string, string];
const queue = family === "POSIX" ? PosixQueue.open(address) : SysVQueue.open(Number(address));
const say = (line: string): unknown => writeSync(1, `${line}\n`);

say("open");
if (direction === "receive") {
  for await (const { body } of queue) say(`message ${body.toString()}`);
} else {
  for (let sequence = Number(first); ; sequence++) {
    await queue.send(String(sequence));
    say(`sent ${sequence}`);
  }
}
