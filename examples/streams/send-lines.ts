/** Sends each line of its input as a message, then an empty message for the end. */
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import { PosixQueue, text } from "hostmq";

const name = process.argv[2] ?? "/hostmq-example-lines";
using queue = PosixQueue.openOrCreate(name, { codec: text, maxMessages: 4, maxMessageSize: 1024 });

const lines = createInterface({ input: process.stdin });
/** An empty message stands for the end. */
async function* filled(): AsyncGenerator<string> {
  for await (const line of lines) if (line !== "") yield line;
}
await pipeline(filled(), queue.writable());
await queue.send("");
