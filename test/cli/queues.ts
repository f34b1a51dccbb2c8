/** Queues that the command is tried on: made for a test, closed and removed after it. */
import { PosixQueue, SysVQueue } from "hostmq";
import { posixName, sysvKey } from "../helpers/names.js";
import type { TestScope } from "../helpers/names.js";

export function posix(
  t: TestScope,
  maxMessages = 8,
  maxMessageSize = 64,
): { readonly name: string; readonly queue: PosixQueue } {
  const name = posixName(t);
  const queue = PosixQueue.create(name, { maxMessages, maxMessageSize });
  t.after(() => {
    queue.close();
  });
  return { name, queue };
}

/** `word` is how the command names it. */
export function sysv(t: TestScope): { readonly word: string; readonly queue: SysVQueue } {
  const key = sysvKey(t);
  const queue = SysVQueue.create(key);
  t.after(() => {
    queue.close();
  });
  return { word: `key:0x${key.toString(16)}`, queue };
}
