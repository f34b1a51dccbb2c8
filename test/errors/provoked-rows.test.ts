/**
 * Every row of the table of errors is here once: run into for real, answered by a filter in the kernel's place, or in the
 * list of those that cannot be had, with the reason. A new row fails this file until it is in one of them.
 *
 * A row is named by its call and errno, and by its number where the table has several for them.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { errorTable, type ErrorRow } from "#hostmq/errors/table";
import { waitingRows } from "#hostmq/errors/waiting-rows";
import { PosixQueue, SysVQueue } from "hostmq";
import {
  ftok,
  IPC_CREAT,
  IPC_NOWAIT,
  IPC_PRIVATE,
  IPC_SET,
  MSG_COPY,
  mq_close,
  mq_getattr,
  mq_notify,
  mq_open,
  mq_receive,
  mq_send,
  mq_setattr,
  mq_timedreceive,
  mq_timedsend,
  mq_unlink,
  msgctl,
  msgget,
  msgrcv,
  msgsnd,
  O_CREAT,
  O_EXCL,
  O_NONBLOCK,
  O_RDWR,
  SIGEV_NONE,
  SIGEV_SIGNAL,
} from "hostmq/sys";
import { ordinaryUid } from "../helpers/as-user.js";
import { posixName, sysvId, sysvKey } from "../helpers/names.js";
import { root } from "../helpers/peers.js";
import * as posix from "../faults/posix-cases.js";
import * as sysv from "../faults/sysv-cases.js";
import { described, type Described } from "./described.js";
import { noSecondUser, notHere, provoke, provokeAmong, provokeRefused } from "./provoked-limits.js";

const scope = { after };
const names = new Map<string, ErrorRow>();
for (const row of errorTable) {
  const name = `${row.call} ${row.errno}`;
  const same = errorTable.filter(({ call, errno }) => call === row.call && errno === row.errno);
  names.set(same.length === 1 ? name : `${name} ${same.indexOf(row) + 1}`, row);
}

/** The class and code of the row, and its words where they are not made of live numbers. */
function checkRow(name: string, error: Described): void {
  const row = names.get(name);
  assert.ok(row !== undefined, name);
  assert.deepEqual([error.name, error.code], [row.errorClass, row.code ?? row.errno], error.message);
  if (row.call !== "hostmq") assert.equal(error.syscall, row.call);
  if (row.explain === undefined && row.call !== "hostmq") {
    assert.ok(error.message.includes(`: ${row.situation}. `), error.message);
    assert.equal(error.hint, row.remedy);
  }
}

// In this process, with queues of our own.

const queueName = posixName(scope);
const sizes = { mq_maxmsg: 1, mq_msgsize: 16 };
let queue = -1;
let id = -1;
const buffer = Buffer.alloc(16);
const inTheFuture = { tv_sec: 4_000_000_000, tv_nsec: 0 };

const inProcess: Record<string, () => unknown> = {
  "mq_open EACCES 1": () => mq_open("/a/b", O_RDWR),
  "mq_open ENAMETOOLONG": () => mq_open(`/${"x".repeat(256)}`, O_RDWR),
  "mq_open ENOENT 1": () => mq_open("/", O_RDWR),
  "mq_open ENOENT 2": () => mq_open(`${queueName}-missing`, O_RDWR),
  "mq_open EEXIST": () => mq_open(queueName, O_CREAT | O_EXCL | O_RDWR, 0o600, sizes),
  "mq_open EINVAL 1": () => mq_open("jobs", O_RDWR),
  "mq_unlink EACCES 1": () => {
    mq_unlink("/a/b");
  },
  "mq_unlink ENAMETOOLONG": () => {
    mq_unlink(`/${"x".repeat(256)}`);
  },
  "mq_unlink ENOENT 1": () => {
    mq_unlink("/");
  },
  "mq_unlink ENOENT 2": () => {
    mq_unlink(`${queueName}-missing`);
  },
  "mq_unlink EINVAL": () => {
    mq_unlink("jobs");
  },
  "mq_send EBADF": () => {
    mq_send(0, "x");
  },
  "mq_send EINVAL": () => {
    mq_send(queue, "x", 40_000);
  },
  "mq_send EMSGSIZE": () => {
    mq_send(queue, Buffer.alloc(17));
  },
  "hostmq EMSGSIZE": () => PosixQueue.open(queueName, { coalesce: true }).trySend(""),
  "hostmq ERR_HOSTMQ_IN_HAND": () => {
    const name = posixName(scope);
    const ours = PosixQueue.create(name, { maxMessages: 1, maxMessageSize: 64, coalesce: true });
    ours.trySendMany(["a", "b"]);
    ours.tryReceive();
    const other = PosixQueue.open(name);
    other.trySend("full");
    other.close();
    ours.close();
  },
  "mq_send EAGAIN": () => {
    full((body) => {
      mq_send(queue, body);
    });
  },
  "mq_timedsend EBADF": () => {
    mq_timedsend(0, "x", 0, inTheFuture);
  },
  "mq_timedsend EINVAL": () => {
    mq_timedsend(queue, "x", 40_000, inTheFuture);
  },
  "mq_timedsend EMSGSIZE": () => {
    mq_timedsend(queue, Buffer.alloc(17), 0, inTheFuture);
  },
  "mq_timedsend EAGAIN": () => {
    full((body) => {
      mq_timedsend(queue, body, 0, inTheFuture);
    });
  },
  "mq_timedsend ETIMEDOUT": () => {
    blocking(() => {
      full((body) => {
        mq_timedsend(queue, body, 0, { tv_sec: 1, tv_nsec: 0 });
      });
    });
  },
  "mq_receive EBADF": () => mq_receive(0, buffer),
  "mq_receive EMSGSIZE": () => mq_receive(queue, Buffer.alloc(15)),
  "mq_receive EAGAIN": () => mq_receive(queue, buffer),
  "mq_timedreceive EBADF": () => mq_timedreceive(0, buffer, inTheFuture),
  "mq_timedreceive EMSGSIZE": () => mq_timedreceive(queue, Buffer.alloc(15), inTheFuture),
  "mq_timedreceive EAGAIN": () => mq_timedreceive(queue, buffer, inTheFuture),
  "mq_timedreceive EINVAL": () => mq_timedreceive(queue, buffer, { tv_sec: 0, tv_nsec: 1_000_000_000 }),
  "mq_timedreceive ETIMEDOUT": () => {
    blocking(() => {
      mq_timedreceive(queue, buffer, { tv_sec: 1, tv_nsec: 0 });
    });
  },
  "mq_close EBADF": () => {
    mq_close(0);
  },
  "mq_getattr EBADF": () => mq_getattr(0),
  "mq_getattr EBUSY": () => PosixQueue.fromDescriptor(queue),
  "mq_setattr EBADF": () => mq_setattr(0, { mq_flags: 0 }),
  "mq_setattr EINVAL": () => mq_setattr(queue, { mq_flags: O_EXCL }),
  "mq_notify EBADF": () => {
    mq_notify(0, { sigev_notify: SIGEV_NONE });
  },
  "mq_notify EINVAL": () => {
    mq_notify(queue, { sigev_notify: SIGEV_SIGNAL, sigev_signo: 1000 });
  },
  "mq_notify EBUSY": () => {
    mq_notify(queue, { sigev_notify: SIGEV_NONE });
    try {
      mq_notify(queue, { sigev_notify: SIGEV_NONE });
    } finally {
      mq_notify(queue, null);
    }
  },

  "msgget ENOENT": () => msgget(sysvKey(scope), 0),
  "msgget EEXIST": () => SysVQueue.create(existing()),
  "msgsnd EAGAIN 1": () => SysVQueue.fromId(id).trySend(Buffer.alloc(65)),
  "msgsnd EAGAIN 2": () => {
    full((body) => {
      msgsnd(id, body.repeat(40), 1, IPC_NOWAIT);
    });
  },
  "msgsnd EINVAL 2": () => gone((removed) => removed.trySend("x")),
  "msgsnd EINVAL 3": () => {
    msgsnd(0x7ffffff0, "x", 1);
  },
  "msgsnd EINVAL 5": () => {
    msgsnd(id, "x", 0);
  },
  "msgrcv E2BIG": () => {
    msgsnd(id, "too long", 9);
    try {
      msgrcv(id, Buffer.alloc(2), 9);
    } finally {
      msgrcv(id, buffer, 9);
    }
  },
  "msgrcv EINVAL 1": () => gone((removed) => removed.tryReceive()),
  "msgrcv EINVAL 2": () => msgrcv(0x7ffffff0, buffer),
  "msgrcv EINVAL 3": () => msgrcv(id, buffer, 0, MSG_COPY),
  "msgrcv ENOMSG": () => msgrcv(id, buffer, 77, IPC_NOWAIT),
  "msgctl EINVAL 1": () => gone((removed) => removed.status()),
  "msgctl EINVAL 2": () => SysVQueue.fromId(0x7ffffff0),
  "msgctl EINVAL 3": () => {
    msgctl(id, IPC_SET, { msg_perm: { uid: 0xffffffff } });
  },

  "ftok ENOENT": () => ftok("/no/such/folder", 1),
  "ftok ENOTDIR": () => ftok(`${process.execPath}/below`, 1),
  "ftok ENAMETOOLONG": () => ftok(`/${"x".repeat(300)}`, 1),
  "ftok ELOOP": () => ftok(loop(), 1),
};

function full(send: (body: string) => void): void {
  try {
    for (;;) send("x");
  } finally {
    PosixQueue.open(queueName).tryReceiveMany(1);
    SysVQueue.fromId(id).tryReceiveMany(10);
  }
}

function blocking(call: () => void): void {
  mq_setattr(queue, { mq_flags: 0 });
  try {
    call();
  } finally {
    mq_setattr(queue, { mq_flags: O_NONBLOCK });
  }
}

function existing(): number {
  const key = sysvKey(scope);
  msgget(key, IPC_CREAT | 0o600);
  return key;
}

function gone(call: (removed: SysVQueue) => unknown): unknown {
  const removed = SysVQueue.createPrivate();
  sysvId(scope, removed.id);
  SysVQueue.fromId(removed.id).remove();
  return call(removed);
}

function loop(): string {
  const folder = mkdtempSync(join(tmpdir(), "hostmq-loop-"));
  after(() => {
    rmSync(folder, { recursive: true });
  });
  symlinkSync("loop", join(folder, "loop"));
  return join(folder, "loop");
}

test("rows that any process can run into", async (t) => {
  queue = mq_open(queueName, O_CREAT | O_EXCL | O_RDWR | O_NONBLOCK, 0o600, sizes);
  id = sysvId(scope, msgget(IPC_PRIVATE, 0o600));
  msgctl(id, IPC_SET, { msg_qbytes: 64 });
  for (const [name, action] of Object.entries(inProcess)) {
    await t.test(name, async () => {
      checkRow(name, await described(action));
    });
  }
  mq_close(queue);
});

// In a private namespace with small limits, by the scenarios of provoked.child.ts.

const inNamespace = {
  "mq_open EINVAL 2": "tooMany",
  "mq_open ENOSPC": "manyNames",
  "mq_send EINTR": "posixSendInterrupted",
  "mq_receive EINTR": "posixReceiveInterrupted",
  "msgget ENOSPC": "manyKeys",
  "msgsnd EINTR": "sysvSendInterrupted",
  "msgsnd EINVAL 1": "sysvSendOverMsgmax",
  "msgsnd EIDRM": "sysvRemovedSending",
  "msgrcv EINTR": "sysvReceiveInterrupted",
  "msgrcv EIDRM": "sysvRemovedReceiving",
  "msgctl EPERM 1": "overMsgmnb",
  "hostmq ETIMEDOUT": "posixReceiveTimeout",
  "hostmq ERR_HOSTMQ_CLOSED": "closed",
  "hostmq ERR_HOSTMQ_DECODE": "decode",
} as const;

test("rows that take small limits, a signal or another thread", { skip: notHere }, () => {
  const errors = provoke(Object.values(inNamespace));
  for (const [name, scenario] of Object.entries(inNamespace)) checkRow(name, errors[scenario]);
});

test("mq_open EMFILE", { skip: notHere }, () => {
  checkRow("mq_open EMFILE", provoke(["noDescriptor"], { limits: { nofile: 64 } }).noDescriptor);
});

const amongOthers = {
  "mq_open EACCES 2": "posixOpen",
  "mq_unlink EACCES 2": "posixUnlink",
  "fchmod EPERM": "othersMode",
  "fchown EPERM": "othersOwner",
  "msgget EACCES": "sysvOpenFor",
  "msgsnd EACCES": "sysvSend",
  "msgrcv EACCES": "sysvReceive",
  "msgctl EACCES": "sysvStatus",
  "msgctl EPERM 2": "sysvRemove",
} as const;

test("rows that take a second user", { skip: noSecondUser }, () => {
  const peers = join(root, "build/peers");
  const create = `${peers}/posix_create /orders 1 16; ${peers}/posix_create /shared 1 16 666; ${peers}/sysv_create 0x6869`;
  const errors = provokeAmong(create, Object.values(amongOthers));
  for (const [name, scenario] of Object.entries(amongOthers)) checkRow(name, errors[scenario]);
});

test("ftok EACCES", { skip: noSecondUser }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), "hostmq-closed-"));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  mkdirSync(join(folder, "closed"), { mode: 0o700 });
  writeFileSync(join(folder, "closed/file"), "");
  const script = `import("hostmq").then(({ ftok }) => ftok(process.argv[1], 1)).catch(({ name, code, syscall, message, hint }) => console.log(JSON.stringify({ name, code, syscall, message, hint })))`;
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", script, join(folder, "closed/file")], {
    uid: ordinaryUid,
    gid: ordinaryUid,
    cwd: root,
    encoding: "utf8",
  });
  assert.notEqual(stdout, "", stderr);
  checkRow("ftok EACCES", JSON.parse(stdout) as Described);
});

// What the kernel answers only in trouble, a filter answers in its place: [system call, scenario].

const refused: Record<string, readonly [string, string]> = {
  "mq_open ENOSYS": ["mq_open", "createPosix"],
  "mq_open ENOMEM": ["mq_open", "createPosix"],
  "mq_open EROFS": ["mq_open", "createPosix"],
  "mq_open EOVERFLOW": ["mq_open", "createPosix"],
  "mq_open ENFILE": ["mq_open", "createPosix"],
  "mq_open EPERM": ["mq_open", "createPosix"],
  "mq_unlink ENOSYS": ["mq_unlink", "unlinkAny"],
  "mq_unlink ENOMEM": ["mq_unlink", "unlinkAny"],
  "mq_unlink EROFS": ["mq_unlink", "unlinkAny"],
  "mq_send ENOMEM": ["mq_timedsend", "posixTrySend"],
  "mq_send ETIMEDOUT": ["mq_timedsend", "posixTrySend"],
  "mq_timedsend ENOMEM": ["mq_timedsend", "posixTimedSend"],
  "mq_timedsend EINTR": ["mq_timedsend", "posixTimedSend"],
  "mq_receive EINVAL": ["mq_timedreceive", "posixTryReceive"],
  "mq_receive EBADMSG": ["mq_timedreceive", "posixTryReceive"],
  "mq_receive ETIMEDOUT": ["mq_timedreceive", "posixTryReceive"],
  "mq_timedreceive EBADMSG": ["mq_timedreceive", "posixTimedReceive"],
  "mq_timedreceive EINTR": ["mq_timedreceive", "posixTimedReceive"],
  "mq_notify ENOMEM": ["mq_notify", "posixNotify"],
  "mq_notify ENOSYS": ["mq_notify", "posixNotify"],
  "fchmod EBADF": ["fchmod", "createExact"],
  "fchmod EROFS": ["fchmod", "createExact"],
  "fchmod EINVAL": ["fchmod", "createExact"],
  "fchmod EIO": ["fchmod", "createExact"],
  "fchown EBADF": ["fchown", "giveAway"],
  "fchown EROFS": ["fchown", "giveAway"],
  "fchown EIO": ["fchown", "giveAway"],
  "msgget ENOSYS": ["msgget", "openSysV"],
  "msgget ENOMEM": ["msgget", "openSysV"],
  "msgsnd EFAULT": ["msgsnd", "sysvTrySend"],
  "msgsnd ENOMEM": ["msgsnd", "sysvTrySend"],
  "msgsnd ENOSYS": ["msgsnd", "sysvTrySend"],
  "msgrcv EFAULT": ["msgrcv", "sysvTryReceive"],
  "msgrcv ENOMEM": ["msgrcv", "sysvTryReceive"],
  "msgrcv ENOSYS 1": ["msgrcv", "sysvPeek"],
  "msgrcv ENOSYS 3": ["msgrcv", "sysvTryReceive"],
  "msgctl EFAULT": ["msgctl", "sysvStatusAny"],
  "msgctl EIDRM": ["msgctl", "sysvStatusAny"],
  "msgctl ENOMEM": ["msgctl", "sysvStatusAny"],
  "msgctl ENOSYS 2": ["msgctl", "sysvStatusAny"],
};

/** As few programs as possible: one filter answers each call once, and what opens a queue is refused apart from the rest. */
function rounds(): string[][] {
  const groups: string[][] = [];
  const callOf = (name: string): string => refused[name]?.[0] ?? "";
  const opens = (name: string): boolean => ["mq_open", "msgget"].includes(callOf(name));
  for (const name of Object.keys(refused)) {
    const group = groups.find((members) =>
      members.every((other) => callOf(other) !== callOf(name) && opens(other) === opens(name)),
    );
    if (group === undefined) groups.push([name]);
    else group.push(name);
  }
  return groups;
}

for (const group of rounds()) {
  test(`a filter in the kernel's place: ${group.join(", ")}`, { skip: notHere }, () => {
    const calls = Object.fromEntries(group.map((name) => [refused[name]?.[0] ?? "", names.get(name)?.errno ?? ""]));
    const scenarios = group.map((name) => refused[name]?.[1] ?? "");
    const errors = provokeRefused(calls, scenarios);
    for (const [index, name] of group.entries()) checkRow(name, errors[scenarios[index] ?? ""] as Described);
  });
}

// Proved elsewhere, or by nobody.

const injected = new Set(
  [...posix.beforeStart, ...posix.failures, ...sysv.beforeStart, ...sysv.failures].flatMap(
    ({ call, syscall = call, errnos, code }) => (code ?? errnos).split(" ").map((errno) => `${syscall} ${errno}`),
  ),
);

/** Beside what a filter answers without ending Node, a library in the addon's way answers these. */
const byLibrary = [...names].filter(([name, row]) => injected.has(name) && waitingRows.includes(row));

const elsewhere: Record<string, string> = {
  ...Object.fromEntries(byLibrary.map(([name]) => [name, "test/faults"])),
  "hostmq ERR_HOSTMQ_LOAD": "provoked-diagnostics.test.ts",
};

const cannotBeHad: Record<string, string> = {
  "mq_close EINTR": "Linux does not report it for queues, and a filter on close would end Node",
  "msgsnd EINVAL 4": "BSD and macOS report it; test/errors/elsewhere.test.ts",
  "msgrcv ENOSYS 2": "only other systems lack it; test/native/portable.test.ts",
  "msgctl ENOSYS 1": "only other systems lack it; test/native/portable.test.ts",
  "mq_getattr ENOSYS": "only other systems lack it; test/native/portable.test.ts",
  "hostmq ENOSYS": "only other systems lack it; test/errors/elsewhere.test.ts",
  "ftok EBADF": "the path is never a descriptor; a filter on stat would end Node",
  "ftok EFAULT": "the path always lies in memory of ours; a filter on stat would end Node",
  "ftok ENOMEM": "takes a kernel without memory; a filter on stat would end Node",
  "ftok EOVERFLOW": "takes a 32-bit system with a file that is too large for it",
};

test("every row of the table is in exactly one of the lists", () => {
  const listed = [inProcess, inNamespace, amongOthers, refused, elsewhere, cannotBeHad].flatMap((list) =>
    Object.keys(list),
  );
  listed.push("mq_open EMFILE", "ftok EACCES");
  assert.deepEqual(listed.sort(), [...names.keys()].sort());
});
