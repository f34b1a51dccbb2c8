/** What the tests of this folder have a worker do; `workerData` names it. Says "ready" when it is where it should be. */
import { parentPort, workerData } from "node:worker_threads";
import { PosixQueue, SysVQueue } from "hostmq";

/** The task of a worker. */
export type Task =
  | { readonly act: "wait"; readonly empty: Queues; readonly full: Queues }
  | { readonly act: "hold"; readonly key: number }
  | { readonly act: "block"; readonly queues: Queues; readonly family: "posix" | "sysv" }
  | { readonly act: "open"; readonly names: readonly string[] }
  | { readonly act: "count"; readonly queues: Queues }
  | { readonly act: "talk"; readonly queues: Queues; readonly rounds: number }
  | { readonly act: "abort"; readonly key: number };

/** A queue of each family. */
export interface Queues {
  readonly name: string;
  readonly key: number;
}

const task = workerData as Task;
const port = parentPort;
if (port === null) throw new Error("this is no worker");

const sizes = { maxMessages: 4, maxMessageSize: 64 };
const kept: unknown[] = [];

function openBoth({ name, key }: Queues): [PosixQueue, SysVQueue] {
  const queues: [PosixQueue, SysVQueue] = [PosixQueue.openOrCreate(name, sizes), SysVQueue.openOrCreate(key)];
  kept.push(...queues);
  return queues;
}

function ready(): void {
  port?.postMessage("ready");
}

switch (task.act) {
  case "wait":
    for (const queue of openBoth(task.empty)) void queue.receive();
    for (const queue of openBoth(task.full)) void queue.send("late");
    setImmediate(ready);
    break;

  case "hold": {
    // The waiting thread takes the message, and this thread never gets to hear of it.
    void SysVQueue.open(task.key).receive({ type: 7 });
    ready();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    break;
  }

  case "block": {
    const [posix, sysv] = openBoth(task.queues);
    ready();
    (task.family === "posix" ? posix : sysv).receiveSync();
    break;
  }

  case "open":
    for (const name of task.names) kept.push(PosixQueue.open(name));
    ready();
    break;

  case "count": {
    const [posix, sysv] = openBoth(task.queues);
    const count = async (queue: PosixQueue | SysVQueue): Promise<number[]> => {
      const taken: number[] = [];
      for await (const { body } of queue) {
        if (body.length === 0) break;
        taken.push(Number(body.toString()));
      }
      return taken;
    };
    ready();
    const [ofPosix, ofSysv] = await Promise.all([count(posix), count(sysv)]);
    port.postMessage({ posix: ofPosix, sysv: ofSysv });
    break;
  }

  case "talk": {
    const [posix, sysv] = openBoth(task.queues);
    for (let round = 0; round < task.rounds; round++) {
      for (const queue of [posix, sysv]) {
        const received = queue.receive();
        await queue.send(String(round));
        const { body } = await received;
        if (body.toString() !== String(round)) throw new Error(`${body.toString()} in place of ${round}`);
      }
    }
    ready();
    break;
  }

  case "abort": {
    const abort = new AbortController();
    const received = SysVQueue.open(task.key).receive({ signal: abort.signal });
    setTimeout(() => {
      abort.abort("enough");
    }, 2);
    await received.catch((reason: unknown) => {
      if (reason !== "enough") throw reason;
    });
    ready();
    break;
  }
}
