import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";

/** Milliseconds after which a call that has not settled is taken to wait; too little only makes a test see less. */
const patience = 60;

/** Sees that the call waits. */
export async function assertWaits(call: Promise<unknown>): Promise<void> {
  const settled = call.then(
    () => "settled",
    () => "settled",
  );
  assert.equal(await Promise.race([settled, delay(patience, "waits")]), "waits");
}

/** The result of the promises in the order in which they settle. */
export async function inOrderOfSettling<T>(calls: Promise<T>[]): Promise<T[]> {
  const settled: T[] = [];
  await Promise.all(
    calls.map(async (call) => {
      settled.push(await call);
    }),
  );
  return settled;
}
