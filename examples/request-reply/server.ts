/** Answers requests until Ctrl-C, then removes both queues. */
import { QueueTimeoutError, SysVQueue } from "hostmq";
import { repliesKey, replyCodec, requestCodec, requestsKey } from "./service.js";

const stopping = new AbortController();
process.once("SIGINT", () => {
  stopping.abort();
});

using requests = SysVQueue.openOrCreate(requestsKey, { codec: requestCodec });
using replies = SysVQueue.openOrCreate(repliesKey, { codec: replyCodec });
console.log("serving");
try {
  for await (const { body: request } of requests.messages({ signal: stopping.signal })) {
    try {
      await replies.send({ text: request.text.toUpperCase() }, { type: request.replyTo, timeout: 1000 });
    } catch (error) {
      // Askers who went away leave their replies in the queue; they must not stop the service.
      if (!(error instanceof QueueTimeoutError)) throw error;
      console.error(error.message);
    }
  }
} catch (error) {
  if (!stopping.signal.aborted) throw error;
} finally {
  requests.remove();
  replies.remove();
}
console.log("both queues are removed");
