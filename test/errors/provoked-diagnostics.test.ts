/** The ten diagnostics of the errors that people meet most, each from the kernel itself, with the numbers of the moment. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { root, runToEnd } from "../helpers/peers.js";
import type { Described } from "./described.js";
import { noSecondUser, notHere, ownUid, provoke, provokeAmong, provokeRefused } from "./provoked-limits.js";

const { errno: errnos } = constants;
const here = { skip: notHere };
const peers = `${root}build/peers`;

/** The message is the code, what happened and the hint. */
function check(
  error: Described,
  expected: {
    name?: string;
    code: keyof typeof errnos;
    syscall?: string;
    queue: string;
    what: string | RegExp;
    hint: RegExp;
  },
): void {
  const { message, hint = "" } = error;
  assert.deepEqual(
    [error.name, error.code, error.errno, error.syscall, error.queue],
    [expected.name ?? "QueueError", expected.code, errnos[expected.code], expected.syscall, expected.queue],
    message,
  );
  const [start, end] = [`${expected.code}: `, `. ${hint}`];
  assert.ok(message.startsWith(start) && message.endsWith(end), message);
  const what = message.slice(start.length, -end.length);
  if (typeof expected.what === "string") assert.equal(what, expected.what);
  else assert.match(what, expected.what);
  assert.match(hint, expected.hint);
}

test("1. EINVAL on open: which limit, its value, the sysctl, the container's flag", here, () => {
  const { tooMany, tooManyTooLarge, overCeiling, noneAtAll } = provoke([
    "tooMany",
    "tooManyTooLarge",
    "overCeiling",
    "noneAtAll",
  ]);
  const common = { code: "EINVAL", syscall: "mq_open", queue: "/jobs" } as const;
  check(tooMany, {
    ...common,
    what: 'cannot create "/jobs": maxMessages 5 is over fs.mqueue.msg_max = 4 and this process has no CAP_SYS_RESOURCE',
    hint: /^Ask for 4 or fewer, or raise it: sysctl fs\.mqueue\.msg_max=5 \(.*\)\.$/u,
  });
  check(tooManyTooLarge, {
    ...common,
    what: 'cannot create "/jobs": maxMessages 5 is over fs.mqueue.msg_max = 4, maxMessageSize 129 is over fs.mqueue.msgsize_max = 128 and this process has no CAP_SYS_RESOURCE',
    hint: /^Ask for 4 or fewer and 128 bytes or fewer, or raise them: sysctl fs\.mqueue\.msg_max=5 fs\.mqueue\.msgsize_max=129 \(/u,
  });
  if (process.env.KUBERNETES_SERVICE_HOST === undefined) {
    assert.match(tooMany.hint ?? "", /(docker|podman) run --sysctl fs\.mqueue\.msg_max=5\)/u);
  }
  check(overCeiling, {
    ...common,
    what: 'cannot create "/jobs": maxMessages 65537 is over the kernel\'s own ceiling = 65536',
    hint: /^Ask for 65536 or fewer; no setting raises it\.$/u,
  });
  check(noneAtAll, {
    ...common,
    what: 'cannot create "/jobs": maxMessages is 0',
    hint: /^Ask for at least 1 message of at least 1 byte\.$/u,
  });
});

test("2. EMFILE on open without descriptors: how many of how many", here, () => {
  const { noDescriptor } = provoke(["noDescriptor"], { limits: { nofile: 64 } });
  check(noDescriptor, {
    code: "EMFILE",
    syscall: "mq_open",
    queue: "/jobs",
    what: /^cannot create "\/jobs": this process has no descriptor left \(RLIMIT_NOFILE: 6\d of 64 are open\)$/u,
    hint: /^Close queues, files or sockets .* ulimit -n \(docker run --ulimit nofile=N\)\.$/u,
  });
});

test("2. EMFILE on open without bytes: needed, in use, allowed", { skip: noSecondUser }, () => {
  const { noBytes } = provoke(["noBytes"], { limits: { msgqueue: 600 } });
  check(noBytes, {
    code: "EMFILE",
    syscall: "mq_open",
    queue: "/jobs",
    what: new RegExp(
      `^cannot create "/jobs": the queues of user ${ownUid} would reserve more bytes together than RLIMIT_MSGQUEUE allows: this queue needs 640, 224 are in use by the 1 queue that can be seen, 600 are allowed \\(it is not the descriptors: \\d+ of (\\d+|Infinity) are open\\)$`,
      "u",
    ),
    hint: /^Ask for 2 messages of 64 bytes or fewer, .* ulimit -q 864 \(docker run --ulimit msgqueue=864\)\. The limit is per user, not per process\.$/u,
  });
});

test("3. ENOSPC: no disk is full, and how many queues there are of how many", here, () => {
  const { manyKeys, manyNames } = provoke(["manyKeys", "manyNames"]);
  check(manyKeys, {
    code: "ENOSPC",
    syscall: "msgget",
    queue: "key 0x6870",
    what: "cannot create key 0x6870: no disk is full: 2 queues of kernel.msgmni = 2 exist in this IPC namespace",
    hint: /ipcs -q .* ipcrm -q ID .* sysctl kernel\.msgmni=4 \(docker run --sysctl kernel\.msgmni=4\)\.$/u,
  });
  check(manyNames, {
    code: "ENOSPC",
    syscall: "mq_open",
    queue: "/jobs",
    what: 'cannot create "/jobs": no disk is full: this IPC namespace holds as many queues as fs.mqueue.queues_max = 3 allows; 3 queues can be seen',
    hint: /^Unlink .* sysctl fs\.mqueue\.queues_max=6 \(docker run --sysctl fs\.mqueue\.queues_max=6\)\.$/u,
  });
});

test("4. ENOENT: the nearest name or key, and the IPC namespace", here, () => {
  const { missingName, missingNameUnlink, missingKey } = provoke(["missingName", "missingNameUnlink", "missingKey"]);
  const common = { code: "ENOENT" } as const;
  check(missingName, {
    ...common,
    syscall: "mq_open",
    queue: "/provoked-1x",
    what: /^cannot open "\/provoked-1x": no queue of this name exists in this IPC namespace \(ipc:\[\d+\]\)$/u,
    hint: /^Did you mean "\/provoked-1"\? Start the side that creates it .*container/u,
  });
  check(missingNameUnlink, {
    ...common,
    syscall: "mq_unlink",
    queue: "/provoked-2x",
    what: /^cannot unlink "\/provoked-2x": no queue of this name exists in this IPC namespace \(ipc:\[\d+\]\)$/u,
    hint: /^Did you mean "\/provoked-2"\?/u,
  });
  check(missingKey, {
    ...common,
    syscall: "msgget",
    queue: "key 0x6868",
    what: /^cannot open key 0x6868: no queue with this key exists in this IPC namespace \(ipc:\[\d+\]\), which holds 1 queue with a key$/u,
    hint: /^Did you mean 0x6869\? /u,
  });
  const own = /ipc:\[\d+\]/u.exec(missingKey.message)?.[0];
  assert.notEqual(own, undefined);
});

test("5. EACCES: the owner, the mode, who is asking, the umask", { skip: noSecondUser }, () => {
  const whose = (mode: string): string =>
    `it belongs to user 0, group 0, with mode ${mode}; this process is user ${ownUid}, group ${ownUid}`;
  const queues = `${peers}/posix_create /orders 2 16 640; ${peers}/sysv_create 0x6869 644; umask 027`;
  const { posixOpen, posixUnlink, sysvSend, sysvOpenFor, sysvRemove } = provokeAmong(queues, [
    "posixOpen",
    "posixUnlink",
    "sysvSend",
    "sysvOpenFor",
    "sysvRemove",
  ]);
  check(posixOpen, {
    code: "EACCES",
    syscall: "mq_open",
    queue: "/orders",
    what: `cannot open "/orders": no permission to read and write: ${whose("0640")}`,
    hint: /^Run as user 0, or have the creator give a wider mode; the umask \(here 0\d+\) takes bits away/u,
  });
  check(posixUnlink, {
    code: "EACCES",
    syscall: "mq_unlink",
    queue: "/orders",
    what: `cannot unlink "/orders": only its owner or root may do this: ${whose("0640")}`,
    hint: /^Run as user 0 or as root\.$/u,
  });
  const sysv = { code: "EACCES", queue: "key 0x6869" } as const;
  check(sysvSend, {
    ...sysv,
    syscall: "msgsnd",
    what: `cannot send to key 0x6869: no permission to write: ${whose("0644")}`,
    hint: /^Run as user 0, or have the owner widen it: queue\.configure\(\{ mode: 0o660 \}\)\.$/u,
  });
  check(sysvOpenFor, {
    ...sysv,
    syscall: "msgget",
    what: `cannot open key 0x6869: no permission for mode 0666: ${whose("0644")}`,
    hint: /^Run as user 0/u,
  });
  check(sysvRemove, {
    ...sysv,
    code: "EPERM",
    syscall: "msgctl",
    what: `cannot remove key 0x6869: only its owner, its creator or root may do this: ${whose("0644")}`,
    hint: /^Run as user 0 or as root\.$/u,
  });
  const hidden = provokeAmong(`${peers}/sysv_create 0x6869 600`, ["sysvReceive", "sysvStatus"]);
  check(hidden.sysvReceive, {
    ...sysv,
    syscall: "msgrcv",
    what: /^cannot receive from key 0x6869: no permission to read: .*this process is user \d+/u,
    hint: /^Run as /u,
  });
  check(hidden.sysvStatus, {
    ...sysv,
    syscall: "msgctl",
    what: /^cannot read the status of key 0x6869: no permission to read: .*this process is user \d+/u,
    hint: /^Run as /u,
  });
});

test("6. ENOSYS: what is missing, and what may be there", here, () => {
  const { createPosix, openSysV } = provokeRefused({ mq_open: "ENOSYS", msgget: "ENOSYS" }, [
    "createPosix",
    "openSysV",
  ]);
  check(createPosix, {
    code: "ENOSYS",
    syscall: "mq_open",
    queue: "/provoked-1",
    what: /^cannot create "\/provoked-1": .*no POSIX message queues$/u,
    hint: /SysVQueue|WSL 2/u,
  });
  check(openSysV, {
    code: "ENOSYS",
    syscall: "msgget",
    queue: "key 0x6869",
    what: /^cannot open key 0x6869: .*no System V message queues$/u,
    hint: /PosixQueue|WSL 2/u,
  });
});

test("7. a message that is too large: both sizes, both families, both directions", here, () => {
  const errors = provoke([
    "posixSendTooLarge",
    "posixSendTooLargeC",
    "posixReceiveTooLargeC",
    "sysvSendOverMsgmax",
    "sysvSendOverQbytes",
    "sysvReceiveTooLarge",
    "sysvReceiveTooLargeC",
  ]);
  const tooLarge = { name: "MessageTooLargeError" } as const;
  check(errors.posixSendTooLarge, {
    ...tooLarge,
    code: "EMSGSIZE",
    syscall: "mq_send",
    queue: "/provoked-1",
    what: 'cannot send to "/provoked-1": the message of 17 bytes is over the queue\'s mq_msgsize of 16 bytes',
    hint: /^Send less, or create the queue anew with a larger maxMessageSize/u,
  });
  const descriptor = errors.posixSendTooLargeC.queue ?? "";
  assert.match(descriptor, /^descriptor \d+$/u);
  check(errors.posixSendTooLargeC, {
    ...tooLarge,
    code: "EMSGSIZE",
    syscall: "mq_send",
    queue: descriptor,
    what: `cannot send to ${descriptor}: the message of 17 bytes is over the queue's mq_msgsize of 16 bytes`,
    hint: /^Send less/u,
  });
  check(errors.posixReceiveTooLargeC, {
    ...tooLarge,
    code: "EMSGSIZE",
    syscall: "mq_receive",
    queue: errors.posixReceiveTooLargeC.queue ?? "",
    what: /: the buffer of 8 bytes is smaller than the queue's mq_msgsize of 16 bytes, .*the message stays in the queue$/u,
    hint: /^Give a buffer of at least 16 bytes\.$/u,
  });
  check(errors.sysvSendOverMsgmax, {
    ...tooLarge,
    code: "EINVAL",
    syscall: "msgsnd",
    queue: "key 0x6869",
    what: "cannot send to key 0x6869: the message of 129 bytes is over kernel.msgmax = 128 bytes",
    hint: /sysctl kernel\.msgmax=129 \(docker run --sysctl kernel\.msgmax=129\)\.$/u,
  });
  check(errors.sysvSendOverQbytes, {
    ...tooLarge,
    code: "EAGAIN",
    syscall: "msgsnd",
    queue: "key 0x6869",
    what: "cannot send to key 0x6869: the message of 101 bytes is over the queue's msg_qbytes of 100 bytes, so it would not fit an empty queue either",
    hint: /queue\.configure\(\{ maxBytes: 101 \}\)/u,
  });
  for (const error of [errors.sysvReceiveTooLarge, errors.sysvReceiveTooLargeC]) {
    check(error, {
      ...tooLarge,
      code: "E2BIG",
      syscall: "msgrcv",
      queue: error.queue ?? "",
      what: /^cannot receive from (key 0x6869|id \d+): the message is over the 8 bytes of room given to it; it stays in the queue$/u,
      hint: /^Give more room, or cut the message: \{ truncate: n \} \(MSG_NOERROR\)\.$/u,
    });
  }
});

test("8. a timeout: how full the queue is, in messages and bytes", here, () => {
  const errors = provoke([
    "posixReceiveTimeout",
    "posixReceiveSyncTimeout",
    "posixSendTimeout",
    "posixSendSyncTimeout",
    "sysvReceiveTimeout",
    "sysvSendTimeout",
  ]);
  const timeout = (error: Described, what: string): void => {
    const sent = what.startsWith("send");
    check(error, {
      name: "QueueTimeoutError",
      code: "ETIMEDOUT",
      queue: error.queue ?? "",
      what,
      hint: sent ? /^The message was not sent: .* receives\.$/u : /^Nothing was taken: .* sends\.$/u,
    });
  };
  timeout(
    errors.posixReceiveTimeout,
    'receive on "/provoked-1": no message within 30 ms; the queue holds 0 of 2 messages',
  );
  timeout(
    errors.posixReceiveSyncTimeout,
    'receiveSync on "/provoked-2": no message within 30 ms; the queue holds 0 of 2 messages',
  );
  timeout(
    errors.posixSendTimeout,
    'send on "/provoked-3": no room for a message within 30 ms; the queue holds 2 of 2 messages',
  );
  timeout(
    errors.posixSendSyncTimeout,
    'sendSync on "/provoked-4": no room for a message within 30 ms; the queue holds 2 of 2 messages',
  );
  timeout(
    errors.sysvReceiveTimeout,
    "receive on key 0x6869: no message within 30 ms; the queue holds 1 message (5 of 100 bytes), none that this call asked for came in time",
  );
  timeout(
    errors.sysvSendTimeout,
    "send on key 0x6869: no room for a message within 30 ms; the queue holds 1 message (90 of 100 bytes)",
  );
});

test("9. a removed queue, while the call waits and before", here, () => {
  const errors = provoke([
    "sysvRemovedReceiving",
    "sysvRemovedSending",
    "sysvRemovedReceive",
    "sysvRemovedSend",
    "sysvRemovedStatus",
  ]);
  const removed = (error: Described, syscall: string, action: string): void => {
    check(error, {
      name: "QueueRemovedError",
      code: "EIDRM",
      syscall,
      queue: "key 0x6869",
      what: `cannot ${action} key 0x6869: the queue was removed, and its messages with it`,
      hint: /^Open or create the queue again\. Somebody called msgctl\(IPC_RMID\) or ipcrm, or systemd-logind .*RemoveIPC=no/u,
    });
  };
  removed(errors.sysvRemovedReceiving, "msgrcv", "receive from");
  removed(errors.sysvRemovedReceive, "msgrcv", "receive from");
  removed(errors.sysvRemovedSending, "msgsnd", "send to");
  removed(errors.sysvRemovedSend, "msgsnd", "send to");
  removed(errors.sysvRemovedStatus, "msgctl", "read the status of");
});

const elfMachine = 18;
const addon = join(root, "build/Release/hostmq.node");

function loadFailure(
  t: TestContext,
  content: Buffer | string | undefined,
): { message: string; hint: string; code: string } {
  const folder = mkdtempSync(join(tmpdir(), "hostmq-load-"));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  const file = join(folder, "hostmq.node");
  if (content !== undefined) writeFileSync(file, content);
  const script = `import("hostmq").catch(({ name, message, hint, code }) => console.log(JSON.stringify({ name, message: message.replaceAll(${JSON.stringify(file)}, "FILE"), hint, code })))`;
  const { stdout, stderr } = runToEnd(process.execPath, ["-e", script], { env: { HOSTMQ_ADDON: file }, cwd: root });
  assert.notEqual(stdout, "", stderr);
  return JSON.parse(stdout) as { message: string; hint: string; code: string };
}

for (const [what, content, reason] of [
  ["is not there", () => undefined, "no such file"],
  ["is a text", () => "not an addon\n", "not a compiled addon"],
  [
    "is for another processor",
    () => {
      const other = readFileSync(addon);
      other.writeUInt16LE(process.arch === "arm64" ? 62 : 183, elfMachine);
      return other;
    },
    `compiled for ${process.arch === "arm64" ? "x64" : "arm64"}`,
  ],
  ["is for macOS", () => Buffer.from("cffaedfe0c000001", "hex"), "compiled for macOS"],
] as const) {
  test(`10. an addon that ${what}: what was tried, for which platform`, { skip: process.platform !== "linux" }, (t) => {
    const { message, hint, code } = loadFailure(t, content());
    assert.equal(code, "ERR_HOSTMQ_LOAD");
    const host = `linux-${process.arch}, (glibc|musl), node ${process.versions.node.replaceAll(".", "\\.")}`;
    assert.match(
      message,
      new RegExp(`^ERR_HOSTMQ_LOAD: cannot load the addon for ${host}; tried FILE \\(${reason}\\)\\. `, "u"),
    );
    assert.ok(message.endsWith(hint));
    assert.match(hint, /HOSTMQ_ADDON names this file, so no other was tried: correct it, or unset it\.$/u);
  });
}
