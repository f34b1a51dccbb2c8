/** The two families as the contract suite sees them: what differs between them is said here and nowhere else. */
import { type Codec, type Message, type MessageQueue, PosixQueue, type Received, SysVQueue } from "hostmq";
import { posixName, sysvKey, type TestScope } from "../helpers/names.js";

/** A message with what its family carries beside the body. */
export type AnyMessage<T = Buffer> = Message<T> & { priority?: number; type?: number | bigint };
/** What either family is sent with. */
export interface AnyRank {
  priority?: number | undefined;
  type?: number | bigint | undefined;
}
/** A handle of either family. */
export type AnyQueue<T = Buffer, In = Uint8Array | string> = MessageQueue<
  T,
  In,
  AnyMessage<T>,
  AnyRank,
  object,
  Received & { priority?: number; type?: number | bigint }
>;

/** A queue in the kernel of a test's own, gone after the test: room for four messages of {@link unit} bytes. */
export interface Place {
  /** As the C peers are told it. */
  readonly address: string | number;
  /** Another handle on the queue. */
  open(): AnyQueue;
  openWith<T>(codec: Codec<T>): AnyQueue<T, T>;
  /** Unlinks the name or removes the queue, as anybody may. */
  remove(): void;
}

export interface Family {
  readonly name: string;
  place(t: TestScope): Place;
  /** The most bytes that one message in a {@link Place} can have. */
  readonly largest: number;
  /** Send options for the priority or type. */
  readonly rank: (value: number) => AnyRank;
  /** The priority or type of what was received. */
  readonly rankOf: (received: { priority?: number; type?: number | bigint }) => number | bigint | undefined;
  /** What a message has that was sent without naming it. */
  readonly defaultRank: number;
  /** C programs at the other end, and their option for a priority or type. */
  readonly sender: string;
  readonly receiver: string;
  readonly rankOption: string;
  /** Whether the queue is gone for those who have it open when somebody removes it; a POSIX name alone goes. */
  readonly removalIsForAll: boolean;
}

/** Bytes of a message of which {@link room} fill a {@link Place}. */
export const unit = 64;
/** Messages of {@link unit} bytes that a {@link Place} holds. */
export const room = 4;

/** Remembers handles and closes them after the test: one that a test forgets must not keep a queue's bytes. */
function closedAfter(t: TestScope): <Q extends { close(): void }>(queue: Q) => Q {
  const handles: { close(): void }[] = [];
  t.after(() => {
    for (const handle of handles) handle.close();
  });
  return (queue) => {
    handles.push(queue);
    return queue;
  };
}

const posix: Family = {
  name: "POSIX",
  place(t) {
    const name = posixName(t);
    const keep = closedAfter(t);
    PosixQueue.create(name, { maxMessages: room, maxMessageSize: unit }).close();
    return {
      address: name,
      open: () => keep(PosixQueue.open(name)),
      openWith: <T>(codec: Codec<T>) => keep(PosixQueue.open(name, { codec })),
      remove: () => {
        PosixQueue.unlink(name);
      },
    };
  },
  largest: unit,
  rank: (priority) => ({ priority }),
  rankOf: ({ priority }) => priority,
  defaultRank: 0,
  sender: "posix_send",
  receiver: "posix_receive",
  rankOption: "-p",
  removalIsForAll: false,
};

const sysv: Family = {
  name: "System V",
  place(t) {
    const key = sysvKey(t);
    const keep = closedAfter(t);
    SysVQueue.create(key, { maxBytes: room * unit }).close();
    return {
      address: key,
      open: () => keep(SysVQueue.open(key)),
      openWith: <T>(codec: Codec<T>) => keep(SysVQueue.open(key, { codec })),
      remove: () => {
        SysVQueue.open(key).remove();
      },
    };
  },
  largest: room * unit,
  rank: (type) => ({ type }),
  rankOf: ({ type }) => type,
  defaultRank: 1,
  sender: "sysv_send",
  receiver: "sysv_receive",
  rankOption: "-t",
  removalIsForAll: true,
};

/** scripts/test-portable runs this with the addon of a system that has no POSIX queues. */
export const families: readonly Family[] = process.env.HOSTMQ_TEST_AS === "darwin" ? [sysv] : [posix, sysv];

/** A body of {@link unit} bytes, {@link room} of which fill a queue, as the C peers' `-s 64` makes them. */
export function numbered(n: number): string {
  return String(n).padEnd(unit, ".");
}

/** The number of a {@link numbered} body. */
export function numberOf({ body }: { body: Buffer }): number {
  return Number.parseInt(body.toString(), 10);
}

/** Sends numbered bodies 0, 1, 2 … until there is no room. */
export function fill(queue: AnyQueue): void {
  for (let n = 0; n < room; n++) {
    if (!queue.trySend(numbered(n))) throw new Error(`full with ${n} messages`);
  }
  if (queue.trySend(numbered(room))) throw new Error(`room for more than ${room} messages`);
}

/** The numbers of all messages that are in the queue, which takes them. */
export function drain(queue: AnyQueue): number[] {
  return queue.tryReceiveMany(100).map(numberOf);
}
