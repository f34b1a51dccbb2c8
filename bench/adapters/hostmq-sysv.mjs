import { SysVQueue } from "../../dist/index.js";
import { hostmqModes } from "../lib/hostmq-modes.mjs";
import { usualBytes } from "../lib/usual-limits.mjs";

export default {
  modes: hostmqModes("sysv", "System V", {
    open({ name, size, depth }, index) {
      const queue = SysVQueue.openOrCreate(Number(name) + index);
      // Bytes limit a System V queue, not messages.
      if (queue.status().maxBytes > size * depth) queue.configure({ maxBytes: size * depth });
      return queue;
    },
    openCoalesced({ name, size, depth }, index) {
      const queue = SysVQueue.openOrCreate(Number(name) + index, { coalesce: true });
      // Frames fill what there is, so it is not to be more than others have in a namespace with higher limits.
      const bytes = Math.max(usualBytes, size * depth);
      if (queue.status().maxBytes > bytes) queue.configure({ maxBytes: bytes });
      return queue;
    },
    remove(queue) {
      queue.remove();
      queue.close();
    },
  }),
};
