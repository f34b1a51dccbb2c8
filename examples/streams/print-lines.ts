/** Prints messages with numbers until the empty one, then removes the queue. */
import { pipeline } from "node:stream/promises";
import { PosixQueue, type PosixMessage, text } from "hostmq";

const name = process.argv[2] ?? "/hostmq-example-lines";
using queue = PosixQueue.openOrCreate(name, { codec: text, maxMessages: 4, maxMessageSize: 1024 });

async function* numbered(messages: AsyncIterable<PosixMessage<string>>): AsyncGenerator<string> {
  let number = 0;
  for await (const { body } of messages) {
    if (body === "") return;
    number += 1;
    yield `${number}  ${body}\n`;
  }
}

await pipeline(queue.readable(), numbered, process.stdout, { end: false });
PosixQueue.unlink(name);
