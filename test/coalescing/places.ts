/** Both families with queues of a test's own, opened with and without `coalesce`. */
import { type Codec, PosixQueue, SysVQueue } from "hostmq";
import { posixName, sysvKey, type TestScope } from "../helpers/names.js";

/** A handle of either family. The options of the two differ, so what goes to one alone is the test's to know. */
export type Queue = SysVQueue;
export type CodecQueue<T> = SysVQueue<T, T>;

/** A queue in the kernel. */
export interface Place {
  readonly address: string | number;
  /** A handle that coalesces, closed after the test. */
  readonly open: (options?: object) => Queue;
  readonly openWith: <T>(codec: Codec<T>) => CodecQueue<T>;
  /** A handle for whom each message is one of the kernel's. */
  readonly openPlain: () => Queue;
  readonly remove: () => void;
}

export interface Family {
  readonly name: string;
  readonly place: (t: TestScope) => Place;
  readonly rank: (value: number) => object;
  readonly rankOf: (message: { priority?: number | undefined; type?: number | bigint | undefined }) => unknown;
  readonly removalIsForAll: boolean;
}

/** Bytes of the largest message of a {@link Place}. */
export const frameSize = 512;

function places(
  t: TestScope,
  address: string | number,
  openQueue: (options: object) => PosixQueue | SysVQueue,
  remove: () => void,
): Place {
  const handles: { close(): void }[] = [];
  t.after(() => {
    for (const handle of handles) {
      try {
        handle.close();
      } catch {
        // Messages in hand of a test that failed.
      }
    }
  });
  const open = (options: object): Queue => {
    const queue = openQueue(options) as Queue;
    handles.push(queue);
    return queue;
  };
  return {
    address,
    open: (options) => open({ ...options, coalesce: true }),
    openWith: <T>(codec: Codec<T>) => open({ codec, coalesce: true }) as unknown as CodecQueue<T>,
    openPlain: () => open({}),
    remove,
  };
}

export const families: readonly Family[] = [
  {
    name: "POSIX",
    place(t) {
      const name = posixName(t);
      PosixQueue.create(name, { maxMessages: 4, maxMessageSize: frameSize }).close();
      return places(
        t,
        name,
        (options) => PosixQueue.open(name, options),
        () => {
          PosixQueue.unlink(name);
        },
      );
    },
    rank: (priority) => ({ priority }),
    rankOf: ({ priority }) => priority,
    removalIsForAll: false,
  },
  {
    name: "System V",
    place(t) {
      const key = sysvKey(t);
      // Bytes alone limit it, so a large frame takes the whole queue.
      SysVQueue.create(key, { maxBytes: frameSize }).close();
      return places(
        t,
        key,
        (options) => SysVQueue.open(key, options),
        () => {
          SysVQueue.open(key).remove();
        },
      );
    },
    rank: (type) => ({ type }),
    rankOf: ({ type }) => type,
    removalIsForAll: true,
  },
];

/** Messages of the kernel in the queue. */
export function inKernel(queue: Queue): number {
  const either = queue as unknown as { status?: SysVQueue["status"]; attributes?: PosixQueue["attributes"] };
  return either.status?.().messages ?? either.attributes?.().currentMessages ?? NaN;
}

/** The numbers of all messages that are there, which takes them. */
export function drain(queue: Queue): number[] {
  return queue.tryReceiveMany(100_000).map(({ body }) => Number(body.toString()));
}

export const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** Fills the kernel's queue with messages of which each is as large as a frame can be; gives how many, numbered from 0. */
export function fill(queue: Queue): number {
  let count = 0;
  while (queue.trySend(String(count).padStart(frameSize - 20, "0"))) count++;
  return count;
}
