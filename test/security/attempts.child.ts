/**
 * Run as one of the people: `create` makes the queues of the targets, `try` tries every call on each and prints what came of it.
 *   attempts.child.js create|try JSON    JSON: { targets: Target[], wanted: Wanted }
 */
import { fchmodSync } from "node:fs";
import { PosixQueue, SysVQueue } from "hostmq";
import type { Attempt, Target, Wanted } from "./attempts.js";

const [task, text = ""] = process.argv.slice(2);
const { targets, wanted } = JSON.parse(text) as { targets: Target[]; wanted: Wanted };

function create({ name, key, mode }: Target): void {
  PosixQueue.create(name, { mode, exactMode: true, maxMessages: 1, maxMessageSize: 64 }).close();
  SysVQueue.create(key, { mode }).close();
}

/** Tries one call after the other and remembers how each ended. */
class Attempts {
  readonly list: Attempt[] = [];

  try<Result>(call: string, action: () => Result): Result | undefined {
    try {
      const result = action();
      this.list.push({ call, outcome: "permitted", message: "" });
      return result;
    } catch (error) {
      const { code = "", message } = error as NodeJS.ErrnoException;
      this.list.push({ call, outcome: code, message });
      return undefined;
    }
  }
}

function tryPosix({ name, mode }: Target): Attempt[] {
  const attempts = new Attempts();
  const reader = attempts.try("openRead", () => PosixQueue.open(name, { access: "read" }));
  const writer = attempts.try("openWrite", () => PosixQueue.open(name, { access: "write" }));
  const both = attempts.try("openReadWrite", () => PosixQueue.open(name));
  if (writer) attempts.try("send", () => writer.trySend("x"));
  if (reader) attempts.try("receive", () => reader.tryReceive());
  const any = reader ?? writer ?? both;
  if (any) {
    attempts.try("attributes", () => any.attributes());
    attempts.try("chmod", () => {
      fchmodSync(any.descriptor, mode);
    });
  }
  attempts.try("remove", () => {
    PosixQueue.unlink(name);
  });
  for (const queue of [reader, writer, both]) queue?.close();
  return attempts.list;
}

function trySysV({ key, mode }: Target): Attempt[] {
  const attempts = new Attempts();
  const queue = attempts.try("open", () => SysVQueue.open(key));
  if (!queue) return attempts.list;
  attempts.try("send", () => queue.trySend("x"));
  attempts.try("receive", () => queue.tryReceive());
  attempts.try("peek", () => queue.peek());
  attempts.try("status", () => queue.status());
  attempts.try("configure", () => {
    queue.configure({ ...wanted, mode });
  });
  attempts.try("remove", () => {
    queue.remove();
  });
  return attempts.list;
}

if (task === "create") targets.forEach(create);
else console.log(JSON.stringify(targets.map((target) => ({ posix: tryPosix(target), sysv: trySysV(target) }))));
