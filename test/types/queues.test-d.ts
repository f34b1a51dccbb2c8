/* eslint-disable @typescript-eslint/no-unnecessary-type-parameters, @typescript-eslint/no-unused-vars -- types are all that counts here */
// Checked by the compiler alone: a line behind @ts-expect-error must not compile, all others must. Nothing here runs.
import type { Readable } from "node:stream";
import {
  type Body,
  bytes,
  c,
  type Infer,
  json,
  type Message,
  type MessageDecodeError,
  type MessageIterator,
  MessageQueue,
  type PosixMessage,
  PosixQueue,
  struct,
  type SysVMessage,
  SysVQueue,
  type SysVSelector,
  text,
  withSchema,
} from "hostmq";
import { z } from "zod";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Same<A, B>): void {
  /* the types say it all */
}

const Order = struct({ id: c.u64, side: c.enum({ BUY: 0, SELL: 1 }), qty: c.u32 });
type Order = Infer<typeof Order>;
same<Order, { id: bigint; side: "BUY" | "SELL"; qty: number }>(true);
const right: Order = { id: 1n, side: "BUY", qty: 1 };

const coalescing = (): PosixQueue => PosixQueue.open("/q", { coalesce: true });

/** Without a codec: bytes or text in, a Buffer out. */
export async function raw(): Promise<void> {
  const posix = PosixQueue.open("/q");
  const sysv = SysVQueue.open(1);
  same<typeof posix, PosixQueue<Buffer, Body>>(true);
  same<typeof sysv, SysVQueue<Buffer, Body>>(true);
  await posix.send("x", { priority: 1, timeout: 5 });
  await sysv.send(new Uint8Array(1), { type: 2n, signal: AbortSignal.abort() });
  const received = await posix.receive();
  same<typeof received, PosixMessage<Buffer>>(true);
  same<(typeof received)["priority"], number>(true);
  const typed = sysv.tryReceive({ upTo: 3 });
  same<typeof typed, SysVMessage<Buffer> | undefined>(true);
  await sysv.receive({ except: 3n, truncate: 8, timeout: 5 });
  const selector: SysVSelector = Math.random() < 0.5 ? { type: 1 } : { upTo: 2 };
  sysv.tryReceiveMany(8, selector);
  // What is undefined is not given.
  sysv.receiveSync({ type: 1, upTo: undefined, except: undefined });
  // @ts-expect-error a receive selects in one way
  await sysv.receive({ type: 1, upTo: 2 });
  // @ts-expect-error in each call
  sysv.tryReceive({ upTo: 1, except: 2 });
  // @ts-expect-error also where messages are iterated over
  sysv.messages({ type: 1, except: 2, prefetch: 4 });
  // @ts-expect-error a number is no body
  await posix.send(1);
  // @ts-expect-error nor is an object
  sysv.trySend({ id: 1 });
  // @ts-expect-error System V has types
  await posix.send("x", { type: 1 });
  // @ts-expect-error POSIX has priorities
  await sysv.send("x", { priority: 1 });
  // @ts-expect-error one asks for nothing in particular of a POSIX queue
  await posix.receive({ type: 1 });
  // @ts-expect-error a call that blocks has no signal
  posix.receiveSync({ signal: AbortSignal.abort() });
  // @ts-expect-error a call that does not wait has no timeout
  posix.tryReceive({ timeout: 1 });
  // @ts-expect-error no such option
  PosixQueue.create("/q", { maxMesages: 1 });
  // @ts-expect-error an option of the other family
  SysVQueue.create(1, { maxMessages: 1 });
  // @ts-expect-error no such access
  PosixQueue.open("/q", { access: "rw" });
  // @ts-expect-error a key is a number
  SysVQueue.open("/q");
  // @ts-expect-error a name is text
  PosixQueue.open(1);
  same<PosixQueue<Buffer, Body>, ReturnType<typeof coalescing>>(true);
  // @ts-expect-error coalescing is on or off
  SysVQueue.createPrivate({ coalesce: 256 });
  // @ts-expect-error not a codec
  PosixQueue.open("/q", { codec: JSON });
  // @ts-expect-error without a codec nothing makes an Order of the bytes
  const orders: PosixQueue<Order> = posix;
  orders.close();
}

/** With a codec, by each way to a handle. */
export function ways(): void {
  const options = { codec: Order };
  for (const queue of [
    PosixQueue.open("/q", options),
    PosixQueue.create("/q", options),
    PosixQueue.openOrCreate("/q", options),
    PosixQueue.fromDescriptor(3, options),
  ]) {
    same<typeof queue, PosixQueue<Order>>(true);
  }
  for (const queue of [
    SysVQueue.open(1, options),
    SysVQueue.create(1, options),
    SysVQueue.openOrCreate(1, options),
    SysVQueue.createPrivate(options),
    SysVQueue.fromId(3, options),
  ]) {
    same<typeof queue, SysVQueue<Order>>(true);
  }
  const lines = PosixQueue.open("/q", { codec: text });
  same<typeof lines, PosixQueue<string>>(true);
  const sameAsRaw = PosixQueue.open("/q", { codec: bytes });
  same<typeof sameAsRaw, PosixQueue<Buffer, Body>>(true);
  const checked = SysVQueue.open(1, { codec: withSchema(json(), z.object({ id: z.number() })) });
  same<typeof checked, SysVQueue<{ id: number }>>(true);
}

/** A struct on a POSIX queue. */
export async function posixOrders(queue: PosixQueue<Order>): Promise<void> {
  await queue.send(right, { priority: 3 });
  queue.trySendMany([right, right]);
  same<Awaited<ReturnType<typeof queue.receive>>, PosixMessage<Order>>(true);
  same<ReturnType<typeof queue.tryReceive>, PosixMessage<Order> | undefined>(true);
  same<ReturnType<typeof queue.receiveSync>, PosixMessage<Order>>(true);
  same<ReturnType<typeof queue.tryReceiveMany>, PosixMessage<Order>[]>(true);
  for await (const { body, priority } of queue) {
    same<typeof body, Order>(true);
    same<typeof priority, number>(true);
    // @ts-expect-error no such field
    same<typeof body.quantity, number>(true);
  }
  // @ts-expect-error a field is missing
  await queue.send({ id: 1n, side: "BUY" });
  // @ts-expect-error a field has another type
  queue.trySend({ ...right, id: 1 });
  // @ts-expect-error no such constant
  queue.sendSync({ ...right, side: "HOLD" });
  // @ts-expect-error one of them is wrong
  queue.trySendMany([right, { id: 1n }]);
  // @ts-expect-error bytes are no Order
  await queue.send(Buffer.alloc(16));
  // @ts-expect-error a codec belongs to the handle
  await queue.receive({ codec: text });
  // @ts-expect-error an Order is no line of text
  const lines: PosixQueue<string> = queue;
  lines.close();
}

/** A struct on a System V queue. */
export async function sysvOrders(queue: SysVQueue<Order>): Promise<void> {
  await queue.send(right, { type: 3 });
  same<Awaited<ReturnType<typeof queue.receive>>, SysVMessage<Order>>(true);
  same<ReturnType<typeof queue.peek>, SysVMessage<Order> | undefined>(true);
  for (const { body } of queue.browse()) same<typeof body, Order>(true);
  for await (const { body, type } of queue.messages({ except: 7 })) {
    same<typeof body, Order>(true);
    same<typeof type, number | bigint>(true);
  }
  // @ts-expect-error a field is missing
  await queue.send({ id: 1n, side: "BUY" });
  // @ts-expect-error there is no such field
  queue.trySend({ id: 1n, side: "BUY", qty: 1, price: 2 });
  // @ts-expect-error no such selector
  await queue.receive({ atMost: 3 });
  // @ts-expect-error a type is an integer
  await queue.send(right, { type: "3" });
}

/** What to do with bodies that do not decode. */
export async function poison(queue: PosixQueue<Order>, other: SysVQueue<Order>): Promise<void> {
  const messages = queue.messages({ onDecodeError: "skip", prefetch: 3 });
  same<typeof messages, MessageIterator<PosixMessage<Order>>>(true);
  same<typeof messages.refused, MessageDecodeError | undefined>(true);
  other.messages({
    type: 3,
    onDecodeError: (error) => {
      same<typeof error, MessageDecodeError>(true);
    },
  });
  other.messages({ onDecodeError: async (error) => other.send(right, { type: error.type }) });
  same<ReturnType<typeof other.readable>, Readable>(true);
  // @ts-expect-error no such policy
  queue.messages({ onDecodeError: "drop" });
  // @ts-expect-error it is handed an error
  queue.readable({ onDecodeError: (message: Order) => message.id });
  // @ts-expect-error a single receive has nothing to go on with
  await queue.receive({ onDecodeError: "skip" });
}

/** Code for both families sees what they promise alike. */
export async function either(queue: PosixQueue<Order> | SysVQueue<Order>): Promise<bigint> {
  await queue.send(right, { timeout: 5 });
  const message: Message<Order> = await queue.receive({ timeout: 5 });
  if (!(queue instanceof MessageQueue)) return 0n;
  // @ts-expect-error a body of another type
  queue.trySend("x");
  return message.body.id;
}
