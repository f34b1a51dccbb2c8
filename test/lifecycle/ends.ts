/** The ends of a process, and how a test watches one come to them. */
import assert from "node:assert/strict";
import { posixName, sysvKey, type TestScope } from "../helpers/names.js";
import { nodeChild, type Exit } from "../helpers/peers.js";
import { steps, type Family, type Stage } from "./steps.js";

const script = new URL("./steps.child.js", import.meta.url);

/** A child that takes so many milliseconds hangs. */
export const bound = 60_000;

export const families: readonly Family[] = ["posix", "sysv"];

/** The ways in which a process ends, and what its parent sees of them. */
export const endings: readonly { ending: string; called: string; expected: Exit }[] = [
  { ending: "natural", called: "a natural end", expected: { code: 0, signal: null } },
  { ending: "exit", called: "process.exit", expected: { code: 0, signal: null } },
  { ending: "throw", called: "an uncaught exception", expected: { code: 1, signal: null } },
  { ending: "SIGTERM", called: "SIGTERM", expected: { code: null, signal: "SIGTERM" } },
];

export function stepsOf(family: Family): string[] {
  return Object.keys(steps).filter((step) => steps[step]?.families.includes(family));
}

function stagesOf(t: TestScope, family: Family, of: readonly string[]): string {
  return JSON.stringify(of.map((step): Stage => ({ step, family, name: posixName(t), key: sysvKey(t) })));
}

/** Fails unless a child that came to the steps ends as it would without us. */
export async function assertProcessEnds(
  t: TestScope,
  family: Family,
  of: readonly string[],
  { ending, expected }: { ending: string; expected: Exit },
): Promise<void> {
  const program = nodeChild(t, script, ["main", ending, stagesOf(t, family, of)]);
  assert.equal(await program.line(), "reached");
  if (ending === "SIGTERM") program.child.kill("SIGTERM");
  assert.deepEqual(await program.exited, expected, program.stderr);
}

/** The same for each end of a worker, and for the end of its process; nothing may stay behind in the process. */
export async function assertWorkersEnd(t: TestScope, family: Family, of: readonly string[]): Promise<void> {
  const program = nodeChild(t, script, ["worker", "-", stagesOf(t, family, of)]);
  assert.deepEqual(await program.exited, { code: 0, signal: null }, program.stderr);
}
