import { PosixQueue } from "../../dist/index.js";
import { hostmqModes } from "../lib/hostmq-modes.mjs";

export default {
  modes: hostmqModes("posix", "POSIX", {
    open: ({ name, size, depth }, index) =>
      PosixQueue.openOrCreate(`/${name}${index === 0 ? "" : "b"}`, { maxMessages: depth, maxMessageSize: size }),
    remove(queue) {
      queue.close();
      PosixQueue.unlink(queue.name);
    },
  }),
};
