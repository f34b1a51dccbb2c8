import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as limits from "#hostmq/limits";
import { nearest } from "#hostmq/nearest";
import { parseProcQueues } from "#hostmq/sysv/proc-table";

const linux = { skip: process.platform !== "linux" && "reads /proc" };

test("sysctls are what /proc says", linux, () => {
  const read = (path: string): number => Number(readFileSync(`/proc/sys/${path}`, "utf8"));
  assert.equal(limits.sysvLimits().maxMessageSize, read("kernel/msgmax"));
  assert.equal(limits.sysvLimits().maxQueueBytes, read("kernel/msgmnb"));
  assert.equal(limits.sysvLimits().maxQueues, read("kernel/msgmni"));
  assert.equal(limits.posixLimits().maxMessages, read("fs/mqueue/msg_max"));
});

test("resource limits and descriptors are numbers that fit together", linux, () => {
  const files = limits.descriptorLimit();
  assert.ok(files !== undefined && files.soft <= files.hard);
  const bytes = limits.messageQueueLimit();
  assert.ok(bytes !== undefined && bytes.soft <= bytes.hard);
  const open = limits.openDescriptors();
  assert.ok(open === undefined || (open > 2 && open <= files.soft));
});

for (const [version, host] of [
  ["Linux version 4.4.0-19041-Microsoft (Microsoft@Microsoft.com) (gcc version 5.4.0)", "wsl1"],
  ["Linux version 5.15.153.1-microsoft-standard-WSL2 (root@941d701f84f1)", "wsl2"],
  ["Linux version 4.4.0 #1 SMP Sun Jan 10 15:06:54 PST 2016", "gvisor"],
  ["Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org)", "linux"],
  ["", "linux"],
] as const) {
  test(`/proc/version ${JSON.stringify(version.slice(0, 40))} is ${host}`, () => {
    assert.equal(limits.hostKindOf(version), host);
  });
}

for (const [platform, host] of [
  ["darwin", "macos"],
  ["freebsd", "freebsd"],
  ["netbsd", "netbsd"],
  ["openbsd", "openbsd"],
  ["sunos", "other"],
] as const) {
  test(`${platform} is the host ${host}, which is not Linux`, () => {
    assert.equal(limits.hostKind(platform), host);
    assert.equal(limits.isLinux(host), false);
  });
}

test("nearest offers what a person meant and nothing far-fetched", () => {
  assert.equal(nearest("/job", ["/jobs", "/other"]), "/jobs");
  assert.equal(nearest("/jbos", ["/jobs"]), "/jobs");
  assert.equal(nearest("Jobs", ["jobs"]), "jobs");
  assert.equal(nearest("/jobs", ["/jobs"]), undefined);
  assert.equal(nearest("/jobs", ["/mail", "/x"]), undefined);
  assert.equal(nearest("a", ["b"]), undefined);
  assert.equal(nearest("", ["b"]), undefined);
});

test("/proc/sysvipc/msg is read by its column names", () => {
  const text = `       key      msqid perms      cbytes       qnum lspid lrpid   uid   gid  cuid  cgid      stime      rtime      ctime
     26729          3   600           9          2   100     0  1000  1001  1000  1001 1700000000          0 1700000000
        -5          4  1644           0          0     0     0     0     0     0     0          0          0 1700000000
`;
  assert.deepEqual(parseProcQueues(text), [
    { key: 26729, id: 3, mode: 0o600, bytes: 9, messages: 2, uid: 1000, gid: 1001 },
    { key: -5, id: 4, mode: 0o644, bytes: 0, messages: 0, uid: 0, gid: 0 },
  ]);
  assert.deepEqual(parseProcQueues(""), []);
});
