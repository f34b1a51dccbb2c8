import { SysVQueue } from "../../dist/index.js";
import { hostmqModes } from "../lib/hostmq-modes.mjs";

export default {
  modes: hostmqModes("sysv", "System V", {
    open({ name, size, depth }, index) {
      const queue = SysVQueue.openOrCreate(Number(name) + index);
      // Bytes limit a System V queue, not messages.
      if (queue.status().maxBytes > size * depth) queue.configure({ maxBytes: size * depth });
      return queue;
    },
    openCoalesced: ({ name }, index) => SysVQueue.openOrCreate(Number(name) + index, { coalesce: true }),
    remove(queue) {
      queue.remove();
      queue.close();
    },
  }),
};
