/** `ls` and `stat` say what the kernel says, for two hundred queues of both families. */
import assert from "node:assert/strict";
import { readFileSync, readSync } from "node:fs";
import { after, test } from "node:test";
import { PosixQueue, SysVQueue } from "hostmq";
import { hostmq } from "../helpers/cli.js";
import { uniqueKey, uniqueName } from "../helpers/names.js";
import { runToEnd, skipUnless } from "../helpers/peers.js";
import { describeInPrivateNamespace } from "../helpers/private-namespace.js";

const each = 100;

type Facts = Record<string, string | number | undefined>;

describeInPrivateNamespace("two hundred queues", import.meta.url, {}, () => {
  const posix = Array.from({ length: each }, (_, index) => {
    const queue = PosixQueue.create(uniqueName(), {
      maxMessages: 3,
      maxMessageSize: 16,
      mode: index % 2 === 0 ? 0o600 : 0o640,
    });
    for (let sent = 0; sent < index % 4; sent++) queue.trySend("x".repeat(index % 17));
    return queue;
  });
  const sysv = Array.from({ length: each }, (_, index) => {
    const queue =
      index % 10 === 0 ? SysVQueue.createPrivate() : SysVQueue.create(uniqueKey(), { mode: 0o600 + (index % 8) });
    for (let sent = 0; sent < index % 5; sent++) queue.trySend("x".repeat(index), { type: index + 1 });
    if (index % 3 === 0) queue.tryReceive();
    return queue;
  });
  after(() => {
    for (const queue of posix) PosixQueue.unlink(queue.name);
    for (const queue of sysv) queue.remove();
  });
  const listed = JSON.parse(hostmq(["ls", "--json"]).stdout) as Facts[];

  test("/proc/sysvipc/msg has the same System V queues", () => {
    const rows = readFileSync("/proc/sysvipc/msg", "utf8").trim().split("\n").slice(1);
    const expected = rows.map((row) => {
      const [key, id, mode, bytes, messages, sender, receiver, uid, gid, , , sent, received, changed] = row
        .trim()
        .split(/\s+/u)
        .map(Number);
      // The file writes the mode in octal digits.
      return {
        key,
        id,
        mode: parseInt(String(mode), 8),
        bytes,
        messages,
        sender,
        receiver,
        uid,
        gid,
        sent,
        received,
        changed,
      };
    });
    const seconds = (time: string | number | undefined): number =>
      time === undefined ? 0 : Date.parse(String(time)) / 1000;
    const found = listed
      .filter(({ kind }) => kind === "sysv")
      .map(({ key, id, mode, bytes, messages, uid, gid, ...rest }) => {
        const times = {
          sent: seconds(rest.lastSentAt),
          received: seconds(rest.lastReceivedAt),
          changed: seconds(rest.changedAt),
        };
        return {
          key,
          id,
          mode,
          bytes,
          messages,
          sender: rest.lastSenderPid ?? 0,
          receiver: rest.lastReceiverPid ?? 0,
          uid,
          gid,
          ...times,
        };
      });
    const byId = (a: { id?: unknown }, b: { id?: unknown }): number => Number(a.id) - Number(b.id);
    assert.equal(found.length, each);
    assert.deepEqual(found.sort(byId), expected.sort(byId));
  });

  test("ipcs -q has the same System V queues", { skip: skipUnless("ipcs", "ipcs", ["-q"]) }, () => {
    const rows = runToEnd("ipcs", ["-q"])
      .stdout.split("\n")
      .filter((line) => line.startsWith("0x"));
    const expected = rows.map((row) => {
      const [key, id, , mode, bytes, messages] = row.trim().split(/\s+/u);
      return `${key ?? ""} ${id ?? ""} ${mode ?? ""} ${bytes ?? ""} ${messages ?? ""}`;
    });
    const found = listed
      .filter(({ kind }) => kind === "sysv")
      .map(
        ({ key, id, mode, bytes, messages }) =>
          `0x${(Number(key) >>> 0).toString(16).padStart(8, "0")} ${id ?? ""} ${Number(mode).toString(8)} ${bytes ?? ""} ${messages ?? ""}`,
      );
    assert.deepEqual(found.sort(), expected.sort());
  });

  test("the descriptors' own lines and attributes have the same POSIX queues", () => {
    const expected = posix.map((queue) => {
      const buffer = Buffer.alloc(128);
      const line = buffer.toString("latin1", 0, readSync(queue.descriptor, buffer, 0, 128, 0));
      const { currentMessages: messages, maxMessages, maxMessageSize } = queue.attributes();
      return {
        name: queue.name,
        bytes: Number(/^QSIZE:(\d+)/u.exec(line)?.[1]),
        messages,
        maxMessages,
        maxMessageSize,
      };
    });
    const facts = ({ name, bytes, messages, maxMessages, maxMessageSize }: Facts): Facts => ({
      name,
      bytes,
      messages,
      maxMessages,
      maxMessageSize,
    });
    const found = listed.filter(({ kind }) => kind === "posix").map(facts);
    const byName = (a: Facts, b: Facts): number => (String(a.name) < String(b.name) ? -1 : 1);
    assert.deepEqual(found.sort(byName), expected.sort(byName));
    const stat = JSON.parse(hostmq(["stat", "--json", ...posix.map(({ name }) => name)]).stdout) as Facts[];
    assert.deepEqual(stat.map(facts).sort(byName), expected);
  });

  test("stat says of each System V queue what ls says", () => {
    const stat = JSON.parse(hostmq(["stat", "--json", ...sysv.map(({ id }) => `id:${id}`)]).stdout) as Facts[];
    assert.equal(stat.length, each);
    for (const one of stat)
      assert.deepEqual(
        one,
        listed.find(({ id }) => id === one.id),
      );
  });
});
