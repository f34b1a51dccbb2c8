import { setPermissions } from "../posix/permissions.js";
import { queueArgument } from "./address.js";
import { defineCommand } from "./command.js";
import { exitStatus, UsageError } from "./exit.js";
import { group, user } from "./owners.js";
import { distinct, openQueue } from "./queues.js";
import { mode, size } from "./values.js";

interface Options {
  mode?: number;
  owner?: number;
  group?: number;
  maxBytes?: number;
}

export const set = defineCommand<Options>({
  name: "set",
  summary: "change mode, owner or size of queues",
  description: [
    "Changes what can be changed of existing queues; what is not given stays. The kernel cannot change the size of a POSIX queue: create it anew.",
  ],
  arguments: [{ name: "<queue...>", description: queueArgument }],
  options: [
    { flags: "-m, --mode <octal>", description: "permission bits", parse: mode },
    { flags: "-o, --owner <user>", description: "the new owner", parse: user },
    { flags: "-g, --group <group>", description: "the new group", parse: group },
    { flags: "--max-bytes <bytes>", description: "System V: the most bytes in all messages together", parse: size },
  ],
  examples: [
    { does: "let the group use it", line: "hostmq set /jobs --mode 660 --group staff" },
    {
      does: "a larger System V queue (over kernel.msgmnb only with CAP_SYS_RESOURCE)",
      line: "hostmq set key:0x1234 --max-bytes 64k",
    },
  ],
  async run(words, options) {
    const { mode, owner: uid, group: gid, maxBytes } = options;
    if ([mode, uid, gid, maxBytes].every((value) => value === undefined)) {
      throw new UsageError("nothing to change: give --mode, --owner, --group or --max-bytes");
    }
    for (const word of await distinct(words)) {
      const opened = await openQueue(word, "read");
      if (opened.kind === "sysv") opened.queue.configure({ mode, uid, gid, maxBytes });
      else {
        if (maxBytes !== undefined)
          throw new UsageError(
            "the kernel cannot change the size of a POSIX queue: create it anew with --max-messages and --max-size",
          );
        setPermissions(opened.queue, { mode, uid, gid });
      }
      opened.queue.close();
    }
    return exitStatus.done;
  },
});
