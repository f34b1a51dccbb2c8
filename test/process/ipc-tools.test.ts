/** The system's own tools as oracles: what ipcs and lsipc show is what we report, what ipcmk makes and ipcrm removes too. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SysVQueue } from "hostmq";
import { sysvId, sysvKey } from "../helpers/names.js";
import { root, runToEnd, skipUnless } from "../helpers/peers.js";

const skip =
  skipUnless("ipcs", "ipcs", ["-V"]) || skipUnless("ipcmk", "ipcmk", ["-V"]) || skipUnless("ipcrm", "ipcrm", ["-V"]);
const skipLsipc = skip || skipUnless("lsipc", "lsipc", ["-V"]);

function output(command: string, ...args: (string | number)[]): string {
  const { status, stdout, stderr } = runToEnd(command, args, { env: { LC_ALL: "C", TZ: "UTC" } });
  assert.equal(status, 0, `${root} ${command}: ${stderr}`);
  return stdout;
}

const hex = (key: number): string => `0x${(key >>> 0).toString(16).padStart(8, "0")}`;

/** The row of `ipcs -q`: key, id, owner, permissions, bytes, messages. */
function ipcsRow(id: number): string[] | undefined {
  const rows = output("ipcs", "-q")
    .split("\n")
    .map((line) => line.trim().split(/\s+/u));
  return rows.find(([, number]) => number === String(id));
}

/** The `name=value` pairs of `ipcs -q -i`. */
function ipcsDetails(id: number): Record<string, string> {
  const pairs = output("ipcs", "-q", "-i", id).matchAll(/(\w+)=(\d+|\w{3} .*\d|Not set)/gu);
  return Object.fromEntries([...pairs].map(([, name = "", value = ""]) => [name, value]));
}

test("ipcs -q and list() show the same queue", { skip }, (t) => {
  const key = sysvKey(t);
  using queue = SysVQueue.create(key, { mode: 0o640 });
  queue.trySend("12345");
  queue.trySend("");
  const listed = SysVQueue.list().find(({ id }) => id === queue.id);
  assert.deepEqual(listed, queue.status());
  const [shownKey, , , mode, bytes, messages] = ipcsRow(queue.id) ?? [];
  assert.deepEqual([shownKey, mode, bytes, messages], [hex(key), "640", "5", "2"]);
  assert.deepEqual([listed.key, listed.mode, listed.bytes, listed.messages], [key, 0o640, 5, 2]);
});

test("ipcs -q -i and status() show the same fields", { skip }, (t) => {
  using queue = SysVQueue.create(sysvKey(t), { maxBytes: 1000 });
  const seconds = (time: Date | undefined): string =>
    time === undefined ? "Not set" : new Date(`${time.toISOString().slice(0, 19)}Z`).toUTCString();
  const shown = (text = ""): string => (text === "Not set" ? text : new Date(`${text} UTC`).toUTCString());
  const compare = (): void => {
    const status = queue.status();
    const details = ipcsDetails(queue.id);
    assert.deepEqual(
      {
        ...{ uid: status.uid, gid: status.gid, cuid: status.creatorUid, cgid: status.creatorGid },
        ...{ cbytes: status.bytes, qbytes: status.maxBytes, qnum: status.messages },
        ...{ lspid: status.lastSenderPid ?? 0, lrpid: status.lastReceiverPid ?? 0 },
      },
      Object.fromEntries(
        "uid gid cuid cgid cbytes qbytes qnum lspid lrpid".split(" ").map((name) => [name, Number(details[name])]),
      ),
    );
    assert.equal(status.mode, Number.parseInt(details.mode ?? "", 8));
    assert.deepEqual(
      [status.lastSentAt, status.lastReceivedAt, status.changedAt].map(seconds),
      [details.send_time, details.rcv_time, details.change_time].map(shown),
    );
  };
  compare();
  queue.trySend("12345");
  queue.trySend("678");
  compare();
  queue.tryReceive();
  queue.configure({ mode: 0o606, maxBytes: 900 });
  compare();
});

test("lsipc -q shows the same queue", { skip: skipLsipc }, (t) => {
  const key = sysvKey(t);
  using queue = SysVQueue.create(key);
  queue.trySend("123456");
  const { messages } = JSON.parse(output("lsipc", "-q", "-J", "-b")) as { messages: Record<string, string>[] };
  const row = new Map(Object.entries(messages.find(({ id }) => Number(id) === queue.id) ?? {}));
  assert.deepEqual(
    ["key", "perms", "usedbytes", "msgs", "lspid"].map((name) => row.get(name)),
    [hex(key), "rw-------", "6", "1", String(process.pid)],
  );
});

test("a queue that ipcmk made is opened, used and removed", { skip }, (t) => {
  const id = sysvId(t, Number(/id: (\d+)/u.exec(output("ipcmk", "-Q", "-p", "0640"))?.[1]));
  using queue = SysVQueue.fromId(id);
  assert.equal(queue.status().mode, 0o640);
  assert.equal(hex(queue.key ?? 0), ipcsRow(id)?.[0]);
  queue.trySend("x", { type: 3 });
  using again = SysVQueue.open(queue.key ?? 0);
  assert.deepEqual(again.tryReceive(), { body: Buffer.from("x"), type: 3 });
  queue.remove();
  assert.equal(ipcsRow(id), undefined);
});

for (const how of ["-q", "-Q"] as const) {
  test(`ipcrm ${how} ends a receive that waits with QueueRemovedError`, { skip }, async (t) => {
    const key = sysvKey(t);
    using queue = SysVQueue.create(key);
    const waiting = assert.rejects(queue.receive(), { name: "QueueRemovedError", code: "EIDRM" });
    output("ipcrm", how, how === "-q" ? queue.id : key);
    await waiting;
    assert.throws(() => queue.status(), { name: "QueueRemovedError", code: "EIDRM" });
    assert.equal(
      SysVQueue.list().find(({ id }) => id === queue.id),
      undefined,
    );
  });
}
