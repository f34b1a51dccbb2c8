// One point of a curve: node --expose-gc lib/scaling-peer.mjs <queues|idle|consumers|pending|memory|consume> <family> <count> [key]
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { PosixQueue, SysVQueue } from "../../dist/index.js";

const [what, family, countText, given] = process.argv.slice(2);
const count = Number(countText);
const base = given === undefined ? 200_000_000 + process.pid * 2000 : Number(given);
const messages = what === "consumers" ? 4000 : 20_000;
const body = Buffer.alloc(16);
const opened = new Set();

function open(index) {
  const name = base + index;
  const queue =
    family === "posix"
      ? PosixQueue.openOrCreate(`/${name}`, { maxMessages: 2, maxMessageSize: 16 })
      : SysVQueue.openOrCreate(name);
  opened.add(queue);
  return queue;
}

function removeAll() {
  for (const queue of opened) {
    if (family === "posix") PosixQueue.unlink(queue.name);
    else queue.remove();
    queue.close();
  }
}

const works = {
  queues: () => messagesTo(count),

  idle: () => messagesTo(1),

  async pending() {
    const queue = open(0);
    const waiting = Array.from({ length: count }, () => queue.receive());
    const cost = await timed(async () => {
      queue.trySend(body);
      await waiting.shift();
      waiting.push(queue.receive());
    });
    for (const each of waiting) each.catch(() => undefined);
    return cost;
  },

  async consumers() {
    const queue = open(0);
    const children = Array.from({ length: count }, () =>
      fork(fileURLToPath(import.meta.url), ["consume", family, "0", String(base)], { execArgv: [] }),
    );
    await Promise.all(children.map((child) => new Promise((resolve) => child.once("message", resolve))));
    const cost = await timed(() => queue.send(body));
    for (const child of children) child.disconnect();
    await Promise.all(children.map((child) => new Promise((resolve) => child.once("exit", resolve))));
    return cost;
  },

  async consume() {
    const queue = open(0);
    process.once("disconnect", () => process.exit());
    process.send("ready");
    const messages = queue.messages();
    for (;;) await messages.next();
  },

  async memory() {
    const used = () => {
      gc();
      return process.memoryUsage().heapUsed;
    };
    open(1999)
      .receive()
      .catch(() => undefined);
    const start = used();
    const queues = Array.from({ length: count }, (_, index) => open(index));
    const afterOpening = used();
    for (const queue of queues) queue.receive().catch(() => undefined);
    const afterWaiting = used();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const cpuBefore = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const { user, system } = process.cpuUsage(cpuBefore);
    return {
      handle: (afterOpening - start) / count,
      receive: (afterWaiting - afterOpening) / count,
      idle: user + system,
    };
  },
};

/** All queues are waited on; so many of them get the messages, in turns. */
async function messagesTo(active) {
  const queues = Array.from({ length: count }, (_, index) => open(index));
  const waiting = queues.map((queue) => queue.receive());
  const cost = await timed(async (i) => {
    const at = (i * 7) % active;
    queues[at].trySend(body);
    await waiting[at];
    waiting[at] = queues[at].receive();
  });
  for (const each of waiting) each.catch(() => undefined);
  return cost;
}

async function timed(each) {
  // As many as are measured: what is compiled and allocated on the way to a steady state is no cost of a wake.
  for (let i = 0; i < messages; i++) await each(i);
  const [start, cpuBefore] = [performance.now(), process.cpuUsage()];
  for (let i = 0; i < messages; i++) await each(i);
  const { user, system } = process.cpuUsage(cpuBefore);
  return { us: ((performance.now() - start) * 1000) / messages, cpu: (user + system) / messages };
}

try {
  const result = await works[what]();
  console.log(JSON.stringify(result));
} finally {
  removeAll();
}
