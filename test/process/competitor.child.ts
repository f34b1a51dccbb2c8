/**
 * Receives as `posix_receive` and `sysv_receive` of test/c do, and says it in the same words: "open", "message SEQUENCE RANK
 * LENGTH", and at the end, after so many milliseconds without a message, "received COUNT".
 *   competitor.child.js FAMILY ADDRESS IDLE
 */
import { PosixQueue, QueueTimeoutError, SysVQueue } from "hostmq";

const [family, address, idle] = process.argv.slice(2) as [string, string, string];
const queue = family === "POSIX" ? PosixQueue.open(address) : SysVQueue.open(Number(address));

console.log("open");
const lines: string[] = [];
try {
  for (;;) {
    const message = await queue.receive({ timeout: Number(idle) });
    const rank = "priority" in message ? message.priority : message.type;
    lines.push(`message ${/^\d+/u.exec(message.body.toString())?.[0]} ${rank} ${message.body.length}`);
  }
} catch (error) {
  if (!(error instanceof QueueTimeoutError)) throw error;
}
console.log([...lines, `received ${lines.length}`].join("\n"));
