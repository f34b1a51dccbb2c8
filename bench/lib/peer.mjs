// One process of a measurement, for every adapter that is JavaScript:
//   node lib/peer.mjs <adapter> <mode> <work> <name> <size> <count> <depth> <burst>
// The same works and the same answer, one line of JSON, as the C programs (c/work.h).
import { fork } from "node:child_process";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { median } from "./statistics.mjs";

const [adapterName, modeName, work, name, size, count, depth, burst] = process.argv.slice(2);
const { default: adapter } = await import(`../adapters/${adapterName}.mjs`);
const context = {
  name,
  size: Number(size),
  count: Number(count),
  // What compiles while it runs is measured when that is done.
  warmUp: Number(count) >> 2,
  depth: Number(depth),
  body: Buffer.alloc(Number(size), "x"),
  forkPeer,
};
const mode = adapter.modes[modeName];
const slices = 400;

function forkPeer(role, options) {
  const args = [adapterName, modeName, role, ...process.argv.slice(5)];
  return fork(fileURLToPath(import.meta.url), args, { ...options, stdio: ["ignore", "inherit", "inherit", "ipc"] });
}

function cpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

function report(ns, cpuNs) {
  process.stdout.write(`${JSON.stringify({ role: work, ns, cpu: cpuNs })}\n`);
}

// The median of slices shorter than a turn of the scheduler: another program that got the core meanwhile does not count.
async function pair(onlyReceives) {
  const local = await mode.local(context);
  const messages = Number(burst);
  const rounds = Math.floor(context.count / slices / messages) + 1;
  const times = [];
  let cpuStart = 0;
  for (let slice = -slices / 2; slice < slices; slice++) {
    if (slice === 0) cpuStart = cpu();
    let spent = 0;
    let start = performance.now();
    for (let round = 0; round < rounds; round++) {
      const sent = local.send(messages);
      if (sent !== undefined) await sent;
      if (onlyReceives) start = performance.now();
      const received = local.receive(messages);
      if (received !== undefined) await received;
      if (onlyReceives) spent += performance.now() - start;
    }
    if (!onlyReceives) spent = performance.now() - start;
    if (slice >= 0) times.push((spent * 1e6) / (rounds * messages));
  }
  report(median(times), (cpu() - cpuStart) / (rounds * messages * slices));
  await local.end?.();
}

/** Receivers and echoes say that they are there; `warm` is called when the messages that warm up are received. */
function ready() {
  process.stdout.write("ready\n");
}

async function receive() {
  let start = 0;
  let cpuStart = 0;
  const warm = () => {
    start = performance.now();
    cpuStart = cpu();
  };
  await mode.receiver(context, ready, warm, () => {
    const messages = context.count - context.warmUp;
    report(((performance.now() - start) * 1e6) / messages, (cpu() - cpuStart) / messages);
  });
}

async function send() {
  const run = await mode.sender(context);
  const start = performance.now();
  const cpuStart = cpu();
  await run.all();
  report(((performance.now() - start) * 1e6) / context.count, (cpu() - cpuStart) / context.count);
  await run.end?.();
}

async function echo() {
  let cpuStart = 0;
  const readyToEcho = () => {
    cpuStart = cpu();
    ready();
  };
  await mode.echo(context, readyToEcho, () => report(0, (cpu() - cpuStart) / context.count));
}

async function ping() {
  const run = await mode.pinger(context);
  const trips = new Float64Array(context.count);
  const cpuStart = cpu();
  if (run.trip !== undefined) {
    for (let i = 0; i < context.count; i++) {
      const start = performance.now();
      const trip = run.trip();
      if (trip !== undefined) await trip;
      trips[i] = performance.now() - start;
    }
  } else {
    // Told of answers by callback: the next question leaves from there.
    await new Promise((resolve) => {
      let i = 0;
      let start = performance.now();
      run.onAnswer(() => {
        trips[i++] = performance.now() - start;
        if (i === context.count) return resolve();
        start = performance.now();
        run.ask();
      });
      run.ask();
    });
  }
  // The first half warms up.
  report(median(trips.subarray(context.count >> 1)) * 1e6, (cpu() - cpuStart) / context.count);
  await run.end?.();
}

/** What waiting costs: CPU of one second in which nothing comes. */
async function idle() {
  void mode.receiver(
    { ...context, count: 1, warmUp: 0 },
    () => undefined,
    () => undefined,
    () => undefined,
  );
  setTimeout(() => {
    const start = cpu();
    setTimeout(() => {
      report(0, cpu() - start);
      mode.abandon?.(context);
      process.exit();
    }, 1000);
  }, 200);
}

const works = { pair: () => pair(false), drain: () => pair(true), receive, send, echo, ping, idle };
await works[work]();
