/** How each call of a System V queue fails, with each errno that it may. */
import assert from "node:assert/strict";
import { ftok, SysVQueue } from "hostmq";
import { keyLabel } from "#hostmq/errors/words";
import { sysvKey } from "../helpers/names.js";
import {
  type Family,
  type FailingCase,
  fill,
  receiveLate,
  type Stage,
  type SurvivedCase,
  survivedTries,
  waitForMessage,
  waitForRoom,
  withMessages,
} from "./cases.js";

export const family: Family = {
  stage: (t, messages) => {
    const key = sysvKey(t);
    const queue = SysVQueue.create(key, { maxBytes: 64 });
    const other = SysVQueue.open(key);
    return withMessages(t, { queue, other, label: keyLabel(key) }, messages);
  },
};

const receiveErrors = "EACCES EFAULT EIDRM EINTR EINVAL ENOMEM ENOSYS";
const sendErrors = "EACCES EFAULT EIDRM EINTR EINVAL ENOMEM ENOSYS";
const control = "EACCES EFAULT EIDRM EINVAL EPERM ENOMEM ENOSYS";

/** The signal that calls threads back is chosen with the first of them, and none of these lets it. */
export const beforeStart: FailingCase[] = [
  { what: "the first wait", call: "sigaction", errnos: "EINVAL", times: Infinity, act: waitForMessage },
  { what: "the first wait", call: "tgkill", errnos: "EAGAIN", times: Infinity, act: waitForMessage },
  {
    what: "the first receiveSync",
    call: "sigaction",
    errnos: "EINVAL",
    times: Infinity,
    act: ({ queue }: Stage) => queue.receiveSync({ timeout: 100 }),
  },
].map((each) => ({ ...each, beforeStart: true, syscall: "sigaction", code: "EAGAIN" }));

export const failures: FailingCase[] = [
  {
    what: "open",
    call: "msgget",
    errnos: "EACCES ENOENT ENOMEM ENOSYS",
    act: ({ queue }) => SysVQueue.open(keyOf(queue)),
  },
  {
    what: "create",
    call: "msgget",
    errnos: "EACCES EEXIST ENOMEM ENOSPC ENOSYS",
    act: ({ queue }) => SysVQueue.create(keyOf(queue)),
  },
  { what: "create with maxBytes", call: "msgctl", errnos: "EPERM EINVAL ENOMEM", act: createAnother },
  { what: "create with maxBytes", call: "msgctl", after: 1, errnos: "EPERM EINVAL ENOMEM", act: createAnother },
  { what: "status", call: "msgctl", errnos: control, act: ({ queue }) => (queue as SysVQueue).status() },
  {
    what: "configure",
    call: "msgctl",
    after: 1,
    // After EACCES the status comes from the table that anybody may read.
    errnos: control.replace("EACCES ", ""),
    act: ({ queue }) => {
      (queue as SysVQueue).configure({ mode: 0o600 });
    },
  },
  {
    what: "remove",
    call: "msgctl",
    errnos: control,
    act: ({ queue }) => {
      (queue as SysVQueue).remove();
    },
  },
  {
    what: "ftok",
    call: "ftok",
    errnos: "EACCES ELOOP ENAMETOOLONG ENOENT ENOMEM ENOTDIR EOVERFLOW",
    act: () => ftok("/", 1),
  },
  { what: "trySend", call: "msgsnd nowait", errnos: sendErrors, act: ({ queue }) => queue.trySend("x") },
  { what: "trySendMany", call: "msgsnd nowait", errnos: sendErrors, act: ({ queue }) => queue.trySendMany(["x", "y"]) },
  { what: "send", call: "msgsnd nowait", errnos: sendErrors, act: ({ queue }) => queue.send("x") },
  {
    what: "sendSync waits",
    call: "msgsnd",
    errnos: sendErrors,
    act: (stage) => {
      fill(stage);
      stage.queue.sendSync("too much");
    },
  },
  {
    what: "tryReceive",
    call: "msgrcv nowait",
    errnos: receiveErrors,
    messages: 1,
    act: ({ queue }) => queue.tryReceive(),
  },
  {
    what: "tryReceiveMany",
    call: "msgrcv nowait",
    errnos: receiveErrors,
    messages: 1,
    act: ({ queue }) => queue.tryReceiveMany(2),
  },
  {
    what: "receiveInto",
    call: "msgrcv nowait",
    errnos: `E2BIG ${receiveErrors}`,
    messages: 1,
    act: ({ queue }) => queue.receiveInto(Buffer.alloc(64)),
  },
  { what: "receive", call: "msgrcv nowait", errnos: receiveErrors, messages: 1, act: ({ queue }) => queue.receive() },
  {
    what: "receiveSync waits",
    call: "msgrcv",
    errnos: receiveErrors,
    act: ({ queue }) => queue.receiveSync(),
  },
  {
    what: "peek",
    call: "msgrcv nowait",
    errnos: "EACCES EINVAL ENOMEM ENOSYS",
    messages: 1,
    act: ({ queue }) => (queue as SysVQueue).peek(0),
  },
  {
    what: "receive waits",
    call: "pthread_create",
    errnos: "EAGAIN EINVAL EPERM ENOMEM",
    times: 2,
    act: waitForMessage,
  },
  { what: "send waits", call: "pthread_create", errnos: "EAGAIN EINVAL EPERM ENOMEM", act: waitForRoom },
  {
    what: "receiveSync",
    call: "timer_create",
    errnos: "EAGAIN EINVAL ENOMEM EPERM",
    act: ({ queue }) => queue.receiveSync({ timeout: 100 }),
  },
  {
    what: "receiveSync",
    call: "timer_settime",
    errnos: "EINVAL EFAULT",
    act: ({ queue }) => queue.receiveSync({ timeout: 100 }),
  },
  {
    what: "sendSync",
    call: "timer_create",
    errnos: "EAGAIN EINVAL ENOMEM EPERM",
    act: (stage) => {
      fill(stage);
      stage.queue.sendSync("too much", { timeout: 100 });
    },
  },
  {
    what: "a body that takes more memory",
    call: "realloc",
    syscall: "msgsnd",
    errnos: "ENOMEM",
    act: ({ queue }) => queue.trySend("x".repeat(100_000)),
  },
  {
    what: "receiveInto memory that takes more",
    call: "realloc",
    syscall: "msgrcv",
    errnos: "ENOMEM",
    messages: 1,
    act: ({ queue }) => queue.receiveInto(Buffer.alloc(200_000)),
  },
];

export const survivals: SurvivedCase[] = [
  ...survivedTries({
    send: "msgsnd nowait",
    receive: "msgrcv nowait",
    empty: "ENOMSG",
    sendErrors,
    receiveErrors,
  }),
  {
    what: "a message that is said to be larger",
    call: "msgrcv nowait",
    errnos: "E2BIG",
    messages: 1,
    times: 3,
    act: ({ queue, bodies }) => {
      assert.equal(queue.tryReceive()?.body.toString(), bodies.shift());
    },
  },
  { what: "receive, the thread's wait", call: "msgrcv", errnos: receiveErrors, times: 50, act: receiveLate },
  { what: "send, the thread's wait", call: "msgsnd", errnos: sendErrors, times: 50, act: sendLate },
  { what: "receive, calling the thread back", call: "tgkill", errnos: "EAGAIN ESRCH", times: 5, act: giveUp },
  { what: "sleeping threads", call: "futex", errnos: "EINTR EAGAIN", times: 50, act: receiveLate },
];

async function sendLate(stage: Stage): Promise<void> {
  const { queue, other, bodies } = stage;
  fill(stage);
  for (let n = 0; n < 10; n++) {
    const body = `late ${n}`;
    const waiting = queue.send(body, { timeout: 10_000 });
    assert.equal(other.tryReceive()?.body.toString(), bodies.shift());
    await waiting;
    bodies.push(body);
    fill(stage);
  }
}

/** A wait that times out has to call its thread back. */
async function giveUp({ queue }: Stage): Promise<void> {
  for (let n = 0; n < 5; n++) await assert.rejects(queue.receive({ timeout: 20 }), { code: "ETIMEDOUT" });
}

function keyOf(queue: Stage["queue"]): number {
  return (queue as SysVQueue).key ?? 0;
}

function createAnother(stage: Stage): unknown {
  const key = keyOf(stage.queue) ^ 0x800000;
  try {
    return SysVQueue.create(key, { maxBytes: 64 });
  } finally {
    assert.throws(() => SysVQueue.open(key), { code: "ENOENT" }, "the queue was left behind");
  }
}
