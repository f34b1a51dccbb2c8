/** Signals: what is not the program's business never surfaces, what it handles ends a blocking call. */
import assert from "node:assert/strict";
import { constants } from "node:os";
import { test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { nodeChild, peer, type Program } from "../helpers/peers.js";
import { families, type Family, type Host } from "./families.js";

const messages = 300;
const fewestSignals = 1000;
/** Milliseconds, in which that many signals arrive. */
const timeout = 1000;
/** The machine may be busy. */
const longest = 5000;
const microsecondsBetweenSignals = 10;
const heldBack = ["SIGPROF", "SIGCHLD", "SIGWINCH", "SIGUSR1"] as const;
const methods = ["receiveSync", "sendSync"] as const;

for (const family of families) {
  test(`${family.name}: promise calls never show EINTR in a storm of signals`, async (t) => {
    const host = family.host(t);
    const script = new URL("./stormed.child.js", import.meta.url);
    const child = nodeChild(t, script, [family.name, host.address, messages, "SIGUSR2"]);
    assert.equal(await child.line(), "open");
    const numbers = [constants.signals.SIGUSR2, constants.signals.SIGCHLD, constants.signals.SIGWINCH];
    const storm = peer(t, "signal_storm", ["-d", 50, child.child.pid ?? 0, 0, ...numbers]);
    host.send(["-d", 4000], 0);
    let line = await child.line();
    for (; !line.startsWith("received"); line = await child.line()) assert.match(line, /^ETIMEDOUT \d+$/u);
    assert.equal(line, `received ${messages}`);
    const handled = Number(/^handled (\d+)$/u.exec(await child.line())?.[1]);
    assert.ok(handled > 100, `handled ${handled}`);
    storm.child.kill("SIGTERM");
    await storm.exited;
    child.child.stdin.end();
    assert.deepEqual(await child.exited, { code: 0, signal: null }, child.stderr);
  });

  for (const method of methods) {
    test(`${family.name}: a storm of ${heldBack.join(", ")} neither surfaces in a timed ${method} nor lengthens it`, async (t) => {
      const child = await blocked(t, family, method, timeout, [...heldBack]);
      const numbers = heldBack.map((signal) => constants.signals[signal]);
      // It goes on until the call has ended: a call that begins anew with a signal never would.
      const storm = peer(t, "signal_storm", ["-d", microsecondsBetweenSignals, child.child.pid ?? 0, 0, ...numbers]);
      const { outcome, took } = await outcomeOf(child);
      storm.child.kill("SIGTERM");
      const sent = Number(/^sent (\d+)$/u.exec(await storm.line())?.[1]);
      child.child.stdin.end();
      assert.equal(outcome, "ETIMEDOUT");
      assert.ok(took >= timeout && took < longest, `took ${took} ms`);
      assert.ok(sent >= fewestSignals, `${sent} signals`);
      // They were held back, not thrown away.
      assert.equal(await child.line(), ["handled", ...[...heldBack].sort()].join(" "));
      assert.deepEqual(await child.exited, { code: 0, signal: null });
    });

    test(`${family.name}: SIGINT ends a process without a handler in ${method}`, async (t) => {
      const child = await blocked(t, family, method, "-", []);
      await sleep(100);
      child.child.kill("SIGINT");
      assert.deepEqual(await child.exited, { code: null, signal: "SIGINT" });
    });

    for (const limit of ["-", 60_000]) {
      test(`${family.name}: SIGINT ends ${method}, timeout ${limit}, with EINTR, and its handler runs`, async (t) => {
        const child = await blocked(t, family, method, limit, ["SIGINT"]);
        await sleep(100);
        child.child.kill("SIGINT");
        child.child.stdin.end();
        assert.equal((await outcomeOf(child)).outcome, "EINTR");
        assert.equal(await child.line(), "handled SIGINT");
        assert.deepEqual(await child.exited, { code: 0, signal: null });
      });
    }
  }
}

/** A child that blocks: on an empty queue to receive, on a full one to send. */
async function blocked(
  t: TestContext,
  family: Family,
  method: (typeof methods)[number],
  limit: string | number,
  handled: string[],
): Promise<Program> {
  const host = family.host(t);
  if (method === "sendSync") fill(host);
  const script = new URL("./blocked.child.js", import.meta.url);
  const child = nodeChild(t, script, [family.name, host.address, method, limit, ...handled]);
  assert.equal(await child.line(), "waiting");
  return child;
}

function fill(host: Host): void {
  const queue = host.open();
  while (queue.trySend("filler"));
  while (queue.trySend(""));
}

async function outcomeOf(child: Program): Promise<{ outcome: string | undefined; took: number }> {
  const [outcome, took] = (await child.line()).split(" ");
  return { outcome, took: Number(took) };
}
