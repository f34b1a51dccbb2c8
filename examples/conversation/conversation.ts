/**
 * A Node program orders, a C program (peer.c) serves: over a POSIX queue, then over a System V queue.
 *
 * Run it with `scripts/demo`. It leaves nothing behind, also when it is interrupted.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { json, PosixQueue, SysVQueue } from "hostmq";

interface Order {
  id: number;
  item: string;
  cups?: number;
  milliseconds?: number;
  /** Who asks; over System V the answer's type. */
  replyTo: number;
}

interface Answer {
  id: number;
  answer: string;
}

type Queue<T> = PosixQueue<T> | SysVQueue<T>;

const peer = fileURLToPath(new URL("../../peers/conversation-peer", import.meta.url));
const interrupted = new AbortController();
const { signal } = interrupted;
/** What a shell reports of a program that was interrupted. */
const statuses = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
let lastId = 0;

function order(item: string, details: Partial<Order> = {}): Order {
  lastId += 1;
  return { id: lastId, item, cups: 1, replyTo: process.pid, ...details };
}

function say(text: string): void {
  console.log(`Node  ${text}`);
}

function interrupt(name: keyof typeof statuses): void {
  if (signal.aborted) return;
  process.exitCode = statuses[name];
  interrupted.abort(new Error(`interrupted by ${name}`));
}

/** Starts the C program; should it end before its time, nobody waits for its answers. */
function startKitchen(...args: string[]): ChildProcess {
  const kitchen = spawn(peer, args, { stdio: ["ignore", "inherit", "inherit"] });
  kitchen.once("error", (error) => {
    interrupted.abort(error);
  });
  kitchen.once("exit", (code, killedBy) => {
    // Ctrl-C reaches both programs, and the news of the other's end may come first.
    if (killedBy !== null && killedBy in statuses) interrupt(killedBy as keyof typeof statuses);
    else if (code !== 0) interrupted.abort(new Error(`the C program ended: ${killedBy ?? `status ${String(code)}`}`));
  });
  return kitchen;
}

async function overPosix(): Promise<void> {
  console.log("\nA POSIX queue: the highest priority goes first\n");
  const ordersName = `/hostmq-demo-${process.pid}-orders`;
  const answersName = `/hostmq-demo-${process.pid}-answers`;
  const size = { maxMessages: 4, maxMessageSize: 512 };
  let kitchen: ChildProcess | undefined;
  try {
    using orders = PosixQueue.create(ordersName, { codec: json<Order>(), ...size });
    using answers = PosixQueue.create(answersName, { codec: json<Answer>(), ...size });

    // The queue keeps them until there is somebody to take them.
    for (const [item, cups, priority] of [
      ["filter coffee", 4, 1],
      ["espresso", 1, 20],
      ["cappuccino", 2, 7],
    ] as const) {
      const body = order(item, { cups });
      await orders.send(body, { priority, signal });
      say(`sent order ${body.id} (priority ${priority}): ${item}`);
    }

    kitchen = startKitchen("posix", ordersName, answersName);
    for (let n = 0; n < 3; n += 1) {
      const { body, priority } = await answers.receive({ signal });
      say(`got the answer to ${body.id} (priority ${priority}): ${body.answer}`);
    }

    await letTheSenderWait(orders, answers);
    await orders.send(order("closing time"), { signal });
    say(`got: ${(await answers.receive({ signal })).body.answer}`);
    if (kitchen.exitCode === null) await once(kitchen, "exit", { signal });
  } finally {
    kitchen?.kill();
    for (const name of [ordersName, answersName]) {
      remove(() => {
        PosixQueue.unlink(name);
      });
    }
  }
}

async function overSystemV(): Promise<void> {
  console.log("\nA System V queue: the type says how urgent an order is, and for whom an answer\n");
  let kitchen: ChildProcess | undefined;
  const queues: Pick<SysVQueue<Order>, "remove" | "close">[] = [];
  try {
    const orders = SysVQueue.createPrivate({ codec: json<Order>(), type: 5, maxBytes: 300 });
    queues.push(orders);
    const answers = SysVQueue.createPrivate({ codec: json<Answer>() });
    queues.push(answers);

    const me = process.pid;
    const friend = me + 1;
    await orders.send(order("filter coffee", { cups: 4 }), { type: 5, signal });
    say("sent an order for me (type 5): filter coffee");
    await orders.send(order("cappuccino", { replyTo: friend }), { type: 5, signal });
    say("sent an order for a friend (type 5): cappuccino");
    await orders.send(order("espresso"), { type: 1, signal });
    say("sent an order for me (type 1, urgent): espresso");

    kitchen = startKitchen("sysv", String(orders.id), String(answers.id));
    const hers = await answers.receive({ type: friend, signal });
    say(`picked my friend's answer out of the others (type ${hers.type}): ${hers.body.answer}`);
    for (let n = 0; n < 2; n += 1) {
      const mine = await answers.receive({ type: me, signal });
      say(`got mine (type ${mine.type}): ${mine.body.answer}`);
    }

    await letTheSenderWait(orders, answers);
    await orders.send(order("closing time"), { signal });
    say(`got: ${(await answers.receive({ signal })).body.answer}`);
    if (kitchen.exitCode === null) await once(kitchen, "exit", { signal });
  } finally {
    kitchen?.kill();
    for (const queue of queues) {
      remove(() => {
        queue.remove();
      });
      queue.close();
    }
  }
}

/** What both families promise: a full queue makes `send` wait, and nothing else in this program. */
async function letTheSenderWait(orders: Queue<Order>, answers: Queue<Answer>): Promise<void> {
  await orders.send(order("break", { milliseconds: 800 }), { signal });
  say(`asked for a break, got: ${(await answers.receive({ signal })).body.answer}`);

  let taken = 0;
  let next = order("tea");
  while (orders.trySend(next)) {
    taken += 1;
    next = order("tea");
  }
  say(`the kitchen is away: trySend put ${taken} orders into the queue and then said false: it is full`);

  let ticks = 0;
  const clock = setInterval(() => (ticks += 1), 10);
  const start = performance.now();
  try {
    await orders.send({ ...next, item: "one tea more" }, { signal });
  } finally {
    clearInterval(clock);
  }
  const waited = Math.round(performance.now() - start);
  say(`send waited ${waited} ms for room, while a 10 ms timer of this program ran ${ticks} times`);

  for (let n = 0; n <= taken; n += 1) {
    const { body } = await answers.receive({ signal });
    say(`got the answer to ${body.id}: ${body.answer}`);
  }
}

/** Removes a queue if it is still there. */
function remove(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!["ENOENT", "EIDRM", "EINVAL"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(name, () => {
    interrupt(name);
  });
}

try {
  await overPosix();
  await overSystemV();
  console.log("\nBoth queues are gone again.");
} catch (error) {
  if (!signal.aborted) throw error;
  console.error(`\n${(signal.reason as Error).message}; nothing is left behind`);
  process.exitCode ??= 1;
}
