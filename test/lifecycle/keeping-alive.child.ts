/** `keeping-alive.child.js FAMILY CALL NAME|KEY ref|unref`: leaves one call pending and does nothing else. */
import { PosixQueue, SysVQueue } from "hostmq";

const [family, call, which = "", reference] = process.argv.slice(2);
const queue =
  family === "posix"
    ? PosixQueue.openOrCreate(which, { maxMessages: 2, maxMessageSize: 64 })
    : SysVQueue.openOrCreate(Number(which), { maxBytes: 128 });

switch (call) {
  case "send":
    while (queue.trySend("x".repeat(60)));
    void queue.send("x".repeat(60));
    break;
  case "iterate":
    void queue.messages().next();
    break;
  case "read":
    queue.readable().once("data", () => {
      queue.close();
    });
    break;
  case "notify":
    if (queue instanceof PosixQueue) queue.onNotEmpty(() => undefined);
    break;
  default:
    void queue.receive();
}
console.log("pending");
const from = performance.now();
if (reference === "unref") queue.unref();
process.once("beforeExit", () => {
  console.log(reference === "unref" ? `beforeExit after ${Math.round(performance.now() - from)}` : "beforeExit");
});
