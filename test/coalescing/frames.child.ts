/**
 * One end of a queue that coalesces, for tests that kill it or let it end.
 *   frames.child.js FAMILY ADDRESS receive        says "message BODY" for each
 *   frames.child.js FAMILY ADDRESS send FIRST     sends numbers for ever; says "sent N" when all up to N are in the kernel
 *   frames.child.js FAMILY ADDRESS leave COUNT    receives so many and ends in order without closing
 *   frames.child.js FAMILY ADDRESS exit BODY      sends and exits in the same tick
 */
import { writeSync } from "node:fs";
import { PosixQueue, SysVQueue } from "hostmq";

const [family, address = "", what, argument = ""] = process.argv.slice(2);
const options = { coalesce: true };
const queue = family === "POSIX" ? PosixQueue.open(address, options) : SysVQueue.open(Number(address), options);
const say = (line: string): unknown => writeSync(1, `${line}\n`);

say("open");
switch (what) {
  case "receive":
    for await (const { body } of queue) say(`message ${body.toString()}`);
    break;
  case "send":
    for (let next = Number(argument); ;) {
      let sent;
      for (const end = next + 50; next < end; next++) sent = queue.send(String(next));
      await sent;
      say(`sent ${next - 1}`);
    }
  case "leave":
    for (let left = Number(argument); left > 0; left--) await queue.receive();
    break;
  default:
    void queue.send(argument);
    process.exit();
}
