/** Does the steps of its argument, JSON, one after the other, and prints how each ended. */
import { spawnSync } from "node:child_process";
import { fchmodSync, fchownSync, fstatSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { PosixQueue, SysVQueue } from "hostmq";
import type { Step, StepOutcome } from "./steps.js";

type Doing = (step: Required<Step>) => number | undefined;

/** Opens with the least access that the system gives. */
function anyHandle(name: string): PosixQueue {
  try {
    return PosixQueue.open(name, { access: "read" });
  } catch {
    return PosixQueue.open(name, { access: "write" });
  }
}

/** The owner forbids everything meanwhile. */
function closeToAll(step: Required<Step>): void {
  const change: Step = { ...step, call: step.family === "posix" ? "chmod" : "configure", mode: 0, uid: -1, gid: -1 };
  const { uid, gid } = step;
  const { status, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), JSON.stringify([change])], {
    uid,
    gid,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
}

const posix: Partial<Record<Step["call"], Doing>> = {
  create({ name, mode }) {
    PosixQueue.create(name, { mode, exactMode: true, maxMessages: 4, maxMessageSize: 64 }).close();
    return undefined;
  },
  open({ name }) {
    PosixQueue.open(name).close();
    return undefined;
  },
  openRead({ name }) {
    PosixQueue.open(name, { access: "read" }).close();
    return undefined;
  },
  openOrCreate({ name }) {
    using queue = PosixQueue.openOrCreate(name);
    return fstatSync(queue.descriptor).uid;
  },
  chmod({ name, mode }) {
    using queue = anyHandle(name);
    fchmodSync(queue.descriptor, mode);
    return undefined;
  },
  chown({ name, uid, gid }) {
    using queue = anyHandle(name);
    fchownSync(queue.descriptor, uid, gid);
    return undefined;
  },
  remove({ name }) {
    PosixQueue.unlink(name);
    return undefined;
  },
  sendAfterModeChange(step) {
    using queue = PosixQueue.open(step.name);
    closeToAll(step);
    queue.trySend("x");
    return undefined;
  },
};

const sysv: Partial<Record<Step["call"], Doing>> = {
  create({ key, mode }) {
    SysVQueue.create(key, { mode }).close();
    return undefined;
  },
  openOrCreate({ key }) {
    using queue = SysVQueue.openOrCreate(key);
    return queue.status().uid;
  },
  send({ key }) {
    SysVQueue.open(key).trySend("x");
    return undefined;
  },
  receive({ key }) {
    SysVQueue.open(key).tryReceive();
    return undefined;
  },
  status({ key }) {
    SysVQueue.open(key).status();
    return undefined;
  },
  statusOfId({ id }) {
    SysVQueue.fromId(id).status();
    return undefined;
  },
  configure({ key, uid, gid, mode }) {
    const given = Object.entries({ uid, gid, mode }).filter(([, value]) => ((value as number | undefined) ?? -1) >= 0);
    SysVQueue.open(key).configure(given.length === 0 ? { mode: 0o600 } : Object.fromEntries(given));
    return undefined;
  },
  remove({ key }) {
    SysVQueue.open(key).remove();
    return undefined;
  },
  sendAfterModeChange(step) {
    const queue = SysVQueue.open(step.key);
    queue.trySend("x");
    closeToAll(step);
    queue.trySend("x");
    return undefined;
  },
};

const outcomes = (JSON.parse(process.argv[2] ?? "[]") as Required<Step>[]).map((step): StepOutcome => {
  try {
    const owner = (step.family === "posix" ? posix : sysv)[step.call]?.(step);
    return { outcome: "permitted", message: "", owner };
  } catch (error) {
    const { code = "none", message } = error as NodeJS.ErrnoException;
    return { outcome: code, message };
  }
});
console.log(JSON.stringify(outcomes));
