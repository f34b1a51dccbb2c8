/** msgctl and ftok against C's own answers at the same moment. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { type TestContext, test } from "node:test";
import {
  ftok,
  IPC_CREAT,
  IPC_EXCL,
  IPC_INFO,
  IPC_PRIVATE,
  IPC_RMID,
  IPC_SET,
  IPC_STAT,
  MSG_INFO,
  MSG_STAT,
  MSG_STAT_ANY,
  msgctl,
  msgget,
  msgrcv,
  msgsnd,
  type MsqidDs,
} from "hostmq/sys";
import { sysvId, sysvKey } from "../helpers/names.js";
import { peer, root, runToEnd } from "../helpers/peers.js";

const control = join(root, "build/peers/sysv_control");

function inC(...args: (string | number)[]): Record<string, number> {
  const { status, stdout, stderr } = runToEnd(control, args);
  assert.equal(status, 0, stdout + stderr);
  return Object.fromEntries(
    stdout
      .trim()
      .split("\n")
      .map((line) => line.split(" "))
      .map(([name = "", value]) => [name, Number(value)]),
  );
}

function flat({ msg_perm, ...status }: MsqidDs): Record<string, number> {
  return { ...msg_perm, ...status };
}

/** A queue with a message in it and one that was taken, so that every field has something to say. */
function usedQueue(t: TestContext): { id: number; key: number } {
  const key = sysvKey(t);
  const id = msgget(key, IPC_CREAT | IPC_EXCL | 0o640);
  msgsnd(id, "first", 1);
  msgsnd(id, "second", 2);
  msgrcv(id, Buffer.alloc(16));
  return { id, key };
}

/** The kernel's index of a queue: the highest in use bounds the search. */
function indexOf(id: number): number {
  const { index: last } = msgctl(0, IPC_INFO);
  for (let index = 0; index <= last; index++) {
    try {
      if (msgctl(index, MSG_STAT_ANY).id === id) return index;
    } catch {
      // A gap in the table, or a queue that went away meanwhile.
    }
  }
  throw new Error(`no index has the id ${id}`);
}

test("IPC_STAT gives every field as C does", (t) => {
  const { id, key } = usedQueue(t);
  const { result, ...expected } = inC("IPC_STAT", id);
  assert.equal(result, 0);
  const status = msgctl(id, IPC_STAT);
  assert.deepEqual(flat(status), expected);
  assert.deepEqual(
    [status.msg_perm.__key, status.msg_perm.mode, status.msg_qnum, status.msg_cbytes, status.msg_lspid],
    [key, 0o640, 1, 6, process.pid],
  );
  assert.ok(Math.abs(status.msg_stime - Date.now() / 1000) < 60);
});

test("MSG_STAT and MSG_STAT_ANY take an index and give the id beside the fields", (t) => {
  const { id } = usedQueue(t);
  const index = indexOf(id);
  for (const [name, command] of [
    ["MSG_STAT", MSG_STAT],
    ["MSG_STAT_ANY", MSG_STAT_ANY],
  ] as const) {
    const { result, ...expected } = inC(name, index);
    const { id: found, ...status } = msgctl(index, command);
    assert.equal(found, id);
    assert.equal(result, id);
    assert.deepEqual(flat(status), expected);
  }
});

test("IPC_INFO gives the limits as C does, and an index", () => {
  const { result, ...expected } = inC("IPC_INFO", 0);
  const { index, ...info } = msgctl(0, IPC_INFO);
  assert.deepEqual(info, expected);
  // Other programs make and remove queues at the same time.
  assert.ok(index >= 0 && (result ?? -1) >= 0);
});

test("MSG_INFO counts what is in use, also what this test adds", (t) => {
  const { id } = usedQueue(t);
  const { index, msgpool, msgmap, msgtql } = msgctl(0, MSG_INFO);
  assert.ok(msgpool >= 1 && msgmap >= 1 && msgtql >= 6 && index >= indexOf(id));
  assert.deepEqual(
    Object.keys(msgctl(0, MSG_INFO)).sort(),
    [...Object.keys(inC("MSG_INFO", 0)), "index"].filter((name) => name !== "result").sort(),
  );
});

test("IPC_SET changes what is given and leaves the rest", (t) => {
  const { id } = usedQueue(t);
  const before = msgctl(id, IPC_STAT);
  const unchanged = (fields: Record<string, number>): Record<string, number> => ({ ...fields, msg_ctime: 0 });

  msgctl(id, IPC_SET, { msg_qbytes: 100 });
  assert.deepEqual(unchanged(inC("IPC_STAT", id)), { ...unchanged(flat(before)), result: 0, msg_qbytes: 100 });
  msgctl(id, IPC_SET, { msg_perm: { mode: 0o604 } });
  assert.deepEqual(unchanged(inC("IPC_STAT", id)), {
    ...unchanged(flat(before)),
    result: 0,
    msg_qbytes: 100,
    mode: 0o604,
  });
  msgctl(id, IPC_SET, {});
  assert.equal(msgctl(id, IPC_STAT).msg_qbytes, 100);
});

test("IPC_SET gives the queue away", { skip: process.getuid?.() !== 0 && "only root may" }, (t) => {
  const { id } = usedQueue(t);
  msgctl(id, IPC_SET, { msg_perm: { uid: 65534, gid: 12 } });
  const { uid, gid, cuid, cgid } = inC("IPC_STAT", id);
  assert.deepEqual([uid, gid, cuid, cgid], [65534, 12, process.getuid?.(), process.getgid?.()]);
});

test("IPC_RMID removes the queue, for C too", async (t) => {
  const { id } = usedQueue(t);
  const waiting = peer(t, "sysv_receive", ["-t", 9, `id:${id}`, 1]);
  assert.equal(await waiting.line(), "open");
  msgctl(id, IPC_RMID);
  assert.match(await waiting.line(), /^error msgrcv \d+ /u);
  assert.equal(runToEnd(control, ["IPC_STAT", id]).status, 1);
  assert.throws(() => msgctl(id, IPC_STAT), { code: "EINVAL", syscall: "msgctl" });
});

test("another command, or one without its structure, is refused before the call", (t) => {
  const id = sysvId(t, msgget(IPC_PRIVATE, 0o600));
  assert.throws(() => msgctl(id, 99 as typeof IPC_STAT), TypeError);
  assert.throws(() => {
    msgctl(id, IPC_SET, undefined as never);
  }, TypeError);
});

test("IPC_CREAT, IPC_EXCL and IPC_PRIVATE do as in C", (t) => {
  const key = sysvKey(t);
  assert.throws(() => msgget(key, 0o600), { code: "ENOENT" });
  const id = msgget(key, IPC_CREAT | 0o600);
  assert.equal(msgget(key, IPC_CREAT | 0o600), id);
  assert.throws(() => msgget(key, IPC_CREAT | IPC_EXCL | 0o600), { code: "EEXIST" });
  const [one, other] = [msgget(IPC_PRIVATE, 0o600), msgget(IPC_PRIVATE, 0o600)];
  sysvId(t, one);
  sysvId(t, other);
  assert.notEqual(one, other);
});

test("ftok is C's, sign included", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "hostmq-ftok-"));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  const file = join(folder, "file");
  writeFileSync(file, "");
  for (const path of [folder, file, "/", "/proc"]) {
    for (const project of [1, 0x7f, 0x80, 0xff, 0x101]) {
      assert.equal(ftok(path, project), inC("ftok", path, project).result, `${path} ${project}`);
    }
  }
  assert.ok(ftok(file, 0xff) < 0);
  assert.throws(() => ftok(join(folder, "nothing"), 1), { code: "ENOENT", syscall: "ftok" });
});
