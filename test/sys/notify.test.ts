/** mq_notify in its three kinds, and its one registration per queue. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { constants } from "node:os";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import {
  mq_close,
  mq_notify,
  mq_open,
  mq_receive,
  mq_send,
  O_CREAT,
  O_EXCL,
  O_NONBLOCK,
  O_RDWR,
  SIGEV_NONE,
  SIGEV_SIGNAL,
  SIGEV_THREAD,
} from "hostmq/sys";
import { posixName } from "../helpers/names.js";
import { nodeChild, peer, type Program } from "../helpers/peers.js";

const child = new URL("./notify.child.js", import.meta.url);
const buffer = Buffer.alloc(16);

function emptyQueue(t: TestContext): { name: string; queue: number } {
  const name = posixName(t);
  const queue = mq_open(name, O_CREAT | O_EXCL | O_RDWR | O_NONBLOCK, 0o600, { mq_maxmsg: 4, mq_msgsize: 16 });
  t.after(() => {
    try {
      mq_close(queue);
    } catch {
      // Closed by the test.
    }
  });
  return { name, queue };
}

/** A process of its own, after it has told of its steps. */
async function registered(t: TestContext, name: string, ...steps: string[]): Promise<Program> {
  const program = nodeChild(t, child, [...steps, name]);
  for (const step of steps) assert.equal(await program.line(), step);
  return program;
}

async function send(t: TestContext, name: string): Promise<void> {
  assert.deepEqual(await peer(t, "posix_send", [name, 1]).exited, { code: 0, signal: null });
}

test("SIGEV_NONE registers without being told, and keeps others out until it is taken back", async (t) => {
  const { name, queue } = emptyQueue(t);
  mq_notify(queue, { sigev_notify: SIGEV_NONE });
  const other = nodeChild(t, child, ["none", "thread", "remove", name]);
  assert.deepEqual(await other.rest(), ["none EBUSY", "thread EBUSY", "remove"]);
  assert.throws(
    () => {
      mq_notify(queue, { sigev_notify: SIGEV_NONE });
    },
    { code: "EBUSY", syscall: "mq_notify" },
  );
  mq_notify(queue, null);
  await registered(t, name, "none");
});

test("SIGEV_SIGNAL sends the signal, which reaches a handler", { skip: process.platform !== "linux" }, async (t) => {
  const { name, queue } = emptyQueue(t);
  // Not SIGUSR2: the test runner of Node 26 has a report written at that one.
  const signal = once(process, "SIGWINCH");
  mq_notify(queue, { sigev_notify: SIGEV_SIGNAL, sigev_signo: constants.signals.SIGWINCH, sigev_value: 3 });
  // A signal keeps no loop alive.
  const alive = setInterval(() => undefined, 1000);
  t.after(() => {
    clearInterval(alive);
  });
  await send(t, name);
  assert.deepEqual(await signal, ["SIGWINCH", constants.signals.SIGWINCH]);
  // It was the one edge: the registration is gone.
  mq_notify(queue, { sigev_notify: SIGEV_NONE });
  assert.throws(
    () => {
      mq_notify(queue, { sigev_notify: SIGEV_SIGNAL, sigev_signo: 1000 });
    },
    { code: "EINVAL" },
  );
});

test("SIGEV_THREAD calls the function with its value, once", async (t) => {
  const { name, queue } = emptyQueue(t);
  const values: number[] = [];
  await new Promise<void>((resolve) => {
    mq_notify(queue, {
      sigev_notify: SIGEV_THREAD,
      sigev_value: -7,
      sigev_notify_function: (value) => {
        values.push(value);
        resolve();
      },
    });
    void send(t, name);
  });
  mq_receive(queue, buffer);
  await send(t, name);
  await delay(100);
  assert.deepEqual(values, [-7]);
});

test("a function registers itself again before it takes the messages, as in C", async (t) => {
  const { name, queue } = emptyQueue(t);
  const bodies: string[] = [];
  let wake: () => void = () => undefined;
  const sevp = {
    sigev_notify: SIGEV_THREAD,
    sigev_notify_function: (): void => {
      mq_notify(queue, sevp);
      try {
        for (;;) bodies.push(buffer.toString("utf8", 0, mq_receive(queue, buffer).length));
      } catch (error) {
        assert.equal((error as NodeJS.ErrnoException).code, "EAGAIN");
      }
      wake();
    },
  } as const;
  mq_notify(queue, sevp);
  for (let sequence = 0; sequence < 5; sequence++) {
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    assert.deepEqual(await peer(t, "posix_send", ["-f", sequence, name, 1]).exited, { code: 0, signal: null });
    await woken;
  }
  mq_notify(queue, null);
  assert.deepEqual(bodies, ["0", "1", "2", "3", "4"]);
});

test("a queue that is not empty tells only after it was emptied", async (t) => {
  const { name, queue } = emptyQueue(t);
  mq_send(queue, "there before");
  const called = new Promise<void>((resolve) => {
    mq_notify(queue, {
      sigev_notify: SIGEV_THREAD,
      sigev_notify_function: () => {
        resolve();
      },
    });
  });
  await send(t, name);
  const early = await Promise.race([called.then(() => true), delay(100, false)]);
  assert.equal(early, false);
  mq_receive(queue, buffer);
  mq_receive(queue, buffer);
  await send(t, name);
  await called;
});

test("null takes a registration back: the function is not called and another may register", async (t) => {
  const { name, queue } = emptyQueue(t);
  let called = false;
  mq_notify(queue, {
    sigev_notify: SIGEV_THREAD,
    sigev_notify_function: () => {
      called = true;
    },
  });
  mq_notify(queue, null);
  mq_notify(queue, null);
  const other = await registered(t, name, "thread");
  await send(t, name);
  assert.equal(await other.line(), "called 42");
  await delay(50);
  assert.equal(called, false);
});

test("closing the queue ends its registration", async (t) => {
  const { name, queue } = emptyQueue(t);
  let called = false;
  mq_notify(queue, {
    sigev_notify: SIGEV_THREAD,
    sigev_notify_function: () => {
      called = true;
    },
  });
  mq_close(queue);
  const other = await registered(t, name, "thread");
  await send(t, name);
  assert.equal(await other.line(), "called 42");
  assert.equal(called, false);
});

test("a registered function keeps the process alive until it was called", async (t) => {
  const { name } = emptyQueue(t);
  const program = await registered(t, name, "thread");
  await delay(300);
  assert.equal(program.child.exitCode, null);
  await send(t, name);
  assert.equal(await program.line(), "called 42");
  assert.deepEqual(await program.exited, { code: 0, signal: null });
});

for (const end of ["remove", "close"]) {
  test(`${end} lets a process with a registered function end`, async (t) => {
    const { name } = emptyQueue(t);
    const program = await registered(t, name, "thread", end);
    assert.deepEqual(await program.exited, { code: 0, signal: null });
    assert.deepEqual(await program.rest(), []);
  });
}

test("a registration without a function keeps no process alive and ends with it", async (t) => {
  const { name, queue } = emptyQueue(t);
  assert.deepEqual(await (await registered(t, name, "none")).exited, { code: 0, signal: null });
  mq_notify(queue, { sigev_notify: SIGEV_NONE });
});

test("what is no queue, no kind or no function is refused", (t) => {
  const { queue } = emptyQueue(t);
  assert.throws(
    () => {
      mq_notify(0, { sigev_notify: SIGEV_NONE });
    },
    { code: "EBADF" },
  );
  assert.throws(
    () => {
      mq_notify(0, null);
    },
    { code: "EBADF" },
  );
  assert.throws(() => {
    mq_notify(queue, { sigev_notify: 9 } as never);
  }, TypeError);
  assert.throws(() => {
    mq_notify(queue, { sigev_notify: SIGEV_THREAD } as never);
  }, TypeError);
});
