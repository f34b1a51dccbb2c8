/** What the races need of a family: a small queue that any number of handles open, and its C peers. */
import { type Body, PosixQueue, SysVQueue } from "hostmq";
import { posixName, sysvKey, type TestScope } from "../helpers/names.js";
import { peer, type Program } from "../helpers/peers.js";

/** A handle of either family. */
export type Queue = PosixQueue | SysVQueue;
export type Received = Awaited<ReturnType<Queue["receive"]>>;

/** A queue in the kernel. */
export interface Host {
  /** What a C peer calls it. */
  readonly address: string | number;
  /** A handle, closed after the test at the latest. */
  open(): Queue;
  send(args: (string | number)[], count: number): Program;
  receive(args: (string | number)[], count: number): Program;
}

export interface Family {
  readonly name: string;
  /** Holds eight short messages, more or less. */
  host(t: TestScope): Host;
  /** The options of a send after which a C reader says this number, whatever the body. */
  numbered(number: number): object | undefined;
}

const posix: Family = {
  name: "POSIX",
  host: (t) => {
    const name = posixName(t);
    PosixQueue.create(name, { maxMessages: 8, maxMessageSize: 64 }).close();
    return host(t, "posix", name, () => PosixQueue.open(name));
  },
  numbered: () => undefined,
};

const sysv: Family = {
  name: "System V",
  host: (t) => {
    const key = sysvKey(t);
    SysVQueue.create(key, { maxBytes: 64 }).close();
    return host(t, "sysv", key, () => SysVQueue.open(key));
  },
  numbered: (number) => ({ type: number + 1 }),
};

export const families: readonly Family[] = [posix, sysv];

function host(t: TestScope, prefix: string, address: string | number, open: () => Queue): Host {
  const handles = new Set<Queue>();
  t.after(() => {
    for (const handle of handles) handle.close();
  });
  return {
    address,
    open: () => {
      for (const handle of handles) if (handle.closed) handles.delete(handle);
      const handle = open();
      handles.add(handle);
      return handle;
    },
    send: (args, count) => peer(t, `${prefix}_send`, [...args, address, count]),
    receive: (args, count) => peer(t, `${prefix}_receive`, [...args, address, count]),
  };
}

/** A send or receive on either family; the options of the two differ, so what goes to one alone is the test's to know. */
export function send(queue: Queue, body: Body, options?: object): Promise<void> {
  return (queue as SysVQueue).send(body, options);
}

export function receive(queue: Queue, options?: object): Promise<Received> {
  return (queue as SysVQueue).receive(options);
}
