/** Moments at which a race is decided, from at once to a millisecond later. */
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";

/** Lets the other side run while this thread does nothing for JavaScript: what happens now is found later. */
export function spin(microseconds: number): void {
  const end = performance.now() + microseconds / 1000;
  while (performance.now() < end);
}

const moments: (() => void | Promise<void>)[] = [
  () => undefined,
  () => Promise.resolve(),
  () => {
    spin(Math.random() * 150);
  },
  async () => {
    await nextTurn();
    spin(Math.random() * 150);
  },
  () => nextTurn(),
  () => sleep(1),
];

/** Another moment each time. */
export async function someMoment(): Promise<void> {
  await moments[Math.floor(Math.random() * moments.length)]?.();
}
