/** How each call of a POSIX queue fails, with each errno that it may. */
import assert from "node:assert/strict";
import { closeSync, openSync } from "node:fs";
import { PosixQueue } from "hostmq";
import { mq_notify, SIGEV_THREAD } from "hostmq/sys";
import { posixName } from "../helpers/names.js";
import {
  capacity,
  type Family,
  type FailingCase,
  fill,
  pause,
  receiveLate,
  receiveTheFirstBlocking,
  sendOne,
  type Stage,
  type SurvivedCase,
  survivedTries,
  waitForMessage,
  waitForRoom,
  withMessages,
} from "./cases.js";
import { clear, hits, inject } from "./faults.js";

const sizes = { maxMessages: capacity, maxMessageSize: 64 };

export const family: Family = {
  stage: (t, messages) => {
    const label = posixName(t);
    const queue = PosixQueue.create(label, sizes);
    const other = PosixQueue.open(label);
    return withMessages(t, { queue, other, label }, messages);
  },
};

/** The thread that waits starts with the first wait, and none of these lets it. */
export const beforeStart: FailingCase[] = [
  { what: "the first wait", call: "epoll_create1", errnos: "EMFILE ENFILE ENOMEM EINVAL", act: waitForMessage },
  { what: "the first wait", call: "eventfd", errnos: "EMFILE ENFILE ENOMEM EINVAL ENODEV", act: waitForMessage },
  { what: "the first wait", call: "epoll_ctl", errnos: "ENOMEM ENOSPC EPERM EINVAL", act: waitForMessage },
  { what: "the first wait", call: "pthread_create", errnos: "EAGAIN EINVAL EPERM ENOMEM", act: waitForMessage },
  { what: "the first send that waits", call: "epoll_create1", errnos: "EMFILE", act: waitForRoom },
  { what: "the first onNotEmpty", call: "pthread_create", errnos: "EAGAIN", act: askForNotEmpty },
].map((each) => ({ ...each, times: 2, beforeStart: true }));

export const failures: FailingCase[] = [
  {
    what: "open",
    call: "mq_open",
    errnos: "EACCES EINVAL EMFILE ENAMETOOLONG ENFILE ENOENT ENOMEM ENOSYS EPERM",
    act: ({ label }) => PosixQueue.open(label),
  },
  {
    what: "create",
    call: "mq_open",
    errnos: "EACCES EEXIST EINVAL EMFILE ENAMETOOLONG ENFILE ENOMEM ENOSPC ENOSYS EOVERFLOW EPERM EROFS",
    act: ({ label }) => PosixQueue.create(`${label}-2`, sizes),
  },
  {
    what: "open",
    call: "mq_getsetattr",
    syscall: "mq_getattr",
    errnos: "EBADF EPERM",
    act: ({ label }) => PosixQueue.open(label),
  },
  { what: "create", call: "mq_getsetattr", syscall: "mq_getattr", errnos: "EBADF EPERM", act: createAnother() },
  {
    what: "create with exactMode",
    call: "fchmod",
    errnos: "EBADF EIO EPERM EROFS EINVAL",
    act: createAnother({ exactMode: true }),
  },
  {
    what: "unlink",
    call: "mq_unlink",
    // EPERM is told as EACCES, as libc does.
    errnos: "EACCES ENAMETOOLONG ENOENT ENOMEM ENOSYS EROFS",
    act: ({ label }) => {
      PosixQueue.unlink(label);
    },
  },
  {
    what: "attributes",
    call: "mq_getsetattr",
    syscall: "mq_getattr",
    errnos: "EBADF EINVAL",
    act: ({ queue }) => (queue as PosixQueue).attributes(),
  },
  ...sending("trySend", "EBADF EINTR EINVAL EMSGSIZE ENOMEM", ({ queue }) => queue.trySend("x")),
  ...sending("trySendMany", "EBADF ENOMEM", ({ queue }) => queue.trySendMany(["x", "y"])),
  ...sending("send", "EBADF EINTR EINVAL EMSGSIZE ENOMEM", ({ queue }) => queue.send("x")),
  ...sending("sendSync", "EBADF ENOMEM", ({ queue }) => {
    queue.sendSync("x");
  }),
  // Behind those that fill the queue, and the first try.
  ...sending("send, after it waited", "EBADF ENOMEM", waitForRoom, capacity + 2),
  ...receiving("tryReceive", "EBADF EINTR EINVAL EMSGSIZE EBADMSG", ({ queue }) => queue.tryReceive()),
  ...receiving("tryReceiveMany", "EBADF EINVAL", ({ queue }) => queue.tryReceiveMany(3)),
  ...receiving("receiveInto", "EBADF EINVAL", ({ queue }) => queue.receiveInto(Buffer.alloc(64))),
  ...receiving("receive", "EBADF EINTR EINVAL EMSGSIZE EBADMSG", ({ queue }) => queue.receive()),
  ...receiving("receiveSync", "EBADF EINVAL", ({ queue }) => queue.receiveSync()),
  ...receiving("for await", "EBADF", async ({ queue }) => {
    for await (const message of queue) assert.fail(message.body.toString());
  }),
  {
    what: "receive, after it waited",
    call: "mq_timedreceive",
    syscall: "mq_receive",
    errnos: "EBADF EINVAL",
    after: 1,
    act: async (stage) => {
      const waiting = stage.queue.receive();
      const failed = assert.rejects(waiting);
      await pause();
      stage.other.trySend("here");
      stage.bodies.push("here");
      await failed;
      await waiting;
    },
  },
  {
    what: "receive waits",
    call: "epoll_ctl",
    errnos: "EBADF EEXIST EINVAL ELOOP ENOMEM ENOSPC EPERM",
    times: 2,
    act: waitForMessage,
  },
  { what: "receive waits", call: "epoll_ctl", after: 1, errnos: "EBADF ENOMEM ENOSPC", times: 2, act: waitForMessage },
  { what: "receive waits", call: "epoll_ctl", errnos: "ENOENT", times: Infinity, act: waitForMessage },
  { what: "send waits", call: "epoll_ctl", errnos: "EBADF ENOMEM ENOSPC", act: waitForRoom },
  { what: "onNotEmpty", call: "epoll_ctl", errnos: "EBADF ENOMEM ENOSPC", act: askForNotEmpty },
  { what: "receive waits", call: "epoll_wait", errnos: "EBADF EFAULT EINVAL", act: waitWhileTheThreadFails },
  {
    what: "receiveSync waits",
    call: "ppoll",
    errnos: "EFAULT EINVAL ENOMEM",
    act: ({ queue }) => queue.receiveSync(),
  },
  {
    what: "receiveSync waits",
    call: "ppoll",
    syscall: "mq_receive",
    errnos: "EINTR",
    act: ({ queue }) => queue.receiveSync(),
  },
  {
    what: "sendSync waits",
    call: "ppoll",
    errnos: "EFAULT EINVAL ENOMEM",
    act: (stage) => {
      fill(stage);
      stage.queue.sendSync("x");
    },
  },
  { what: "fromDescriptor", call: "mq_getsetattr", syscall: "mq_getattr", errnos: "EBADF EPERM", act: adopt },
  { what: "fromDescriptor", call: "mq_getsetattr", syscall: "mq_getattr", errnos: "EBADF EPERM", after: 1, act: adopt },
  {
    what: "fromDescriptor",
    call: "mq_getsetattr",
    syscall: "mq_setattr",
    errnos: "EBADF EINVAL",
    after: 2,
    act: adopt,
  },
  { what: "fromDescriptor", call: "fcntl", errnos: "EBADF EPERM", act: adopt },
  {
    what: "mq_notify with a function",
    call: "socket",
    errnos: "EACCES EAFNOSUPPORT EINVAL EMFILE ENFILE ENOBUFS ENOMEM EPROTONOSUPPORT",
    act: registerFunction,
  },
  {
    what: "mq_notify with a function",
    call: "mq_notify",
    errnos: "EBADF EBUSY EINVAL ENOMEM ENOSYS",
    act: registerFunction,
  },
  { what: "mq_notify with a function", call: "epoll_ctl", errnos: "EBADF ENOMEM ENOSPC", act: registerFunction },
  {
    what: "a string that takes more memory",
    call: "realloc",
    syscall: "mq_send",
    errnos: "ENOMEM",
    act: ({ queue }) => queue.trySend("x".repeat(100_000)),
  },
];

export const survivals: SurvivedCase[] = [
  ...survivedTries({
    send: "mq_timedsend",
    receive: "mq_timedreceive",
    empty: "EAGAIN",
    sendErrors: "EBADF ENOMEM",
    receiveErrors: "EBADF EINVAL",
  }),
  {
    what: "receiveSync",
    call: "mq_timedreceive",
    errnos: "EAGAIN",
    messages: 1,
    times: 50,
    act: receiveTheFirstBlocking,
  },
  { what: "send", call: "mq_timedsend", errnos: "EAGAIN", times: 50, act: sendOne },
  { what: "receive, the thread's wait", call: "epoll_wait", errnos: "EINTR", times: 50, act: receiveLate },
  { what: "a watch that is said to be missing", call: "epoll_ctl", errnos: "ENOENT", act: receiveLate },
  {
    what: "openOrCreate where the queue vanishes",
    call: "mq_open",
    errnos: "ENOENT",
    after: 0,
    act: ({ label }) => {
      PosixQueue.openOrCreate(label, sizes).close();
    },
  },
  {
    what: "openOrCreate of a new queue that another is faster to make",
    call: "mq_open",
    errnos: "EEXIST",
    after: 1,
    act: ({ label }) => {
      PosixQueue.openOrCreate(`${label}-2`, sizes).close();
      PosixQueue.unlink(`${label}-2`);
    },
  },
  { what: "receive, beside a send that waits", call: "mq_timedsend", errnos: "EAGAIN", act: waitForBoth },
  { what: "mq_notify with a function", call: "recv", errnos: "EAGAIN EINTR", times: 3, act: beNotified },
  { what: "mq_notify with a function", call: "recv", errnos: "ENOBUFS ENOMEM", act: beNotified },
  { what: "close", call: "close", errnos: "EINTR EIO ENOSPC EDQUOT", afterwards: true, act: closeBoth },
  { what: "close", call: "mq_getsetattr", errnos: "EPERM ENOMEM", times: 2, act: closeBoth },
  { what: "close", call: "epoll_ctl", errnos: "ENOENT EBADF ENOMEM", after: 2, times: 2, act: closeBoth },
];

function sending(what: string, errnos: string, act: FailingCase["act"], after = 0): FailingCase[] {
  return [{ what, call: "mq_timedsend", syscall: "mq_send", errnos, act, after }];
}

function receiving(what: string, errnos: string, act: FailingCase["act"]): FailingCase[] {
  return [{ what, call: "mq_timedreceive", syscall: "mq_receive", errnos, messages: 2, act }];
}

function createAnother(options = {}): FailingCase["act"] {
  return ({ label }) => {
    const name = `${label}-2`;
    try {
      return PosixQueue.create(name, { ...sizes, ...options });
    } finally {
      assert.throws(() => PosixQueue.open(name), { code: "ENOENT" }, "the queue was left behind");
    }
  };
}

function askForNotEmpty({ queue }: Stage): void {
  (queue as PosixQueue).onNotEmpty(() => {
    assert.fail("nobody sent anything");
  });
}

/** The thread is in a call that goes well; a message of another queue makes it begin the next. */
async function waitWhileTheThreadFails({ queue, label }: Stage): Promise<void> {
  using elsewhere = PosixQueue.create(`${label}-2`, sizes);
  PosixQueue.unlink(elsewhere.name);
  const waiting = queue.receive();
  const failed = assert.rejects(waiting);
  const poke = elsewhere.receive();
  await pause();
  await elsewhere.send("poke");
  assert.equal((await poke).body.toString(), "poke");
  await failed;
  await waiting;
}

function notification(stage: Stage): Promise<void> {
  const { descriptor } = stage.queue as PosixQueue;
  return new Promise((resolve) => {
    mq_notify(descriptor, {
      sigev_notify: SIGEV_THREAD,
      sigev_notify_function: () => {
        resolve();
      },
    });
  });
}

async function registerFunction(stage: Stage): Promise<void> {
  try {
    await notification(stage);
  } catch (error) {
    // The failure has left no registration behind.
    clear();
    await beNotified(stage);
    throw error;
  }
}

async function beNotified(stage: Stage): Promise<void> {
  const told = notification(stage);
  assert.equal(stage.other.trySend("news"), true);
  await told;
  assert.equal(stage.other.tryReceive()?.body.toString(), "news");
}

/** One report ends the watch for both directions, and the other one cannot be watched for anew. */
async function waitForBoth({ queue }: Stage): Promise<void> {
  inject({ call: "mq_timedsend", error: "EAGAIN" }, { call: "epoll_ctl", error: "ENOMEM", after: 3 });
  const waiting = queue.receive();
  await pause();
  await queue.send("both");
  assert.equal((await waiting).body.toString(), "both");
  assert.equal(hits(1), 1);
}

function adopt({ queue }: Stage): void {
  const descriptor = openSync(`/proc/self/fd/${(queue as PosixQueue).descriptor}`, "r+");
  try {
    PosixQueue.fromDescriptor(descriptor);
  } finally {
    // It stays the caller's.
    closeSync(descriptor);
  }
}

async function closeBoth({ queue, other }: Stage): Promise<void> {
  // One that was never waited for, and one whose wait ends with it.
  const waiting = assert.rejects(queue.receive(), { code: "ERR_HOSTMQ_CLOSED" });
  await pause();
  queue.close();
  other.close();
  await waiting;
}
