import { test } from "node:test";
import { SysVQueue } from "hostmq";
import { sysvKey } from "../helpers/names.js";
import { assertFree } from "./free-loop.js";

/** The default type of a send, 1, fits the first alone. */
const selectors = [{ type: 1 }, { type: 2 }, { type: 3 }, { except: 1 }];

test("many receives wait on System V queues: loop, pool and processor are free, and each can be aborted", async (t) => {
  await assertFree(t, () => SysVQueue.create(sysvKey(t)), selectors);
});
