/**
 * Names and keys that no other test, file or run uses, and that are gone after the test whatever happened in it.
 *
 * What is handed out is also written to the ledger of the run, from which `scripts/leftovers` knows what is ours.
 */
import { randomBytes, randomInt } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { IPC_RMID, mq_unlink, msgctl, msgget } from "hostmq/sys";

/** What registers a clean-up: a test's context, or `{ after }` from node:test inside a suite. */
export interface Scope {
  after: (cleanup: () => void | Promise<void>) => void;
}

/** Accepts the context that a test function gets. */
export type TestScope = Scope | TestContext;

const run = process.env.HOSTMQ_TEST_RUN ?? "alone";
const keyPrefix = 0x68; // 'h'
let counter = 0;

/** A queue name of its own: `/hostmq-test-<run>-<pid>-<counter>-<random>`. Prefer {@link posixName}. */
export function uniqueName(): string {
  counter += 1;
  return `/hostmq-test-${run}-${process.pid}-${counter}-${randomBytes(3).toString("hex")}`;
}

/** A System V key of its own: positive, 31 bits, the first byte 'h'. Prefer {@link sysvKey}. */
export function uniqueKey(): number {
  const taken = keysInUse();
  let key: number;
  do {
    key = keyPrefix * 2 ** 24 + randomInt(2 ** 24);
  } while (taken.has(key));
  record("keys", key);
  return key;
}

/** A queue name that is unlinked after the test. */
export function posixName(t: TestScope): string {
  const name = uniqueName();
  t.after(() => {
    ignoring(["ENOENT"], () => {
      mq_unlink(name);
    });
  });
  return name;
}

/** A System V key whose queue is removed after the test. */
export function sysvKey(t: TestScope): number {
  const key = uniqueKey();
  t.after(() => {
    ignoring(["ENOENT", "EIDRM", "EINVAL"], () => {
      msgctl(msgget(key, 0), IPC_RMID);
    });
  });
  return key;
}

/** Has a queue without a usable key, for instance a private one, removed after the test. Gives the id back. */
export function sysvId(t: TestScope, id: number): number {
  record("ids", id);
  t.after(() => {
    ignoring(["EIDRM", "EINVAL"], () => {
      msgctl(id, IPC_RMID);
    });
  });
  return id;
}

function record(list: "keys" | "ids", value: number): void {
  const ledger = process.env.HOSTMQ_TEST_LEDGER;
  if (ledger !== undefined) {
    ignoring(["EACCES"], () => {
      appendFileSync(join(ledger, list), `${value}\n`);
    });
  }
}

function keysInUse(): Set<number> {
  let table = "";
  ignoring(["ENOENT"], () => {
    table = readFileSync("/proc/sysvipc/msg", "utf8");
  });
  return new Set(table.split("\n").map((line) => Number.parseInt(line, 10)));
}

function ignoring(codes: string[], action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!codes.includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}
