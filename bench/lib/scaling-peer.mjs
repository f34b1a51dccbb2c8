// One point of a curve: node --expose-gc lib/scaling-peer.mjs <queues|consumers|pending|memory|consume> <family> <count> [key]
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { PosixQueue, SysVQueue } from "../../dist/index.js";

const [what, family, countText, given] = process.argv.slice(2);
const count = Number(countText);
const base = given === undefined ? 200_000_000 + process.pid * 2000 : Number(given);
const messages = 4000;
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
  async queues() {
    const queues = Array.from({ length: count }, (_, index) => open(index));
    const waiting = queues.map((queue) => queue.receive());
    const us = await timed(async (i) => {
      const at = (i * 7) % count;
      queues[at].trySend(body);
      await waiting[at];
      waiting[at] = queues[at].receive();
    });
    for (const each of waiting) each.catch(() => undefined);
    return { us };
  },

  async pending() {
    const queue = open(0);
    const waiting = Array.from({ length: count }, () => queue.receive());
    const us = await timed(async () => {
      queue.trySend(body);
      await waiting.shift();
      waiting.push(queue.receive());
    });
    for (const each of waiting) each.catch(() => undefined);
    return { us };
  },

  async consumers() {
    const queue = open(0);
    const children = Array.from({ length: count }, () =>
      fork(fileURLToPath(import.meta.url), ["consume", family, "0", String(base)], { execArgv: [] }),
    );
    await Promise.all(children.map((child) => new Promise((resolve) => child.once("message", resolve))));
    const us = await timed(() => queue.send(body));
    for (const child of children) child.disconnect();
    await Promise.all(children.map((child) => new Promise((resolve) => child.once("exit", resolve))));
    return { us };
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
    open(1000)
      .receive()
      .catch(() => undefined);
    const start = used();
    const queues = Array.from({ length: count }, (_, index) => open(index));
    const afterOpening = used();
    for (const queue of queues) queue.receive().catch(() => undefined);
    const afterWaiting = used();
    return { handle: (afterOpening - start) / count, receive: (afterWaiting - afterOpening) / count };
  },
};

async function timed(each) {
  for (let i = 0; i < 500; i++) await each(i);
  const start = performance.now();
  for (let i = 0; i < messages; i++) await each(i);
  return ((performance.now() - start) * 1000) / messages;
}

try {
  const result = await works[what]();
  console.log(JSON.stringify(result));
} finally {
  removeAll();
}
