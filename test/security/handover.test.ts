/** `configure` as an access control list: an owner hands a System V queue over; what POSIX queues have instead; who the kernel lets past. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { join } from "node:path";
import { PosixQueue, SysVQueue } from "hostmq";
import { noOtherUser, runAs, runNodeAs, type User } from "../helpers/as-user.js";
import { posixName, sysvKey } from "../helpers/names.js";
import { root, runToEnd, skipUnless } from "../helpers/peers.js";
import type { Step, StepOutcome } from "./steps.js";
import { owner, people } from "./people.js";

const here = { skip: noOtherUser() };
const stepping = new URL("./steps.child.js", import.meta.url);
const { other, group } = people;

/** Runs steps as somebody; how each ended. */
function as(user: User, ...steps: Step[]): StepOutcome[] {
  const { status, stdout, stderr } = runNodeAs(user, stepping, [JSON.stringify(steps)]);
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as StepOutcome[];
}

const codes = (outcomes: readonly StepOutcome[]): string[] => outcomes.map(({ outcome }) => outcome);

/** What IPC_STAT tells C. */
function inC(user: User, key: number): Record<string, string> {
  const id = SysVQueue.open(key).id;
  const { stdout } = runAs(user, join(root, "build/peers/sysv_control"), ["IPC_STAT", id]);
  return Object.fromEntries(
    stdout
      .trim()
      .split("\n")
      .map((line) => line.split(" ") as [string, string]),
  );
}

const everything: Step["call"][] = ["send", "receive", "status", "configure"];

test("an owner hands a System V queue over; the new one rules, the creator still does, others do not", here, (t) => {
  const key = sysvKey(t);
  const sysv = (call: Step["call"], more: Partial<Step> = {}): Step => ({ family: "sysv", call, key, ...more });
  const all = everything.map((call) => sysv(call));
  assert.deepEqual(codes(as(owner, sysv("create", { mode: 0o600 }), ...all)), Array(5).fill("permitted"));
  assert.deepEqual(codes(as(other, ...all)), ["EACCES", "EACCES", "EACCES", "EPERM"]);

  // To anybody, without privilege, unlike a file.
  assert.deepEqual(codes(as(owner, sysv("configure", { uid: other.uid, gid: other.gid }))), ["permitted"]);
  const told = inC(other, key);
  assert.deepEqual(
    [told.uid, told.gid, told.cuid, told.cgid, told.mode],
    [other.uid, other.gid, owner.uid, owner.gid, 0o600].map(String),
  );
  assert.deepEqual(codes(as(other, ...all)), Array(4).fill("permitted"));
  assert.deepEqual(codes(as(owner, ...all)), Array(4).fill("permitted"), "the creator is an owner for ever");
  // The creator's group counts as group beside the owner's.
  assert.deepEqual(codes(as(other, sysv("configure", { mode: 0o640 }))), ["permitted"]);
  assert.deepEqual(codes(as(group, ...all)), ["EACCES", "permitted", "permitted", "EPERM"]);
  assert.deepEqual(codes(as({ uid: group.uid, gid: other.gid }, ...all)), [
    "EACCES",
    "permitted",
    "permitted",
    "EPERM",
  ]);

  const stranger = { uid: owner.uid + 9, gid: owner.gid + 9 };
  const [refused] = as(stranger, sysv("configure", { mode: 0o666 }));
  assert.equal(
    refused?.message,
    `EPERM: cannot configure key 0x${key.toString(16)}: only its owner, its creator or root may do this: it belongs to user ${other.uid}, group ${other.gid}, with mode 0640; this process is user ${stranger.uid}, group ${stranger.gid}. Run as user ${other.uid} or as root.`,
  );
  // Each of the two may take the other's rights away for the moment, and give them back.
  assert.deepEqual(codes(as(other, sysv("configure", { mode: 0o000 }))), ["permitted"]);
  assert.deepEqual(codes(as(owner, ...all.slice(0, 3))), ["EACCES", "EACCES", "EACCES"]);
  assert.deepEqual(codes(as(owner, sysv("configure", { mode: 0o600 }), ...all)), Array(5).fill("permitted"));
  assert.deepEqual(codes(as(owner, sysv("remove"))), ["permitted"]);
});

test("of a POSIX queue the owner changes the mode through a descriptor; only root changes the owner", here, (t) => {
  const name = posixName(t);
  const posix = (call: Step["call"], more: Partial<Step> = {}): Step => ({ family: "posix", call, name, ...more });
  const created = posix("create", { mode: 0o600 });
  assert.deepEqual(codes(as(owner, created, posix("chown", { uid: other.uid, gid: other.gid }))), [
    "permitted",
    "EPERM",
  ]);
  assert.deepEqual(codes(as(other, posix("open"))), ["EACCES"]);
  assert.deepEqual(codes(as(owner, posix("chmod", { mode: 0o606 }))), ["permitted"]);
  assert.deepEqual(codes(as(other, posix("open"), posix("chmod", { mode: 0o666 }), posix("remove"))), [
    "permitted",
    "EPERM",
    "EACCES",
  ]);
  const queue = PosixQueue.open(name);
  queue.close();
  assert.deepEqual(codes(as(people.root, posix("chown", { uid: other.uid, gid: other.gid }))), ["permitted"]);
  // A POSIX queue forgets its creator.
  assert.deepEqual(codes(as(owner, posix("chmod", { mode: 0o600 }), posix("remove"))), ["EPERM", "EACCES"]);
  assert.deepEqual(codes(as(other, posix("chmod", { mode: 0o600 }), posix("remove"))), ["permitted", "permitted"]);
});

test("a POSIX handle keeps the access it was opened with, a System V handle loses it with the mode", here, (t) => {
  const name = posixName(t);
  const key = sysvKey(t);
  as(
    owner,
    { family: "posix", call: "create", name, mode: 0o606 },
    { family: "sysv", call: "create", key, mode: 0o606 },
  );
  // Both are open while the mode changes, by a child of theirs that is the owner: only root can start one.
  const outcomes = as(
    { ...other, capabilities: ["setuid", "setgid"] },
    { family: "posix", call: "sendAfterModeChange", name, uid: owner.uid, gid: owner.gid },
    { family: "sysv", call: "sendAfterModeChange", key, uid: owner.uid, gid: owner.gid },
  );
  assert.deepEqual(codes(outcomes), ["permitted", "EACCES"]);
});

test("who made a name first is told by the handle itself", here, (t) => {
  const name = posixName(t);
  const key = sysvKey(t);
  const squat = (family: Step["family"]): Step => ({ family, call: "create", name, key, mode: 0o666 });
  assert.deepEqual(codes(as(other, squat("posix"), squat("sysv"))), ["permitted", "permitted"]);
  assert.throws(() => PosixQueue.create(name), { code: "EEXIST" });
  assert.throws(() => SysVQueue.create(key), { code: "EEXIST" });
  // As docs/permissions.md says.
  const steps = (family: Step["family"]): Step => ({ family, call: "openOrCreate", name, key });
  const [posix, sysv] = as(owner, steps("posix"), steps("sysv"));
  assert.deepEqual([posix?.owner, sysv?.owner], [other.uid, other.uid]);
});

test("sticky names: nobody but owner and root frees a name for one of their own", here, (t) => {
  const name = posixName(t);
  const created: Step = { family: "posix", call: "create", name, mode: 0o666 };
  assert.deepEqual(codes(as(owner, created)), ["permitted"]);
  assert.deepEqual(codes(as(other, { ...created, call: "remove" }, created)), ["EACCES", "EEXIST"]);
});

/** False where processes of other users can be given this capability. */
function cannotGive(capability: string): string | false {
  return (
    noOtherUser() ||
    skipUnless(`the capability ${capability}`, "setpriv", [
      `--inh-caps=+${capability}`,
      `--ambient-caps=+${capability}`,
      "true",
    ])
  );
}

function both(t: TestContext): (call: Step["call"], family: Step["family"]) => Step {
  const place = { name: posixName(t), key: sysvKey(t) };
  const made = as(
    owner,
    { ...place, family: "posix", call: "create", mode: 0o600 },
    { ...place, family: "sysv", call: "create", mode: 0o600 },
  );
  assert.deepEqual(codes(made), ["permitted", "permitted"]);
  return (call, family) => ({ ...place, family, call });
}

for (const [capability, expected] of Object.entries({
  ipc_owner: { sysv: ["permitted", "permitted", "permitted", "EPERM"], posix: ["EACCES", "EACCES", "EACCES"] },
  sys_admin: { sysv: ["EACCES", "EACCES", "EACCES", "permitted"], posix: ["EACCES", "EACCES", "EACCES"] },
  dac_override: { sysv: ["EACCES", "EACCES", "EACCES", "EPERM"], posix: ["permitted", "permitted", "EACCES"] },
  dac_read_search: { sysv: ["EACCES", "EACCES", "EACCES", "EPERM"], posix: ["permitted", "EACCES", "EACCES"] },
  fowner: { sysv: ["EACCES", "EACCES", "EACCES", "EPERM"], posix: ["EACCES", "EACCES", "permitted"] },
})) {
  test(`what the capability ${capability} is good for`, { skip: cannotGive(capability) }, (t) => {
    const step = both(t);
    const user = { ...other, capabilities: [capability] };
    const sysv = ["send", "receive", "status", "remove"] as const;
    assert.deepEqual(codes(as(user, ...sysv.map((call) => step(call, "sysv")))), expected.sysv, "System V");
    const posix = ["openRead", "open", "remove"] as const;
    assert.deepEqual(codes(as(user, ...posix.map((call) => step(call, "posix")))), expected.posix, "POSIX");
  });
}

test("the capability chown gives a POSIX queue to another user", { skip: cannotGive("chown") }, (t) => {
  const name = posixName(t);
  as(owner, { family: "posix", call: "create", name, mode: 0o606 });
  const given: Step = { family: "posix", call: "chown", name, uid: other.uid, gid: other.gid };
  assert.deepEqual(codes(as(other, given)), ["EPERM"]);
  assert.deepEqual(codes(as({ ...other, capabilities: ["chown"] }, given)), ["permitted"]);
});

const noUserNamespace =
  noOtherUser() ||
  skipUnless("a user namespace for ordinary users", "setpriv", [
    ...[`--reuid=${other.uid}`, `--regid=${other.gid}`, "--clear-groups"],
    ...["unshare", "--user", "--map-root-user", "true"],
  ]);

test("root of a user namespace, as in a rootless container, is nobody special", { skip: noUserNamespace }, (t) => {
  const step = both(t);
  const steps = [...everything, "remove" as const].map((call) => step(call, "sysv"));
  steps.push(step("open", "posix"), step("remove", "posix"));
  const { status, stdout, stderr } = runAs(other, "unshare", [
    ...["--user", "--map-root-user", process.execPath],
    ...[stepping.pathname, JSON.stringify(steps)],
  ]);
  assert.equal(status, 0, stderr);
  const outcomes = codes(JSON.parse(stdout) as StepOutcome[]);
  assert.deepEqual(outcomes, ["EACCES", "EACCES", "EACCES", "EPERM", "EPERM", "EACCES", "EACCES"]);
});

const noNamespace = skipUnless("unshare --ipc", "unshare", ["--ipc", "true"]);

test("another IPC namespace has neither the names nor the keys nor the ids", { skip: noNamespace }, (t) => {
  const name = posixName(t);
  const key = sysvKey(t);
  PosixQueue.create(name).close();
  const { id } = SysVQueue.create(key);
  const steps: Step[] = [
    { family: "posix", call: "open", name },
    { family: "sysv", call: "status", key },
    { family: "sysv", call: "statusOfId", id },
  ];
  const words = ["--ipc", process.execPath, stepping.pathname, JSON.stringify(steps)];
  const { status, stdout, stderr } = runToEnd("unshare", words);
  assert.equal(status, 0, stderr);
  assert.deepEqual(codes(JSON.parse(stdout) as StepOutcome[]), ["ENOENT", "ENOENT", "EINVAL"]);
});
