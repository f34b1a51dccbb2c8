/**
 * Runs into the scenarios that it is given, and prints what each ended with: `{ "<scenario>": Described, … }` as JSON.
 * Made for a private IPC namespace with the limits of provoked-diagnostics.test.ts; what is left behind vanishes with it.
 */
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { setPermissions } from "#hostmq/posix/permissions";
import { json, PosixQueue, SysVQueue } from "hostmq";
import {
  mq_notify,
  mq_open,
  mq_receive,
  mq_send,
  mq_timedreceive,
  mq_timedsend,
  msgget,
  msgrcv,
  msgsnd,
  O_CREAT,
  O_RDWR,
  SIGEV_NONE,
} from "hostmq/sys";
import { described, type Described } from "./described.js";

let counter = 0;
const fresh = (): string => `/provoked-${(counter += 1)}`;
const posix = (maxMessages = 2, maxMessageSize = 16): PosixQueue =>
  PosixQueue.create(fresh(), { maxMessages, maxMessageSize });
const body = (length: number): Buffer => Buffer.alloc(length, "x");
const key = 0x6869;

/**
 * Makes a call while another process sends a signal that this one handles, again and again: one that comes before the call
 * would not end it.
 */
function interrupted<R>(call: () => R): R {
  process.on("SIGUSR2", () => undefined);
  const sender = spawn("sh", ["-c", `while sleep 0.2; do kill -USR2 ${process.pid}; done`], { stdio: "ignore" });
  try {
    return call();
  } finally {
    sender.kill("SIGKILL");
  }
}

async function removedWhile(start: (queue: SysVQueue) => Promise<unknown>): Promise<void> {
  const queue = SysVQueue.create(key, { maxBytes: 16 });
  const waiting = start(queue);
  // So that the waiting thread is in its call, which is where EIDRM comes from.
  await delay(200);
  SysVQueue.open(key).remove();
  await waiting;
}

function removedBefore(call: (queue: SysVQueue) => unknown): unknown {
  const queue = SysVQueue.create(key);
  SysVQueue.open(key).remove();
  return call(queue);
}

function without<T extends { remove(): void }, R>(queue: T, call: (queue: T) => R): R {
  try {
    return call(queue);
  } finally {
    queue.remove();
  }
}

async function withSysV(call: (queue: SysVQueue) => unknown): Promise<void> {
  const queue = SysVQueue.create(key, { maxBytes: 100 });
  try {
    await call(queue);
  } finally {
    queue.remove();
  }
}

async function withPosix(call: (queue: PosixQueue) => unknown, ...sizes: number[]): Promise<void> {
  const queue = posix(...sizes);
  try {
    await call(queue);
  } finally {
    queue.close();
    PosixQueue.unlink(queue.name);
  }
}

function full(queue: PosixQueue): PosixQueue {
  while (queue.trySend("x"));
  return queue;
}

const scenarios: Record<string, () => unknown> = {
  tooMany: () => PosixQueue.create("/jobs", { maxMessages: 5, maxMessageSize: 16 }),
  tooManyTooLarge: () => PosixQueue.create("/jobs", { maxMessages: 5, maxMessageSize: 129 }),
  overCeiling: () => PosixQueue.create("/jobs", { maxMessages: 65_537, maxMessageSize: 1 }),
  noneAtAll: () => mq_open("/jobs", O_CREAT | O_RDWR, 0o600, { mq_maxmsg: 0, mq_msgsize: 16 }),

  noDescriptor: () => {
    const files: number[] = [];
    try {
      for (;;) files.push(openSync("/dev/null", "r"));
    } catch {
      try {
        return PosixQueue.create("/jobs", { maxMessages: 1, maxMessageSize: 1 });
      } finally {
        files.forEach(closeSync);
      }
    }
  },
  noBytes: () => {
    const first = PosixQueue.create("/first", { maxMessages: 2, maxMessageSize: 16 });
    try {
      return PosixQueue.create("/jobs", { maxMessages: 4, maxMessageSize: 64 });
    } finally {
      first.close();
      PosixQueue.unlink("/first");
    }
  },

  manyNames: () => {
    const queues = [posix(), posix(), posix()];
    try {
      return PosixQueue.create("/jobs", { maxMessages: 1, maxMessageSize: 1 });
    } finally {
      for (const queue of queues) {
        queue.close();
        PosixQueue.unlink(queue.name);
      }
    }
  },
  manyKeys: () => {
    const queues = [SysVQueue.createPrivate(), SysVQueue.create(key)];
    try {
      return SysVQueue.create(0x6870);
    } finally {
      for (const queue of queues) queue.remove();
    }
  },

  missingName: () => withPosix((queue) => PosixQueue.open(`${queue.name}x`)),
  missingNameUnlink: () =>
    withPosix((queue) => {
      PosixQueue.unlink(`${queue.name}x`);
    }),
  missingKey: () => without(SysVQueue.create(key), () => SysVQueue.open(0x6868)),

  posixOpen: () => PosixQueue.open("/orders"),
  othersMode: () => {
    setPermissions(PosixQueue.open("/shared"), { mode: 0o600 });
  },
  othersOwner: () => {
    setPermissions(PosixQueue.open("/shared"), { uid: process.getuid?.() });
  },
  posixUnlink: () => {
    PosixQueue.unlink("/orders");
  },
  sysvSend: () => {
    SysVQueue.open(key).trySend("x");
  },
  sysvReceive: () => SysVQueue.open(key).tryReceive(),
  sysvOpenFor: () => msgget(key, 0o666),
  sysvStatus: () => SysVQueue.open(key).status(),
  sysvRemove: () => {
    SysVQueue.open(key).remove();
  },

  createPosix: () => posix(),
  openSysV: () => SysVQueue.open(key),

  posixSendTooLarge: () => withPosix((queue) => queue.send(body(17))),
  posixSendTooLargeC: () =>
    withPosix((queue) => {
      mq_send(queue.descriptor, body(17));
    }),
  posixReceiveTooLargeC: () =>
    withPosix((queue) => {
      queue.trySend("x");
      mq_receive(queue.descriptor, body(8));
    }),
  sysvSendOverMsgmax: () => withSysV((queue) => queue.send(body(129))),
  sysvSendOverQbytes: () => withSysV((queue) => queue.send(body(101))),
  sysvReceiveTooLarge: () =>
    withSysV((queue) => {
      queue.trySend(body(20));
      queue.receiveInto(body(8));
    }),
  sysvReceiveTooLargeC: () =>
    withSysV((queue) => {
      queue.trySend(body(20));
      msgrcv(queue.id, body(8));
    }),

  posixReceiveTimeout: () => withPosix((queue) => queue.receive({ timeout: 30 })),
  posixReceiveSyncTimeout: () => withPosix((queue) => queue.receiveSync({ timeout: 30 })),
  posixSendTimeout: () => withPosix((queue) => full(queue).send("x", { timeout: 30 })),
  posixSendSyncTimeout: () =>
    withPosix((queue) => {
      full(queue).sendSync("x", { timeout: 30 });
    }),
  sysvReceiveTimeout: () =>
    withSysV((queue) => {
      queue.trySend("12345", { type: 2 });
      return queue.receive({ type: 7, timeout: 30 });
    }),
  sysvSendTimeout: () =>
    withSysV((queue) => {
      queue.trySend(body(90));
      return queue.send(body(11), { timeout: 30 });
    }),
  posixReceiveTimeoutC: () =>
    withPosix((queue) => {
      mq_timedreceive(queue.descriptor, body(16), { tv_sec: 1, tv_nsec: 0 });
    }),

  sysvRemovedReceiving: () => removedWhile((queue) => queue.receive()),
  sysvRemovedSending: () =>
    removedWhile((queue) => {
      queue.trySend(body(16));
      return queue.send("x");
    }),
  sysvRemovedReceive: () => removedBefore((queue) => queue.receive()),
  sysvRemovedSend: () => removedBefore((queue) => queue.send("x")),
  sysvRemovedStatus: () => removedBefore((queue) => queue.status()),
  unknownId: () => {
    msgsnd(0x7ffffff0, "x", 1);
  },

  posixReceiveInterrupted: () =>
    withPosix((queue) => {
      return interrupted(() => queue.receiveSync({ timeout: 60_000 }));
    }),
  posixSendInterrupted: () =>
    withPosix((queue) => {
      full(queue);
      interrupted(() => {
        queue.sendSync("x", { timeout: 60_000 });
      });
    }),
  sysvReceiveInterrupted: () =>
    withSysV((queue) => {
      return interrupted(() => queue.receiveSync({ timeout: 60_000 }));
    }),
  sysvSendInterrupted: () =>
    withSysV((queue) => {
      queue.trySend(body(100));
      interrupted(() => {
        queue.sendSync("x", { timeout: 60_000 });
      });
    }),
  overMsgmnb: () =>
    withSysV((queue) => {
      queue.configure({ maxBytes: 257 });
    }),
  decode: () =>
    withPosix((queue) => {
      queue.trySend("{");
      PosixQueue.open(queue.name, { codec: json() }).tryReceive();
    }),
  closed: () => {
    const queue = posix();
    queue.close();
    PosixQueue.unlink(queue.name);
    queue.trySend("x");
  },

  // With a filter in the kernel's place.
  createExact: () => PosixQueue.create(fresh(), { maxMessages: 1, maxMessageSize: 1, exactMode: true }),
  giveAway: () => {
    setPermissions(posix(), { gid: process.getgid?.() });
  },
  unlinkAny: () => {
    PosixQueue.unlink("/any");
  },
  posixTrySend: () => posix().trySend("x"),
  posixTryReceive: () => posix().tryReceive(),
  posixTimedSend: () => {
    mq_timedsend(posix().descriptor, "x", 0, { tv_sec: 0, tv_nsec: 0 });
  },
  posixTimedReceive: () => mq_timedreceive(posix().descriptor, body(16), { tv_sec: 0, tv_nsec: 0 }),
  posixNotify: () => {
    mq_notify(posix().descriptor, { sigev_notify: SIGEV_NONE });
  },
  sysvTrySend: () => SysVQueue.openOrCreate(key).trySend("x"),
  sysvTryReceive: () => SysVQueue.openOrCreate(key).tryReceive(),
  sysvPeek: () => SysVQueue.openOrCreate(key).peek(),
  sysvStatusAny: () => SysVQueue.openOrCreate(key).status(),
};

const results: Record<string, Described> = {};
for (const name of process.argv.slice(2)) {
  const scenario = scenarios[name];
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  results[name] = await described(scenario);
}
console.log(JSON.stringify(results));
process.exit(0);
