import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { listPosixQueues, parseMqueueMounts, parseQueueLine } from "#hostmq/posix/listing";
import { failure } from "#hostmq/errors/failure";

// Another program holds the queue: what the listing tells must come from the kernel, not from this process.
const holder = `
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
class Attributes(ctypes.Structure):
    _fields_ = [(field, ctypes.c_long) for field in ("flags", "maxmsg", "msgsize", "curmsgs", "a", "b", "c", "d")]
name = sys.argv[1].encode()
os.umask(0)
queue = libc.mq_open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o640, ctypes.byref(Attributes(0, 2, 16)))
if queue < 0: sys.exit(os.strerror(ctypes.get_errno()))
libc.mq_send(queue, b"abc", 3, 0)
if len(sys.argv) > 2: libc.mq_unlink(name)
print("ready", flush=True)
sys.stdin.read()
libc.mq_unlink(name)
`;

const python = spawnSync("python3", ["-c", "import ctypes"]).status === 0;
const skip = (process.platform !== "linux" || !python) && "needs Linux and python3";
let serial = 0;

/** Runs with a queue that another process holds open, and lets that process remove it. */
async function withHeldQueue(run: (name: string) => void, ...options: string[]): Promise<void> {
  const name = `/hostmq-listing-${process.pid}-${++serial}`;
  const child = spawn("python3", ["-c", holder, name, ...options], { stdio: ["pipe", "pipe", "inherit"] });
  try {
    const ready = await Promise.race([once(child.stdout, "data"), once(child, "exit")]);
    assert.match(String(ready[0]), /ready/);
    run(name);
  } finally {
    child.stdin.end();
    if (child.exitCode === null) await once(child, "exit");
  }
}

test("a queue that another process holds open is listed", { skip }, async () => {
  await withHeldQueue((name) => {
    const queue = listPosixQueues().find((candidate) => candidate.name === name);
    assert.deepEqual(queue, { name, bytes: 3, mode: 0o640, uid: process.geteuid?.(), gid: process.getegid?.() });
  });
});

test("a queue that is unlinked and still open is not listed", { skip }, async () => {
  await withHeldQueue((name) => {
    assert.ok(!listPosixQueues().some((queue) => queue.name.startsWith(name)));
  }, "unlinked");
});

test("attributes are asked on a descriptor of the queue, and what throws is left out", { skip }, async () => {
  await withHeldQueue((name) => {
    const find = (...parameters: Parameters<typeof listPosixQueues>) =>
      listPosixQueues(...parameters).find((queue) => queue.name === name);
    const asked = find((descriptor) => {
      assert.ok(descriptor > 2);
      return { maxMessages: 2, maxMessageSize: 16, currentMessages: 1 };
    });
    assert.equal(asked?.messages, 1);
    assert.equal(asked.maxMessages, 2);
    const silent = find(() => {
      throw new Error("no");
    });
    assert.equal(silent?.bytes, 3);
    assert.equal(silent.messages, undefined);
  });
});

test("ENOENT offers the nearest name, and EACCES tells owner and mode", { skip }, async () => {
  await withHeldQueue((name) => {
    assert.ok(failure("mq_open", 2, { name: `${name}x` }).message.includes(`Did you mean ${JSON.stringify(name)}?`));
    const denied = failure("mq_open", 13, { name, access: "read" }).message;
    assert.ok(
      denied.includes(`it belongs to user ${process.geteuid?.()}, group ${process.getegid?.()}, with mode 0640`),
      denied,
    );
  });
});

test("EMFILE counts the bytes in use when it can ask for attributes", { skip }, async () => {
  await withHeldQueue(() => {
    const attributesOf = () => ({ maxMessages: 2, maxMessageSize: 16, currentMessages: 1 });
    const { message } = failure("mq_open", 24, {
      name: "/jobs",
      oflag: 0o102,
      maxMessages: 1,
      maxMessageSize: 1,
      attributesOf,
    });
    assert.match(message, /\d+ are in use by the \d+ queues? that can be seen/);
  });
});

test("a FIFO that a process holds open neither blocks nor shows", { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), "hostmq-fifo-"));
  execFileSync("mkfifo", [join(folder, "fifo")]);
  const descriptor = openSync(join(folder, "fifo"), "r+");
  try {
    assert.ok(!listPosixQueues().some(({ name }) => name.includes("fifo")));
  } finally {
    closeSync(descriptor);
    rmSync(folder, { recursive: true });
  }
});

const script = `
  import { mkdirSync } from "node:fs";
  import { execFileSync } from "node:child_process";
  const { listPosixQueues, mqueueMount } = await import(process.argv[1]);
  execFileSync("mount", ["-t", "mqueue", "none", process.argv[2]]);
  execFileSync("python3", ["-c", process.argv[3], "/left"], { stdio: ["pipe", "ignore", "inherit"], input: "" });
  console.log(JSON.stringify([mqueueMount(), listPosixQueues()]));
`;

test("a mounted mqueue filesystem is found at any mount point", { skip }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), "hostmq mount-"));
  try {
    const built = fileURLToPath(import.meta.resolve("#hostmq/posix/listing"));
    const stays = holder.replace(/libc\.mq_unlink\(name\)\n$/, "");
    const child = spawnSync(
      "unshare",
      ["--ipc", "--mount", process.execPath, "--input-type=module", "-e", script, built, folder, stays],
      { encoding: "utf8" },
    );
    if (/not permitted/i.test(child.stderr)) {
      t.skip("may not unshare");
      return;
    }
    const [mount, queues] = JSON.parse(child.stdout) as [string, { name: string; bytes: number }[]];
    assert.equal(mount, folder);
    assert.deepEqual(
      queues.map(({ name, bytes }) => ({ name, bytes })),
      [{ name: "/left", bytes: 3 }],
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the status line is read, and nothing else is taken for one", () => {
  assert.deepEqual(parseQueueLine("QSIZE:129        NOTIFY:0     SIGNO:0     NOTIFY_PID:0     \n"), { bytes: 129 });
  assert.deepEqual(parseQueueLine("QSIZE:0 NOTIFY:1 SIGNO:10 NOTIFY_PID:8260\n"), {
    bytes: 0,
    notifyPid: 8260,
    notify: 1,
    signal: 10,
  });
  assert.equal(parseQueueLine(" QSIZE:1"), undefined);
  assert.equal(parseQueueLine(""), undefined);
});

test("mount points are unescaped, and only whole mqueue filesystems count", () => {
  const text = [
    "24 1 0:21 / /proc rw - proc proc rw",
    "64 43 0:39 / /tmp/a\\040b rw,relatime shared:5 - mqueue none rw",
    "65 43 0:40 /one /mnt rw - mqueue none rw",
  ].join("\n");
  assert.deepEqual(parseMqueueMounts(text), [{ device: "0:39", point: "/tmp/a b" }]);
});
