import { PosixQueue } from "../../dist/index.js";
import { hostmqModes } from "../lib/hostmq-modes.mjs";

export default {
  modes: hostmqModes("posix", "POSIX", {
    open: ({ name, size, depth }, index) =>
      PosixQueue.openOrCreate(`/${name}${index === 0 ? "" : "b"}`, { maxMessages: depth, maxMessageSize: size }),
    openCoalesced: ({ name, depth }, index) =>
      PosixQueue.openOrCreate(`/${name}${index === 0 ? "" : "b"}`, {
        maxMessages: depth,
        maxMessageSize: 8192,
        coalesce: true,
      }),
    remove(queue) {
      queue.close();
      PosixQueue.unlink(queue.name);
    },
  }),
};
