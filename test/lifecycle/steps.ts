/** The steps of a queue handle's life in which a program may end: each brings this thread there. */
import { spawnSync } from "node:child_process";
import { PosixQueue, SysVQueue } from "hostmq";
import { collectGarbage } from "../helpers/garbage.js";
import { mq_close, mq_notify, mq_open, O_RDONLY, SIGEV_THREAD } from "hostmq/sys";

export type Family = "posix" | "sysv";

/** One step with a queue of its own, which the test removes. */
export interface Stage {
  readonly step: string;
  readonly family: Family;
  readonly name: string;
  readonly key: number;
}

export type AnyQueue = PosixQueue | SysVQueue;

/** Lets go of what would keep the process alive; that is left to `unref` where it is absent. */
type LetGo = () => void;

interface Step {
  readonly families: readonly Family[];
  /** `queue` is a handle on the empty queue, kept from the garbage collector. */
  readonly reach: (queue: AnyQueue, stage: Stage) => LetGo | undefined | Promise<LetGo | undefined>;
}

const both: readonly Family[] = ["posix", "sysv"];
const kept: unknown[] = [];

/** What is pending when the program ends is neither a result nor an error. */
function pending(promise: Promise<unknown>): void {
  promise.catch(() => undefined);
  kept.push(promise);
}

/** Lets waiting threads reach their system call. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 10));
}

function fill(queue: AnyQueue): void {
  while (queue.trySend("x".repeat(60)));
}

async function receiving(queue: AnyQueue): Promise<void> {
  pending(queue.receive());
  await settle();
}

function sysv(queue: AnyQueue): SysVQueue {
  if (!(queue instanceof SysVQueue)) throw new TypeError("a step of System V only");
  return queue;
}

function posix(queue: AnyQueue): PosixQueue {
  if (!(queue instanceof PosixQueue)) throw new TypeError("a step of POSIX only");
  return queue;
}

function openNew(stage: Stage): AnyQueue {
  return stage.family === "posix"
    ? PosixQueue.openOrCreate(stage.name, { maxMessages: 2, maxMessageSize: 64 })
    : SysVQueue.openOrCreate(stage.key, { maxBytes: 128 });
}

export const steps: Readonly<Record<string, Step>> = {
  opened: { families: both, reach: () => undefined },
  used: {
    families: both,
    reach: async (queue) => {
      await queue.send("x");
      await queue.receive();
      return undefined;
    },
  },
  "waiting to receive": {
    families: both,
    reach: async (queue) => {
      await receiving(queue);
      return undefined;
    },
  },
  "waiting to receive until a timeout": {
    families: both,
    reach: async (queue) => {
      pending(queue.receive({ timeout: 600_000 }));
      await settle();
      return undefined;
    },
  },
  "several waiting to receive, on several handles": {
    families: both,
    reach: async (queue, stage) => {
      const second = openNew(stage).unref();
      kept.push(second);
      for (const handle of [queue, second]) for (let i = 0; i < 3; i++) pending(handle.receive());
      await settle();
      return undefined;
    },
  },
  "several selectors": {
    families: ["sysv"],
    reach: async (queue) => {
      for (const selector of [{ type: 7 }, { type: 2n ** 60n }, { upTo: 10 }, { except: 3 }, {}]) {
        pending(sysv(queue).receive(selector));
      }
      await settle();
      return undefined;
    },
  },
  "an idle waiting thread": {
    families: both,
    reach: async (queue) => {
      const message = queue.receive();
      await settle();
      await queue.send("x");
      await message;
      return undefined;
    },
  },
  "a message on its way to a receive": {
    families: both,
    reach: async (queue) => {
      await receiving(queue);
      queue.trySend("x");
      return undefined;
    },
  },
  "a zero-length message on its way to a receive": {
    families: both,
    reach: async (queue) => {
      await receiving(queue);
      queue.trySend("");
      return undefined;
    },
  },
  "waiting to send": {
    families: both,
    reach: async (queue) => {
      fill(queue);
      for (let i = 0; i < 3; i++) pending(queue.send("x".repeat(60)));
      await settle();
      return undefined;
    },
  },
  "room on its way to a send": {
    families: both,
    reach: async (queue) => {
      fill(queue);
      pending(queue.send("x".repeat(60)));
      await settle();
      queue.tryReceive();
      return undefined;
    },
  },
  aborted: {
    families: both,
    reach: async (queue) => {
      const abort = new AbortController();
      pending(queue.receive({ signal: abort.signal }));
      await settle();
      abort.abort();
      return undefined;
    },
  },
  closing: {
    families: both,
    reach: async (queue) => {
      await receiving(queue);
      queue.close();
      return undefined;
    },
  },
  "closing while waiting to send": {
    families: both,
    reach: async (queue) => {
      fill(queue);
      pending(queue.send("x".repeat(60)));
      await settle();
      queue.close();
      return undefined;
    },
  },
  closed: {
    families: both,
    reach: async (queue) => {
      await receiving(queue);
      queue.close();
      await settle();
      return undefined;
    },
  },
  "removed by another process": {
    families: ["sysv"],
    reach: async (queue) => {
      const received = sysv(queue).receive();
      await settle();
      const { status } = spawnSync("ipcrm", ["-q", String(sysv(queue).id)]);
      // Without util-linux the kernel tells the same when this process removes it.
      if (status !== 0) sysv(queue).remove();
      await received.catch(() => undefined);
      return undefined;
    },
  },
  "removed, and nobody told yet": {
    families: ["sysv"],
    reach: async (queue) => {
      await receiving(queue);
      pending(sysv(queue).receive({ type: 7 }));
      sysv(queue).remove();
      return undefined;
    },
  },
  "removed while waiting to send": {
    families: ["sysv"],
    reach: async (queue) => {
      fill(queue);
      pending(queue.send("x".repeat(60)));
      await settle();
      sysv(queue).remove();
      return undefined;
    },
  },
  unlinked: {
    families: ["posix"],
    reach: async (queue, stage) => {
      await receiving(queue);
      PosixQueue.unlink(stage.name);
      return undefined;
    },
  },
  "onNotEmpty pending": {
    families: ["posix"],
    reach: async (queue) => {
      posix(queue).onNotEmpty(() => undefined);
      await settle();
      return undefined;
    },
  },
  "mq_notify pending": {
    families: ["posix"],
    reach: async (_queue, stage) => {
      const mqd = mq_open(stage.name, O_RDONLY);
      mq_notify(mqd, { sigev_notify: SIGEV_THREAD, sigev_notify_function: () => undefined });
      await settle();
      return () => {
        mq_notify(mqd, null);
      };
    },
  },
  "mq_notify pending on a descriptor that is closed": {
    families: ["posix"],
    reach: async (_queue, stage) => {
      const mqd = mq_open(stage.name, O_RDONLY);
      mq_notify(mqd, { sigev_notify: SIGEV_THREAD, sigev_notify_function: () => undefined });
      await settle();
      mq_close(mqd);
      return undefined;
    },
  },
  iterating: {
    families: both,
    reach: async (queue) => {
      const messages = queue.messages({ prefetch: 1 });
      pending(messages.next());
      await settle();
      return undefined;
    },
  },
  streaming: {
    families: both,
    reach: async (queue) => {
      kept.push(queue.readable().resume());
      await settle();
      return undefined;
    },
  },
  "streaming into a full queue": {
    families: both,
    reach: async (queue) => {
      fill(queue);
      const stream = queue.writable();
      stream.write("x".repeat(60));
      kept.push(stream);
      await settle();
      return undefined;
    },
  },
  "garbage collected without close": {
    families: both,
    reach: async (_queue, stage) => {
      for (let i = 0; i < 20; i++) openNew(stage);
      await settle();
      collectGarbage();
      await settle();
      collectGarbage();
      return undefined;
    },
  },
  "unreferenced and waiting": {
    families: both,
    reach: async (queue) => {
      queue.unref();
      await receiving(queue);
      return undefined;
    },
  },
};

/** Brings this thread to the step; what it gives lets the thread end by itself. */
export async function reachStep(stage: Stage): Promise<LetGo> {
  const definition = steps[stage.step];
  if (definition === undefined) throw new TypeError(`no step ${stage.step}`);
  const queue = openNew(stage);
  kept.push(queue);
  // An earlier thread of this test may have left messages.
  while (queue.tryReceive() !== undefined);
  const letGo = await definition.reach(queue, stage);
  return () => {
    queue.unref();
    letGo?.();
  };
}
