import assert from "node:assert/strict";
import { constants } from "node:os";
import test from "node:test";
import * as classes from "#hostmq/errors/queue-error";
import { errnoName, errnoNumber } from "#hostmq/errors/errno";
import { failure } from "#hostmq/errors/failure";
import type { CallDetails } from "#hostmq/errors/failure";
import { calls } from "#hostmq/errors/row";
import { errorTable, explain, findRow } from "#hostmq/errors/table";

/** The errors section of each manual page, and what Linux reports beyond them. */
const manual: Record<string, string> = {
  mq_open: "EACCES EEXIST EINVAL EMFILE ENAMETOOLONG ENFILE ENOENT ENOMEM ENOSPC ENOSYS EOVERFLOW",
  mq_close: "EBADF",
  mq_unlink: "EACCES ENAMETOOLONG ENOENT",
  mq_send: "EAGAIN EBADF EINTR EINVAL EMSGSIZE",
  mq_timedsend: "EAGAIN EBADF EINTR EINVAL EMSGSIZE ETIMEDOUT",
  mq_receive: "EAGAIN EBADF EINTR EINVAL EMSGSIZE",
  mq_timedreceive: "EAGAIN EBADF EINTR EINVAL EMSGSIZE ETIMEDOUT",
  mq_getattr: "EBADF",
  mq_setattr: "EBADF EINVAL",
  mq_notify: "EBADF EBUSY EINVAL ENOMEM",
  fchmod: "EBADF EIO EPERM EROFS",
  fchown: "EBADF EIO EPERM EROFS",
  msgget: "EACCES EEXIST ENOENT ENOMEM ENOSPC",
  msgsnd: "EACCES EAGAIN EFAULT EIDRM EINTR EINVAL ENOMEM",
  msgrcv: "E2BIG EACCES EFAULT EIDRM EINTR EINVAL ENOMSG ENOSYS",
  msgctl: "EACCES EFAULT EIDRM EINVAL EPERM",
  ftok: "EACCES EBADF EFAULT ELOOP ENAMETOOLONG ENOENT ENOMEM ENOTDIR EOVERFLOW",
  epoll_create1: "EINVAL EMFILE ENFILE ENOMEM",
  eventfd: "EINVAL EMFILE ENFILE ENODEV ENOMEM",
  epoll_ctl: "EBADF EEXIST EINVAL ELOOP ENOENT ENOMEM ENOSPC EPERM",
  epoll_wait: "EBADF EFAULT EINVAL",
  ppoll: "EFAULT EINVAL ENOMEM",
  pthread_create: "EAGAIN EINVAL EPERM",
  sigaction: "EAGAIN",
  timer_create: "EAGAIN EINVAL ENOMEM EPERM",
  timer_settime: "EFAULT EINVAL",
  socket: "EACCES EAFNOSUPPORT EINVAL EMFILE ENFILE ENOBUFS ENOMEM EPROTONOSUPPORT",
  fcntl: "EBADF",
  hostmq: "ETIMEDOUT EMSGSIZE ERR_HOSTMQ_CLOSED ERR_HOSTMQ_DECODE ERR_HOSTMQ_IN_HAND ERR_HOSTMQ_LOAD",
};

test("the table covers every errno of the manual pages", () => {
  for (const call of calls) {
    const covered = new Set(errorTable.filter((row) => row.call === call).map(({ errno }) => errno));
    for (const errno of (manual[call] ?? "").split(" ")) assert.ok(covered.has(errno), `${call} ${errno}`);
  }
});

test("of several rows for a call and errno only the last asks nothing", () => {
  for (const [index, row] of errorTable.entries()) {
    const later = errorTable.slice(index + 1).some(({ call, errno }) => call === row.call && errno === row.errno);
    assert.equal(
      row.applies !== undefined || !later,
      true,
      `${row.call} ${row.errno}: ${row.situation} hides a later row`,
    );
    if (!later) assert.equal(row.applies, undefined, `${row.call} ${row.errno} may be left without a row`);
  }
});

/** As much as a caller could know; every family has its own way to name a queue. */
function fullDetails(call: string): CallDetails {
  const queue = call.startsWith("mq_") || call === "fchmod" || call === "fchown" ? "/hostmq-table" : "key 0x6869";
  const common = { length: 9_000_000, room: 5, maxMessageSize: 16, maxBytes: 16384, maxMessages: 4, priority: 40_000 };
  return queue.startsWith("/")
    ? { ...common, queue, name: queue, descriptor: 9, oflag: 0o102, mode: 0o600, access: "readwrite" }
    : { ...common, queue, key: 0x6869, id: 0x7ffffff0, flags: 0, type: 1, path: "/nowhere", command: "IPC_STAT" };
}

for (const row of errorTable) {
  test(`${row.call} ${row.errno}: ${row.situation}`, () => {
    // A row that asks for details is never reached without them.
    for (const details of row.applies === undefined ? [fullDetails(row.call), {}] : [fullDetails(row.call)]) {
      const { what, hint } = explain(row, details);
      assert.match(what, /^cannot .*[^.]$/);
      assert.match(hint, /^[A-Z].*[.]$/s);
      assert.doesNotMatch(`${what} ${hint}`, /undefined|NaN|null|\[object| {2}/);
    }
    if (row.call !== "hostmq") {
      const errno = errnoNumber(row.errno);
      assert.ok(errno !== undefined, `${row.errno} has a number here`);
      const details = fullDetails(row.call);
      const error = failure(row.call, errno, details);
      assert.ok(error instanceof classes.QueueError);
      assert.equal(error.syscall, row.call);
      assert.equal(error.queue, details.queue);
      assert.equal(error.message.startsWith(`${error.code}: cannot `), true, error.message);
      assert.equal(error.message.endsWith(`. ${error.hint}`), true, error.message);
      if (row.call !== "ftok") assert.ok(error.message.includes(details.queue ?? "?"), error.message);
      assert.equal(errnoName(error.errno ?? 0), error.code);
      assert.equal(error.name, findRow(row.call, row.errno, details)?.errorClass);
    }
    assert.ok(row.errorClass in classes);
  });
}

test("an errno that is not in the table still makes a decent error", () => {
  const error = failure("mq_open", constants.errno.EXDEV, { name: "/jobs" });
  assert.equal(error.name, "QueueError");
  assert.equal(error.code, "EXDEV");
  assert.equal(error.queue, "/jobs");
  assert.match(error.message, /^EXDEV: cannot open "\/jobs": mq_open failed with EXDEV\. Look .*man mq_open\.$/);
});

test("an errno that has no name and a call that nobody knows make an error too", () => {
  const error = failure("frobnicate", 4095, {});
  assert.equal(error.code, "errno 4095");
  assert.equal(error.errno, 4095);
});

test("an errno of either sign is the same", () => {
  assert.equal(failure("mq_getattr", -constants.errno.EBADF, {}).errno, constants.errno.EBADF);
});

test("ENOMSG and EIDRM have names on every Node", () => {
  assert.equal(errnoName(constants.errno.ENOMSG), "ENOMSG");
  assert.equal(errnoName(constants.errno.EIDRM), "EIDRM");
  assert.equal(errnoName(constants.errno.EAGAIN), "EAGAIN");
});

test("a name with quotes and control characters cannot forge a message", () => {
  const error = failure("mq_unlink", constants.errno.ENOENT, { name: '/a"\n\u001b[31m' });
  assert.ok(!error.message.includes("\n"));
  assert.ok(!error.message.includes("\u001b"));
  assert.equal(error.queue, '/a"\n\u001b[31m');
});

test("the stack begins at the caller", () => {
  const [, line = ""] = (failure("mq_getattr", constants.errno.EBADF, {}).stack ?? "").split("\n");
  assert.match(line, /table\.test/);
});
