import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import test from "node:test";
import { closedError, decodeError, failure, loadError, timeoutError } from "#hostmq/errors/failure";
import { unsupported } from "#hostmq/errors/explain/unsupported";
import { hasSysResource, ipcNamespace, messageQueueLimit, posixLimits, queueCost, sysvLimits } from "#hostmq/limits";

// The words of the ten diagnostics, with the numbers of this machine at this moment. That the kernel's failures
// lead here is proved elsewhere, by provoking each.

const { errno } = constants;
const linux = { skip: process.platform !== "linux" && "reads /proc" };
const create = 0o102;

test("1. EINVAL on create names the limit, its value and how to raise it", linux, (t) => {
  const limit = posixLimits().maxMessages;
  if (limit === undefined || hasSysResource() !== false) {
    t.skip("no limit to run into");
    return;
  }
  const error = failure("mq_open", errno.EINVAL, { name: "/jobs", oflag: create, maxMessages: limit + 10 });
  const more = limit + 10;
  assert.ok(
    error.message.startsWith(
      `EINVAL: cannot create "/jobs": maxMessages ${more} is over fs.mqueue.msg_max = ${limit} and this process has no CAP_SYS_RESOURCE. Ask for ${limit} or fewer, or raise it: sysctl fs.mqueue.msg_max=${more} (`,
    ),
    error.message,
  );
});

test("1. EINVAL on create tells of both limits when both are passed", linux, (t) => {
  const { maxMessages, maxMessageSize } = posixLimits();
  if (maxMessages === undefined || maxMessageSize === undefined || hasSysResource() !== false) {
    t.skip("no limits");
    return;
  }
  const { message } = failure("mq_open", errno.EINVAL, {
    name: "/jobs",
    oflag: create,
    maxMessages: maxMessages + 1,
    maxMessageSize: maxMessageSize + 1,
  });
  assert.ok(
    message.includes(`sysctl fs.mqueue.msg_max=${maxMessages + 1} fs.mqueue.msgsize_max=${maxMessageSize + 1}`),
    message,
  );
});

test("1. EINVAL on create over the kernel's ceiling offers no sysctl", linux, () => {
  const { message } = failure("mq_open", errno.EINVAL, { name: "/jobs", oflag: create, maxMessages: 65537 });
  assert.match(message, /maxMessages 65537 is over the kernel's own ceiling = 65536\b.*no setting raises it\.$/);
});

test("2. EMFILE on create with descriptors left is RLIMIT_MSGQUEUE: needed, in use, allowed", linux, () => {
  const allowed = messageQueueLimit()?.soft;
  const { message } = failure("mq_open", errno.EMFILE, {
    name: "/jobs",
    oflag: create,
    maxMessages: 3,
    maxMessageSize: 17,
  });
  assert.match(message, /RLIMIT_MSGQUEUE/);
  assert.ok(message.includes(`this queue needs ${queueCost(3, 17)}`), message);
  assert.ok(message.includes(`${allowed} are allowed`), message);
  assert.match(message, /it is not the descriptors: \d+ of (\d+|Infinity) are open/);
  assert.match(message, /per user, not per process\.$/);
});

test("2. EMFILE on open of an existing queue can only be the descriptors", linux, () => {
  const { message } = failure("mq_open", errno.EMFILE, { name: "/jobs", oflag: 0 });
  assert.match(message, /no descriptor left \(RLIMIT_NOFILE/);
  assert.doesNotMatch(message, /RLIMIT_MSGQUEUE/);
});

test("queueCost is what the kernel charges", () => {
  // Seen by bisecting RLIMIT_MSGQUEUE: the first value that lets mq_open pass.
  assert.equal(queueCost(10, 8192), 82_880);
  assert.equal(queueCost(3, 17), 339);
});

test("3. ENOSPC on msgget says that no disk is full", linux, () => {
  const { message } = failure("msgget", errno.ENOSPC, { key: 0x6869, flags: 0o1600 });
  assert.match(message, /^ENOSPC: cannot create key 0x6869: no disk is full: \d+ queues of kernel\.msgmni = \d+ exist/);
  assert.ok(message.includes(`kernel.msgmni = ${sysvLimits().maxQueues} `), message);
});

test("4. ENOENT names the IPC namespace", linux, () => {
  const { message } = failure("mq_open", errno.ENOENT, { name: "/hostmq-nobody", oflag: 0 });
  assert.ok(message.includes(`in this IPC namespace (${ipcNamespace()})`), message);
});

test("5. EACCES tells who is asking and the umask", linux, () => {
  const umask = /^Umask:\s*(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  const { message } = failure("mq_open", errno.EACCES, { name: "/hostmq-nobody", access: "readwrite" });
  assert.ok(message.includes(`this process is user ${process.geteuid?.()}, group ${process.getegid?.()}`), message);
  assert.ok(message.includes(`the umask (here ${umask})`), message);
  assert.match(message, /no permission to read and write/);
});

for (const [host, posix, sysv] of [
  ["macos", /macOS has no POSIX message queues.*Use SysVQueue/, /no System V/],
  ["wsl1", /WSL 1 has no POSIX.*WSL 2/, /WSL 1 has no System V.*WSL 2/],
  ["gvisor", /gVisor has no POSIX.*Use SysVQueue/, /no System V/],
  ["freebsd", /kldload mqueuefs/, /kldload sysvmsg/],
  ["netbsd", /modload mqueue/, /option SYSVMSG/],
  ["openbsd", /OpenBSD has no POSIX message queues.*Use SysVQueue/, /option SYSVMSG/],
  ["linux", /no POSIX message queues.*CONFIG_POSIX_MQUEUE/, /CONFIG_SYSVIPC/],
] as const) {
  test(`6. ENOSYS on ${host}`, () => {
    const said = (call: string): string => Object.values(unsupported(call, { queue: "/jobs" }, host)).join(". ");
    assert.match(said("mq_open"), posix);
    assert.match(said("msgget"), sysv);
  });
}

test("7. a POSIX message that is too large: both sizes", () => {
  const error = failure("mq_send", errno.EMSGSIZE, { name: "/jobs", length: 9000, maxMessageSize: 8192 });
  assert.equal(error.name, "MessageTooLargeError");
  assert.match(error.message, /the message of 9000 bytes is over the queue's mq_msgsize of 8192 bytes\. /);
});

test("7. a System V message over kernel.msgmax: both sizes, though the kernel says EINVAL", linux, (t) => {
  const limit = sysvLimits().maxMessageSize;
  if (limit === undefined) {
    t.skip("no limit is shown");
    return;
  }
  const error = failure("msgsnd", errno.EINVAL, { key: 1, id: 3, length: limit + 1 });
  assert.equal(error.name, "MessageTooLargeError");
  assert.equal(error.code, "EINVAL");
  assert.ok(error.message.includes(`the message of ${limit + 1} bytes is over kernel.msgmax = ${limit} bytes`));
});

test("7. a System V message over msg_qbytes never fits", () => {
  const error = failure("msgsnd", errno.EAGAIN, { key: 1, id: 3, length: 90, maxBytes: 80 });
  assert.equal(error.name, "MessageTooLargeError");
  assert.match(error.message, /of 90 bytes is over the queue's msg_qbytes of 80 bytes/);
  assert.equal(failure("msgsnd", errno.EAGAIN, { key: 1, id: 3, length: 80, maxBytes: 80 }).name, "QueueError");
});

test("7. a message too large to receive stays in the queue, and says so", () => {
  assert.match(
    failure("msgrcv", errno.E2BIG, { id: 3, length: 90, room: 80 }).message,
    /90 bytes .* 80 bytes .*stays in the queue/,
  );
  const error = failure("mq_receive", errno.EMSGSIZE, { name: "/jobs", room: 8, maxMessageSize: 16 });
  assert.match(error.message, /8 bytes .* 16 bytes.*stays in the queue/);
});

test("8. a timeout tells how full the queue is", () => {
  const receive = timeoutError({
    queue: "/jobs",
    operation: "receive",
    timeout: 500,
    depth: { messages: 0, maxMessages: 10 },
  });
  assert.equal(receive.code, "ETIMEDOUT");
  assert.equal(receive.queue, "/jobs");
  assert.match(
    receive.message,
    /^ETIMEDOUT: receive on "\/jobs": no message within 500 ms; the queue holds 0 of 10 messages\. Nothing was taken/,
  );
  const send = timeoutError({
    queue: "key 0x1",
    operation: "send",
    timeout: 5,
    depth: { messages: 1, bytes: 16384, maxBytes: 16384 },
  });
  assert.match(
    send.message,
    /no room for a message within 5 ms; the queue holds 1 message \(16384 of 16384 bytes\)\. The message was not sent/,
  );
  assert.match(
    timeoutError({ queue: "/jobs", operation: "receive", timeout: 0 }).message,
    /no message within 0 ms\. Nothing/,
  );
});

test("9. a removed queue mentions RemoveIPC", () => {
  const error = failure("msgrcv", errno.EIDRM, { key: 0x6869, id: 3 });
  assert.equal(error.name, "QueueRemovedError");
  assert.match(error.message, /^EIDRM: cannot receive from key 0x6869: the queue was removed.*RemoveIPC=no/);
});

test("9. EINVAL for an id that a handle once had is a removal; for a foreign id it is not", linux, () => {
  const gone = failure("msgsnd", errno.EINVAL, { key: 0x6869, id: 0x7ffffff0, length: 1, existed: true });
  assert.equal(gone.name, "QueueRemovedError");
  assert.equal(gone.code, "EIDRM");
  assert.equal(gone.errno, errno.EIDRM);
  const never = failure("msgsnd", errno.EINVAL, { id: 0x7ffffff0, length: 1 });
  assert.equal(never.name, "QueueError");
  assert.equal(never.code, "EINVAL");
  assert.match(never.message, /no queue with this id exists/);
});

test("10. a load failure tells what was tried, for which platform, and the way out", () => {
  const tried = [
    { path: "/a/hostmq.node", reason: "no such file" },
    { path: "/b/hostmq.node", reason: "/b/hostmq.node: invalid ELF header" },
  ];
  const host = { platform: "linux", arch: "x64", libc: "musl", runtime: "node 20.20.2" };
  const ways = { shipped: ["linux-x64"], build: "make it" };
  const error = loadError({ ...host, ...ways, tried });
  assert.equal(error.code, "ERR_HOSTMQ_LOAD");
  assert.match(
    error.message,
    /cannot load the addon for linux-x64, musl, node 20\.20\.2; tried \/a\/hostmq\.node \(no such file\); \/b/,
  );
  assert.match(error.message, /another platform.*: make it$/);
  assert.match(loadError({ ...host, ...ways, tried: [] }).message, /no file was there to try\. Install again/);
  assert.match(loadError({ ...host, ...ways, platform: "win32", tried }).message, /WSL 2\.$/);
  const nowhere = { ...host, ...ways, tried: tried.slice(0, 1) };
  assert.match(loadError({ ...nowhere, shipped: [] }).message, /prebuilds folder is not there.*bundler.*: make it$/);
  assert.match(
    loadError({ ...nowhere, arch: "riscv64" }).message,
    /no prebuilt file for this platform, only for linux-x64: compile .*: make it$/,
  );
});

test("closed: names the method, and that the queue lives on", () => {
  const error = closedError("/jobs", "receive");
  assert.equal(error.name, "QueueClosedError");
  assert.equal(error.code, "ERR_HOSTMQ_CLOSED");
  assert.match(error.message, /receive on "\/jobs": this handle is closed \(the queue itself lives on\)/);
});

test("decode: carries the bytes and the cause, whatever was thrown", () => {
  const bytes = Buffer.from("{");
  const cause = new SyntaxError("Unexpected end.");
  const error = decodeError("/jobs", bytes, { priority: 3 }, cause, true);
  assert.equal(error.bytes, bytes);
  assert.equal(error.priority, 3);
  assert.equal(error.cause, cause);
  assert.match(error.message, /a message of 1 byte with priority 3: Unexpected end\. Compare/);
  const hostile = new Proxy(new Error("x"), {
    get: () => {
      throw new Error("no");
    },
  });
  for (const thrown of [undefined, null, "text", Symbol("x"), hostile]) {
    assert.equal(decodeError("id 3", bytes, { type: 7 }, thrown, false).code, "ERR_HOSTMQ_DECODE");
  }
});
