import { test } from "node:test";
import { PosixQueue } from "hostmq";
import { posixName } from "../helpers/names.js";
import { describeInPrivateNamespace } from "../helpers/private-namespace.js";
import { assertFree, queues } from "./free-loop.js";

// The queues of a system are few, and others want theirs.
const sysctls = { "fs.mqueue.queues_max": queues + 1 };

describeInPrivateNamespace("many receives wait on POSIX queues", import.meta.url, { sysctls }, () => {
  test("loop, pool and processor are free, and each receive can be aborted", async (t) => {
    await assertFree(t, () => PosixQueue.create(posixName(t), { maxMessages: 1, maxMessageSize: 16 }), [{}]);
  });
});
