/**
 * Who may do what with a queue of which mode: real users, both families, against a C program that does the same as the same
 * user, and against the table of docs/permissions.md.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { before, describe, test } from "node:test";
import { join } from "node:path";
import { msgctl, msgget, IPC_RMID, mq_unlink } from "hostmq/sys";
import { noOtherUser, runAs, runNodeAs } from "../helpers/as-user.js";
import { uniqueKey, uniqueName } from "../helpers/names.js";
import { root } from "../helpers/peers.js";
import { describeInPrivateNamespace } from "../helpers/private-namespace.js";
import type { Attempt, Target, Wanted } from "./attempts.js";
import { owner, people, type Person } from "./people.js";

const modes = [
  0o600, 0o640, 0o660, 0o620, 0o602, 0o604, 0o606, 0o666, 0o644, 0o622, 0o400, 0o200, 0o000, 0o060, 0o006, 0o066, 0o046,
];
const wanted: Wanted = { uid: owner.uid, gid: owner.gid, mode: 0o600, maxBytes: 1024 };
const attempting = new URL("./attempts.child.js", import.meta.url);
const peer = join(root, "build/peers/permissions");
const octal = (mode: number): string => `0${mode.toString(8).padStart(3, "0")}`;

/** The model: the first class that fits counts, also where a later one has more. */
function rights(person: Person, mode: number): { r: boolean; w: boolean } {
  if (person === "root") return { r: true, w: true };
  const shift = person === "owner" ? 6 : person === "other" ? 0 : 3;
  const bits = mode >> shift;
  return { r: (bits & 4) !== 0, w: (bits & 2) !== 0 };
}

const may = (permitted: boolean, otherwise = "EACCES"): string => (permitted ? "permitted" : otherwise);

function expectedPosix(person: Person, mode: number): [string, string][] {
  const { r, w } = rights(person, mode);
  const rules = person === "owner" || person === "root";
  return [
    ["openRead", may(r)],
    ["openWrite", may(w)],
    ["openReadWrite", may(r && w)],
    ...(w ? ([["send", "permitted"]] as [string, string][]) : []),
    ...(r ? ([["receive", "permitted"]] as [string, string][]) : []),
    ...(r || w
      ? ([
          ["attributes", "permitted"],
          ["chmod", may(rules, "EPERM")],
        ] as [string, string][])
      : []),
    ["remove", may(rules)],
  ];
}

function expectedSysV(person: Person, mode: number): [string, string][] {
  const { r, w } = rights(person, mode);
  const rules = person === "owner" || person === "root";
  return [
    ["open", "permitted"],
    ["send", may(w)],
    ["receive", may(r)],
    ["peek", may(r)],
    ["status", may(r)],
    ["configure", may(rules, "EPERM")],
    ["remove", may(rules, "EPERM")],
  ];
}

const errnoNames = new Map(Object.entries(constants.errno).map(([name, errno]) => [errno, name]));

function inC(person: Person, words: (string | number)[]): [string, string][] {
  const { status, stdout, stderr } = runAs(people[person], peer, words);
  assert.equal(status, 0, `${stdout}${stderr}`);
  return stdout
    .trim()
    .split("\n")
    .map((line) => {
      const [call = "", errno = ""] = line.split(" ");
      return [call, errno === "0" ? "permitted" : (errnoNames.get(Number(errno)) ?? errno)];
    });
}

const outcomes = (attempts: readonly Attempt[]): [string, string][] =>
  attempts.map(({ call, outcome }) => [call, outcome]);

/** The whole message, word by word. */
function posixWords({ call, outcome }: Attempt, { name, mode }: Target, person: Person): string {
  const { uid, gid } = people[person];
  const facts = `it belongs to user ${owner.uid}, group ${owner.gid}, with mode ${octal(mode)}; this process is user ${uid}, group ${gid}`;
  // Node's own.
  if (call === "chmod") return `${outcome}: operation not permitted, fchmod`;
  if (call === "remove")
    return `EACCES: cannot unlink ${JSON.stringify(name)}: only its owner or root may do this: ${facts}. Run as user ${owner.uid} or as root.`;
  const access = { openRead: "read", openWrite: "write", openReadWrite: "read and write" }[call] ?? "?";
  const mask = octal(parseInt(/^Umask:\s*(\d+)/mu.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "", 8));
  return `EACCES: cannot open ${JSON.stringify(name)}: no permission to ${access}: ${facts}. Run as user ${owner.uid}, or have the creator give a wider mode; the umask (here ${mask}) takes bits away from it unless exactMode is set.`;
}

function sysvWords({ call }: Attempt, { key, mode }: Target, person: Person): string {
  const { uid, gid } = people[person];
  const queue = `key 0x${key.toString(16)}`;
  const facts = `it belongs to user ${owner.uid}, group ${owner.gid}, with mode ${octal(mode)}; this process is user ${uid}, group ${gid}`;
  if (call === "configure" || call === "remove")
    return `EPERM: cannot ${call} ${queue}: only its owner, its creator or root may do this: ${facts}. Run as user ${owner.uid} or as root.`;
  const [action, right] = {
    send: ["send to", "write"],
    receive: ["receive from", "read"],
    peek: ["receive from", "read"],
    status: ["read the status of", "read"],
  }[call] ?? ["?", "?"];
  return `EACCES: cannot ${action} ${queue}: no permission to ${right}: ${facts}. Run as user ${owner.uid}, or have the owner widen it: queue.configure({ mode: 0o660 }).`;
}

describeInPrivateNamespace("permissions", import.meta.url, { mount: true }, () => {
  describe("of real users", { skip: noOtherUser() }, () => {
    // Of each mode one queue for each person to try with hostmq, and one to try with C: the last attempt removes it.
    const targets = new Map<string, Target[]>();
    for (const person of Object.keys(people)) {
      for (const by of ["hostmq", "C"]) {
        const list = modes.map((mode) => ({ mode, name: uniqueName(), key: uniqueKey() }));
        targets.set(`${person} ${by}`, list);
      }
    }
    before(() => {
      const { status, stderr } = runNodeAs(owner, attempting, [
        "create",
        JSON.stringify({ targets: [...targets.values()].flat(), wanted }),
      ]);
      assert.equal(status, 0, stderr);
    });

    for (const person of Object.keys(people) as Person[]) {
      test(`${person}: each call on queues of each mode ends as in C, and says who owns it and who asks`, () => {
        const tried = targets.get(`${person} hostmq`) ?? [];
        const { status, stdout, stderr } = runNodeAs(people[person], attempting, [
          "try",
          JSON.stringify({ targets: tried, wanted }),
        ]);
        assert.equal(status, 0, stderr);
        const found = JSON.parse(stdout) as { posix: Attempt[]; sysv: Attempt[] }[];
        assert.equal(found.length, modes.length);
        for (const [index, { posix, sysv }] of found.entries()) {
          const mode = modes[index] ?? 0;
          const target = tried[index] ?? assert.fail();
          const twin = targets.get(`${person} C`)?.[index] ?? assert.fail();
          const where = `${person}, mode ${octal(mode)}`;
          const { uid, gid, maxBytes } = wanted;
          assert.deepEqual(outcomes(posix), inC(person, ["posix", twin.name]), `C: ${where}`);
          assert.deepEqual(
            outcomes(sysv),
            inC(person, ["sysv", twin.key, uid, gid, mode.toString(8), maxBytes]),
            `C: ${where}`,
          );
          assert.deepEqual(outcomes(posix), expectedPosix(person, mode), where);
          assert.deepEqual(outcomes(sysv), expectedSysV(person, mode), where);
          for (const attempt of posix)
            if (attempt.outcome !== "permitted") assert.equal(attempt.message, posixWords(attempt, target, person));
          for (const attempt of sysv)
            if (attempt.outcome !== "permitted") assert.equal(attempt.message, sysvWords(attempt, target, person));
        }
      });
    }

    test("root finds the rest and removes it", () => {
      for (const { name, key } of [...targets.values()].flat()) {
        try {
          mq_unlink(name);
        } catch (error) {
          assert.equal((error as { code?: string }).code, "ENOENT");
        }
        try {
          msgctl(msgget(key, 0), IPC_RMID);
        } catch (error) {
          assert.equal((error as { code?: string }).code, "ENOENT");
        }
      }
    });
  });
});
