import { constants } from "node:os";
import { failure } from "./errors/failure.js";
import { native } from "./native.js";

/** poll(2)'s bits. */
export const readableEvent = 1;
export const writableEvent = 4;

/** Told that what it waits for may be there; `events` are poll's bits. */
export type ReadinessListener = (events: number) => void;

/** A report under this token concerns all: what waited for them has failed. */
const everyToken = 0;

const listeners = new Map<number, ReadinessListener>();
let nextToken = 0;
let keepers = 0;

/** Gives the token under which the addon's waiting threads report to the listener. */
export function listen(listener: ReadinessListener): number {
  if (nextToken === 0) openChannel();
  const token = nextToken++;
  listeners.set(token, listener);
  return token;
}

/** Reports under this token that are still on their way are ignored. */
export function ignore(token: number): void {
  listeners.delete(token);
}

/** Keeps the process alive until as many `letGo` calls. */
export function keepAlive(): void {
  if (keepers === 0) {
    if (nextToken === 0) openChannel();
    native.refChannel();
  }
  keepers++;
}

export function letGo(): void {
  if (--keepers === 0) native.unrefChannel();
}

function openChannel(): void {
  const result = native.openChannel((token, events) => {
    if (token !== everyToken) listeners.get(token)?.(events);
    else for (const listener of [...listeners.values()]) listener(events);
  });
  if (result < 0) throw failure("pthread_create", constants.errno.ENOMEM, {});
  nextToken = everyToken + 1;
}
