/** What errors say on systems other than Linux, asked of the table with the host as a parameter. */
import assert from "node:assert/strict";
import { constants } from "node:os";
import test from "node:test";
import type { CallDetails } from "#hostmq/errors/failure";
import { checkListable } from "#hostmq/errors/failure";
import { errorTable, explain, findRow } from "#hostmq/errors/table";
import { MSG_COPY, MSG_EXCEPT } from "#hostmq/msg-constants";
import { idIsKnown } from "#hostmq/sysv/status";
import { QueueError, SysVQueue } from "hostmq";
import { sysvKey } from "../helpers/names.js";

const hosts = ["macos", "freebsd", "netbsd", "openbsd"] as const;
/** What exists on Linux alone: nobody can do anything with advice that names it. */
const linuxOnly =
  /\/proc|\/dev\/mqueue|kernel\.|fs\.mqueue|fs\.file|docker|container|systemd|CAP_SYS|RLIMIT_MSGQUEUE|ulimit -q|IPC namespace|seccomp|CONFIG_/;

/** Calls that other systems are not asked for: native/unix does without. */
const linuxCalls = ["epoll_create1", "eventfd", "epoll_ctl", "epoll_wait", "timer_create", "timer_settime", "socket"];

function details(call: string): CallDetails {
  const common = { length: 9_000_000, room: 5, maxMessageSize: 16, maxBytes: 16384, maxMessages: 4, priority: 40_000 };
  return call.startsWith("mq_") || call === "fchmod"
    ? { ...common, queue: "/hostmq-elsewhere", name: "/hostmq-elsewhere", descriptor: 9, oflag: 0, mode: 0o600 }
    : { ...common, queue: "key 0x6869", key: 0x6869, id: 0x7ffffff0, flags: 0, type: 1, command: "IPC_STAT" };
}

for (const host of hosts) {
  test(`no error on ${host} speaks of what only Linux has`, () => {
    for (const row of errorTable) {
      if (linuxCalls.includes(row.call)) continue;
      // Of a row that needs its situation to be reached, the situation is a comment on the page of errors.
      const { what, hint } = explain(row, details(row.call), host);
      const said = row.explain === undefined && row.situation.includes("IPC namespace") ? hint : `${what}. ${hint}`;
      assert.doesNotMatch(said, linuxOnly, `${row.call} ${row.errno}`);
      assert.match(hint, /^[A-Z].*[.]$/s);
      assert.doesNotMatch(`${what} ${hint}`, /undefined|NaN|null|\[object| {2}/);
    }
  });

  test(`PosixQueue.list on ${host} is ENOSYS with a way out`, () => {
    assert.throws(
      () => {
        checkListable(host);
      },
      (error: unknown) => {
        assert.ok(error instanceof QueueError);
        assert.equal(error.code, "ENOSYS");
        assert.equal(error.errno, constants.errno.ENOSYS);
        assert.match(error.message, host === "freebsd" || host === "netbsd" ? /by its name/ : /Use SysVQueue/);
        return true;
      },
    );
  });

  test(`a copy, a receive of all but one type and a list are said to be Linux's on ${host}`, () => {
    const said = (call: string, some: CallDetails): string => {
      const row = findRow(call, "ENOSYS", some, host);
      assert.ok(row !== undefined);
      return Object.values(explain(row, some, host)).join(". ");
    };
    assert.match(said("msgrcv", { key: 1, flags: MSG_COPY }), /only Linux can copy.*status\(\)/);
    assert.match(said("msgrcv", { key: 1, flags: MSG_EXCEPT }), /only Linux can receive whatever.*upTo/);
    assert.match(said("msgctl", { command: "MSG_INFO" }), /only Linux tells.*ipcs -q/);
    assert.match(said("msgrcv", { key: 1, flags: 0 }), /no System V message queues|SYSVMSG|sysvmsg/);
  });

  test(`a queue that is gone is told from a bad argument on ${host}, where no list tells`, (t) => {
    const queue = SysVQueue.create(sysvKey(t));
    const { id } = queue;
    const some: CallDetails = { id, existed: true, idIsKnown };
    assert.notEqual(findRow("msgrcv", "EINVAL", some, host)?.code, "EIDRM");
    queue.remove();
    assert.equal(findRow("msgrcv", "EINVAL", some, host)?.code, "EIDRM");
    assert.equal(findRow("msgrcv", "EINVAL", { id }, host)?.code, undefined);
    queue.close();
  });

  test(`EINVAL of a message that is larger than the whole queue is MessageTooLargeError on ${host}`, () => {
    const row = findRow("msgsnd", "EINVAL", { id: 1, length: 3000, maxBytes: 2048, idIsKnown: () => true }, host);
    // A host that shows its limit, as the one of this test does, may find that reason first.
    assert.equal(row?.errorClass, "MessageTooLargeError");
  });
}

test("how to raise a limit is said in the words of the system", () => {
  const raise = (host: (typeof hosts)[number]): string => {
    const row = findRow("msgget", "ENOSPC", { key: 1 }, host);
    assert.ok(row !== undefined);
    return explain(row, { key: 1 }, host).hint;
  };
  assert.match(raise("freebsd"), /kern\.ipc\.msgmni=\S+ in \/boot\/loader\.conf/);
  assert.match(raise("netbsd"), /sysctl -w kern\.ipc\.msgmni/);
  assert.match(raise("openbsd"), /MSGMNI/);
  assert.match(raise("macos"), /no setting/);
});
