/** Asks several things at once. Each reply has the type that its request named, so that nobody takes another's. */
import { SysVQueue } from "hostmq";
import { repliesKey, replyCodec, requestCodec, requestsKey } from "./service.js";

// Without a server there are no queues, and open says so: a client that created them would leave them behind.
using requests = SysVQueue.open(requestsKey, { codec: requestCodec });
using replies = SysVQueue.open(repliesKey, { codec: replyCodec });
let asked = 0;

async function ask(text: string): Promise<string> {
  // Unique on this host: a process id is below 2^22.
  const replyTo = process.pid * 1024 + asked;
  asked += 1;
  await requests.send({ text, replyTo }, { timeout: 5000 });
  const { body } = await replies.receive({ type: replyTo, timeout: 5000 });
  return body.text;
}

const words = process.argv.slice(3);
const answers = await Promise.all((words.length > 0 ? words : ["hello", "world"]).map(ask));
for (const answer of answers) console.log(answer);
