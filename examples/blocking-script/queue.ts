/**
 * Blocking calls, as a script wants them.
 *
 *   queue.js put NAME TEXT      waits for room
 *   queue.js take NAME [MS]     waits for a message and prints it; status 1 when none came within MS milliseconds
 *   queue.js remove NAME
 */
import { PosixQueue, QueueTimeoutError, text } from "hostmq";

const [command, name = "", argument] = process.argv.slice(2);

function open(): PosixQueue<string> {
  return PosixQueue.openOrCreate(name, { codec: text, maxMessages: 8, maxMessageSize: 1024 });
}

function put(body: string): void {
  using queue = open();
  queue.sendSync(body);
}

function take(timeout: number | undefined): void {
  using queue = open();
  try {
    console.log(queue.receiveSync({ timeout }).body);
  } catch (error) {
    if (!(error instanceof QueueTimeoutError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

switch (name === "" ? undefined : command) {
  case "put":
    put(argument ?? "");
    break;
  case "take":
    take(argument === undefined ? undefined : Number(argument));
    break;
  case "remove":
    PosixQueue.unlink(name);
    break;
  default:
    console.error("usage: queue.js put NAME TEXT | take NAME [MS] | remove NAME");
    process.exitCode = 2;
}
