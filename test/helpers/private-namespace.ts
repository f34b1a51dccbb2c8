/**
 * Runs tests where the limits can be set: in an IPC namespace of their own, which takes its queues with it when it ends.
 */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Outcome, runToEnd } from "./peers.js";

/** What the namespace is like. */
export interface NamespaceOptions {
  /** For instance `{ "fs.mqueue.msg_max": 100 }`. `kernel.msgmax`, `msgmnb` and `msgmni` belong to the namespace too. */
  readonly sysctls?: Readonly<Record<string, number>>;
  /** Resource limits: bytes of POSIX queues (`RLIMIT_MSGQUEUE`) and number of descriptors. */
  readonly limits?: { readonly msgqueue?: number; readonly nofile?: number };
  /** Mounts the mqueue filesystem; the folder is in `HOSTMQ_TEST_MQUEUE` inside. */
  readonly mount?: boolean;
  /** Runs as this user. Only where we are root. */
  readonly uid?: number;
  /** Milliseconds until it is killed (default: two minutes). */
  readonly timeout?: number;
  /** Added to the environment. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Not what scripts/run-tests sets: its namespace holds the whole run and has default limits. */
const inside = "HOSTMQ_TEST_OWN_LIMITS";
const isRoot = process.getuid?.() === 0;
const unshare = ["--ipc", "--mount", ...(isRoot ? [] : ["--user", "--map-root-user"])];
let impossible: string | false | undefined;

/** False where private namespaces work, else the reason, for the `skip` option of a test. */
export function noPrivateNamespace(): string | false {
  if (impossible === undefined) {
    const { status, stderr } = runToEnd("unshare", [...unshare, "sh", "-c", "echo 10 >/proc/sys/fs/mqueue/msg_max"]);
    impossible = status === 0 ? false : `no private IPC namespace here: ${stderr.trim() || "unshare failed"}`;
  }
  return impossible;
}

/** Runs a compiled script with Node in a new namespace, to its end. */
export function runInPrivateNamespace(
  script: URL | string,
  options: NamespaceOptions = {},
  args: string[] = [],
): Outcome {
  const { sysctls = {}, limits = {}, uid, env } = options;
  const folder = options.mount ? mkdtempSync(join(tmpdir(), "mqueue-")) : undefined;
  const steps = Object.entries(sysctls).map(([name, value]) => {
    return `echo ${value} >/proc/sys/${name.replaceAll(".", "/")}`;
  });
  if (folder !== undefined) steps.push(`mount -t mqueue none '${folder}'`);
  const command = [
    ...limit("msgqueue", limits.msgqueue),
    ...limit("nofile", limits.nofile),
    ...(uid === undefined ? [] : ["setpriv", `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups"]),
    process.execPath,
    script instanceof URL ? fileURLToPath(script) : script,
    ...args,
  ];
  try {
    return runToEnd("unshare", [...unshare, "sh", "-ec", [...steps, 'exec "$@"'].join("\n"), "sh", ...command], {
      ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
      env: { ...env, [inside]: "1", ...(folder === undefined ? {} : { HOSTMQ_TEST_MQUEUE: folder }) },
    });
  } finally {
    if (folder !== undefined && existsSync(folder)) rmSync(folder, { recursive: true });
  }
}

/**
 * A suite that runs in a private namespace: this test file is run again in one, and there only `body` counts. A file
 * holds either one such suite or ordinary tests. Give `import.meta.url` as `file`.
 *
 * @example
 * describeInPrivateNamespace("a deep queue", import.meta.url, { sysctls: { "fs.mqueue.msg_max": 1000 } }, () => {
 *   test("takes 1000 messages", …);
 * });
 */
export function describeInPrivateNamespace(
  name: string,
  file: string,
  options: NamespaceOptions,
  body: () => void,
): void {
  if (process.env[inside] !== undefined) {
    describe(name, body);
    return;
  }
  test(`${name} (in a private IPC namespace)`, { skip: noPrivateNamespace() }, (t) => {
    const { status, signal, stdout, stderr } = runInPrivateNamespace(new URL(file), options);
    assert.equal(signal ?? status, 0, `${stdout}\n${stderr}`);
    t.diagnostic(`${name}: ${/^(?:#|ℹ) pass (\d+)/mu.exec(stdout)?.[1] ?? "?"} tests passed inside`);
  });
}

function limit(name: string, value: number | undefined): string[] {
  return value === undefined ? [] : ["prlimit", `--${name}=${value}`];
}
