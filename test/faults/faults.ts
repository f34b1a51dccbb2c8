/**
 * Makes the addon's calls into the system fail or take their time, in the process that asks for it: the other side of
 * `test/c/preload/faults.c`. Only calls of the addon are hit, whatever the runtime does meanwhile.
 */
import assert from "node:assert/strict";
import { mkdtempSync, openSync, readSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { root, runToEnd } from "../helpers/peers.js";

/** What happens to which calls. */
export interface Rule {
  /** A function of libc, or the name of the system call where the addon makes that. */
  readonly call: string;
  /** The errno's name; absent: the call is only delayed. */
  readonly error?: string | undefined;
  /** The call is carried out, and fails or is delayed afterwards. */
  readonly afterwards?: boolean;
  /** Milliseconds by which it is late; of pthread_create: the new thread. */
  readonly delay?: number;
  /** So many calls pass before the first that is hit (default 0). */
  readonly after?: number;
  /** Of those that follow each so many-th is hit (default 1: each). */
  readonly every?: number;
  /** So many are hit (default 1); `Infinity`: no end. */
  readonly times?: number;
}

const ruleSize = 64;
const mostRules = 8;
const nameSize = 24;
const hitsOffset = nameSize + 8 * 4;
const ownRules = process.env.HOSTMQ_FAULTS;
const file = ownRules === undefined ? -1 : openSync(ownRules, "r+");

/** These rules hold from now on, and no other. */
export function inject(...rules: Rule[]): void {
  clear();
  const bytes = encoded(rules);
  writeSync(file, bytes, 0, bytes.length, 0);
}

function encoded(rules: readonly Rule[]): Buffer {
  assert.ok(rules.length <= mostRules);
  const bytes = Buffer.alloc(ruleSize * mostRules);
  for (const [index, rule] of rules.entries()) {
    const { call, error, afterwards = false, delay = 0, after = 0, every = 1, times = 1 } = rule;
    const errno = error === undefined ? 0 : (constants.errno as Record<string, number>)[error];
    assert.ok(errno !== undefined, error);
    bytes.write(call, index * ruleSize);
    const flags = afterwards ? 1 : 0;
    const fields = [1, errno, flags, delay * 1000, after, every, times === Infinity ? -1 : times];
    for (const [place, field] of fields.entries()) bytes.writeInt32LE(field, index * ruleSize + nameSize + place * 4);
  }
  return bytes;
}

/** Every call goes through again. */
export function clear(): void {
  writeSync(file, encoded([]), 0, ruleSize * mostRules, 0);
}

/** How many calls the rule has hit so far. */
export function hits(rule = 0): number {
  const bytes = Buffer.alloc(4);
  readSync(file, bytes, 0, 4, rule * ruleSize + hitsOffset);
  return bytes.readInt32LE();
}

/** Where the library can be used, false; else the reason, for the `skip` option of a test. */
export const noFaults: string | false = process.platform === "linux" ? false : "the library is for Linux";

/** The environment in which a program is started whose calls fail by these rules, and by those that it injects. */
export function faultyEnvironment(folder: string, rules: readonly Rule[] = []): NodeJS.ProcessEnv {
  const path = join(folder, "rules");
  writeFileSync(path, encoded(rules));
  return { HOSTMQ_FAULTS: path, LD_PRELOAD: join(root, "build/peers/preload/faults.so") };
}

/**
 * A suite of tests that inject: this test file is run again with the library, and there only `body` counts. A file holds one
 * such suite and nothing else. Give `import.meta.url` as `suite`. A hang ends after `timeout` milliseconds.
 */
export function describeWithFaults(name: string, suite: string, body: () => void, timeout = 120_000): void {
  if (ownRules !== undefined) {
    describe(name, body);
    return;
  }
  test(`${name} (with injected faults)`, { skip: noFaults }, (t) => {
    const folder = mkdtempSync(join(tmpdir(), "faults-"));
    t.after(() => {
      rmSync(folder, { recursive: true });
    });
    const env = faultyEnvironment(folder);
    const { status, signal, stdout, stderr } = runToEnd(process.execPath, ["--expose-gc", fileURLToPath(suite)], {
      env,
      timeout,
    });
    assert.equal(signal ?? status, 0, `${stdout}\n${stderr}`);
    const passed = Number(/^# pass (\d+)/mu.exec(stdout)?.[1] ?? /ℹ pass (\d+)/u.exec(stdout)?.[1] ?? 0);
    assert.ok(passed > 0, stdout);
    t.diagnostic(`${name}: ${passed} tests passed inside`);
  });
}
