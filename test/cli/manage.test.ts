/** ls, stat, create, rm and set. */
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { test } from "node:test";
import { ftok, PosixQueue, SysVQueue } from "hostmq";
import { noOtherUser, ordinaryUid } from "../helpers/as-user.js";
import { hostmq, inTerminal, noTerminal } from "../helpers/cli.js";
import { posixName, sysvId, sysvKey } from "../helpers/names.js";
import { skipUnless } from "../helpers/peers.js";

interface Listed {
  kind: string;
  queue: string;
  messages?: number;
  bytes?: number;
  [field: string]: unknown;
}

const list = (...words: (string | number)[]): Listed[] =>
  JSON.parse(hostmq(["ls", "--json", ...words]).stdout) as Listed[];
const mayNotMount = skipUnless("the right to mount", "unshare", ["--mount", "sh", "-c", "mount -t mqueue none /mnt"]);
const keyWord = (key: number): string => `key:0x${(key >>> 0).toString(16).padStart(8, "0")}`;

test("create makes queues with the options of the API", (t) => {
  const [name, key] = [posixName(t), sysvKey(t)];
  const posix = hostmq(["create", name, "--max-messages", 3, "--max-size", 100, "--mode", 666, "--exact-mode"]);
  assert.deepEqual([posix.status, posix.stdout, posix.stderr], [0, "", ""]);
  using queue = PosixQueue.open(name);
  assert.deepEqual(queue.attributes(), { maxMessages: 3, maxMessageSize: 100, currentMessages: 0 });
  assert.equal(PosixQueue.list().find((one) => one.name === name)?.mode, 0o666);

  assert.equal(hostmq(["create", keyWord(key), "--max-bytes", "1k", "--mode", "640"]).status, 0);
  using sysv = SysVQueue.open(key);
  assert.equal(sysv.status().maxBytes, 1024);
  assert.equal(sysv.status().mode, 0o640);
});

test("create refuses what exists, unless --existing", (t) => {
  const name = posixName(t);
  assert.equal(hostmq(["create", name, "--max-messages", 1, "--max-size", 16]).status, 0);
  const again = hostmq(["create", name]);
  assert.equal(again.status, 1);
  assert.match(again.stderr, /EEXIST/u);
  assert.equal(hostmq(["create", name, "--existing"]).status, 0);
});

test("create refuses an id, which only the kernel gives, unless --existing", (t) => {
  const name = posixName(t);
  using queue = SysVQueue.create(sysvKey(t));
  const { maxBytes } = queue.status();
  const { status, stderr } = hostmq(["create", `id:${queue.id}`, "--max-bytes", 1000]);
  assert.equal(status, 2);
  assert.match(stderr, /the kernel gives out ids.*--private.*hostmq set.*--existing/u);
  assert.equal(hostmq(["create", name, `id:${queue.id}`]).status, 2);
  assert.throws(() => PosixQueue.open(name), { code: "ENOENT" });
  assert.doesNotMatch(hostmq(["create", "--help"]).stdout, /id:5/u);
  assert.equal(hostmq(["create", `id:${queue.id}`, "--existing"]).status, 0);
  assert.equal(queue.status().maxBytes, maxBytes);
});

test("create --private prints the address of the new queue", (t) => {
  const { status, stdout } = hostmq(["create", "--private"]);
  assert.equal(status, 0);
  const id = Number(/^id:(\d+)\n$/u.exec(stdout)?.[1]);
  sysvId(t, id);
  using queue = SysVQueue.fromId(id);
  assert.equal(queue.status().key, 0);
});

test("ls shows queues of both families and what is in them", (t) => {
  const [name, key] = [posixName(t), sysvKey(t)];
  using posix = PosixQueue.create(name, { maxMessages: 2, maxMessageSize: 32 });
  using sysv = SysVQueue.create(key);
  posix.trySend("abc", { priority: 3 });
  sysv.trySend("defgh", { type: 7 });
  const listed = list(name, keyWord(key));
  assert.deepEqual(
    listed.map(({ kind, queue, messages, bytes }) => ({ kind, queue, messages, bytes })),
    [
      { kind: "posix", queue: name, messages: 1, bytes: 3 },
      { kind: "sysv", queue: keyWord(key), messages: 1, bytes: 5 },
    ],
  );
  assert.equal(listed[1]?.lastSenderPid, process.pid);
  const text = hostmq(["ls", name, keyWord(key), "--output", "queue,messages,limit", "--no-header"]).stdout;
  assert.deepEqual(
    text
      .trim()
      .split("\n")
      .map((line) => line.split(/ +/u)),
    [
      [name, "1", "2x32"],
      [keyWord(key), "1", "16384"],
    ],
  );
  assert.deepEqual(
    list(`id:${sysv.id}`).map(({ key }) => key),
    [key],
  );
});

test("ls selects by pattern, emptiness and fullness, and sorts", (t) => {
  const names = [posixName(t), posixName(t), posixName(t)];
  const queues = names.map((name) => PosixQueue.create(name, { maxMessages: 2, maxMessageSize: 16 }));
  queues[1]?.trySendMany(["a", "b"]);
  queues[2]?.trySend("a");
  // Their names differ in the counter and the random letters.
  const pattern = `${(names[0] ?? "").slice(0, (names[0] ?? "").lastIndexOf(`-${process.pid}-`))}-${process.pid}-*`;
  const found = (...words: string[]): string[] => list(pattern, ...words).map(({ queue }) => queue);
  assert.deepEqual(found().sort(), [...names].sort());
  assert.deepEqual(found("--full"), [names[1]]);
  assert.deepEqual(found("--not-empty", "--sort", "messages"), [names[2], names[1]]);
  assert.deepEqual(found("--not-empty", "--sort", "messages", "--reverse"), [names[1], names[2]]);
  assert.deepEqual(found("--kind", "sysv"), []);
  assert.equal(hostmq(["ls", "--kind", "sysv", pattern]).status, 3);
  for (const queue of queues) queue.close();
});

test("ls finds a queue that nobody holds open by its name", (t) => {
  const name = posixName(t);
  PosixQueue.create(name, { maxMessages: 1, maxMessageSize: 16 }).close();
  assert.deepEqual(
    list(name).map(({ queue, maxMessages }) => [queue, maxMessages]),
    [[name, 1]],
  );
});

test("ls --mount sees every POSIX queue, held open or not", { skip: mayNotMount }, (t) => {
  const name = posixName(t);
  PosixQueue.create(name, { maxMessages: 1, maxMessageSize: 16 }).close();
  const pattern = `${name.slice(0, -1)}?`;
  const { status, stdout, stderr } = hostmq(["ls", "--mount", pattern, "--output", "queue", "--no-header"]);
  assert.deepEqual([status, stdout, stderr], [0, `${name}\n`, ""]);
});

test("ls --mount says what an ordinary user can do instead", () => {
  const { status, stdout, stderr } = hostmq(["ls", "--mount"], process.getuid?.() === 0 ? { uid: 65534 } : {});
  assert.deepEqual([status, stdout], [1, ""]);
  assert.match(stderr, /^hostmq: --mount needs root: unshare: .*\n.*sudo.*hostmq stat \/name/u);
});

test("ls --stale leaves out what somebody uses", (t) => {
  const [used, left] = [sysvKey(t), sysvKey(t)];
  using usedQueue = SysVQueue.create(used);
  usedQueue.trySend("from a process that lives");
  SysVQueue.create(left).close();
  assert.deepEqual(
    list(keyWord(used), keyWord(left), "--stale").map(({ queue }) => queue),
    [keyWord(left)],
  );
});

test("stat tells the attributes and the descriptor's own line, and all of msqid_ds", (t) => {
  const [name, key] = [posixName(t), sysvKey(t)];
  using posix = PosixQueue.create(name, { maxMessages: 2, maxMessageSize: 32 });
  using sysv = SysVQueue.create(key);
  posix.trySend("abc");
  sysv.trySend("defgh");
  const { status, stdout } = hostmq(["stat", name, keyWord(key), "--json"]);
  assert.equal(status, 0);
  const [one, other] = JSON.parse(stdout) as Listed[];
  assert.deepEqual(one, {
    kind: "posix",
    queue: name,
    name,
    messages: 1,
    maxMessages: 2,
    maxMessageSize: 32,
    bytes: 3,
    mode: 0o600,
    uid: process.geteuid?.(),
    gid: process.getegid?.(),
  });
  const expected = sysv.status();
  assert.deepEqual(other, JSON.parse(JSON.stringify({ kind: "sysv", queue: keyWord(key), ...expected })));
  assert.match(hostmq(["stat", name]).stdout, /^bytes: +3$/mu);
});

test("rm removes queues of both families, and -f passes over missing ones", (t) => {
  const [name, key] = [posixName(t), sysvKey(t)];
  PosixQueue.create(name, { maxMessages: 1, maxMessageSize: 16 }).close();
  SysVQueue.create(key).close();
  assert.equal(hostmq(["rm", name, keyWord(key)]).status, 0);
  assert.throws(() => PosixQueue.open(name), { code: "ENOENT" });
  assert.throws(() => SysVQueue.open(key), { code: "ENOENT" });
  assert.equal(hostmq(["rm", name]).status, 1);
  assert.equal(hostmq(["rm", "-f", name, keyWord(key)]).status, 0);
});

test("rm of a missing queue says how to see those there are, and which one is near", (t) => {
  const [name, key] = [posixName(t), sysvKey(t)];
  using held = PosixQueue.create(name, { maxMessages: 1, maxMessageSize: 16 });
  for (const [word, expected] of [
    [`${held.name}x`, /Did you mean "\S+"\? hostmq ls lists those there are;/u],
    [keyWord(key), /hostmq ls lists those there are;/u],
    ["id:2147483647", /hostmq stat key:KEY.*hostmq ls lists them/u],
  ] as const) {
    const { status, stderr } = hostmq(["rm", word]);
    assert.equal(status, 1);
    assert.match(stderr, expected);
    assert.doesNotMatch(stderr, /SysVQueue|that creates it/u);
  }
});

test("several words for one queue are one queue to every command", (t) => {
  const [name, made, key] = [posixName(t), posixName(t), sysvKey(t)];
  using posix = PosixQueue.create(name, { maxMessages: 2, maxMessageSize: 16 });
  using sysv = SysVQueue.create(key);
  posix.trySend("a");
  sysv.trySend("b");
  const words = [name, name.slice(1), `posix:${name}`, keyWord(key), `id:${sysv.id}`, `key:${key}`];
  const labels = (json: string): string[] => (JSON.parse(json) as Listed[]).map(({ queue }) => queue);
  assert.deepEqual(labels(hostmq(["stat", "--json", ...words]).stdout), [name, keyWord(key)]);
  const lines = hostmq(["watch", "--json", "--interval", "10ms", "--count", 1, ...words]).stdout.trim();
  assert.deepEqual(labels(`[${lines.replaceAll("\n", ",")}]`), [name, keyWord(key)]);
  assert.equal(
    hostmq(["purge", ...words]).stderr,
    `1 message dropped from ${name}\n1 message dropped from ${keyWord(key)}\n`,
  );
  assert.deepEqual(hostmq(["rm", "--dry-run", ...words]).stdout, `${name}\n${keyWord(key)}\n`);
  const removed = hostmq(["rm", ...words]);
  assert.deepEqual([removed.status, removed.stderr], [0, ""]);
  const created = hostmq(["create", made, made.slice(1)]);
  assert.deepEqual([created.status, created.stderr], [0, ""]);
});

test("rm removes nothing when a word names no queue", (t) => {
  const name = posixName(t);
  using held = PosixQueue.create(name, { maxMessages: 1, maxMessageSize: 16 });
  assert.equal(hostmq(["rm", held.name, "12"]).status, 2);
  PosixQueue.open(name).close();
});

test("a System V queue that has as many messages as bytes is full", (t) => {
  const key = sysvKey(t);
  using queue = SysVQueue.create(key, { maxBytes: 4 });
  for (let sent = 0; sent < 4; sent++) queue.trySend("");
  assert.deepEqual(
    list("--full", keyWord(key)).map(({ id }) => id),
    [queue.id],
  );
  const { stdout } = hostmq(["watch", "--json", "--interval", "10ms", "--count", 1, keyWord(key)]);
  assert.equal((JSON.parse(stdout) as { filled: number }).filled, 1);
});

test("rm --dry-run says what rm would say of a queue that does not exist, and shows one that cannot be read", (t) => {
  const [name, missing, key] = [posixName(t), posixName(t), sysvKey(t)];
  PosixQueue.create(name, { maxMessages: 1, maxMessageSize: 16, mode: 0o200 }).close();
  const words = [name, missing, keyWord(key)];
  const dry = hostmq(["rm", "--dry-run", ...words]);
  assert.deepEqual([dry.status, dry.stdout], [1, `${name}\n`]);
  const forced = hostmq(["rm", "--dry-run", "--force", ...words]);
  assert.deepEqual([forced.status, forced.stdout, forced.stderr], [0, `${name}\n`, ""]);
  const removed = hostmq(["rm", ...words]);
  // The call that fails is another one.
  assert.deepEqual([removed.status, removed.stderr], [1, dry.stderr.replace("cannot open", "cannot unlink")]);
  assert.match(dry.stderr, new RegExp(`${missing}.*\n.*key ${keyWord(key).slice("key:".length)}`, "u"));
});

test("rm with a pattern shows what would go, and without a terminal removes nothing unless told", (t) => {
  const name = posixName(t);
  const held = PosixQueue.create(name, { maxMessages: 1, maxMessageSize: 16 });
  t.after(() => {
    held.close();
  });
  const pattern = `${name.slice(0, -1)}?`;
  const dry = hostmq(["rm", "--dry-run", pattern]);
  assert.deepEqual([dry.status, dry.stdout], [0, `${name}\n`]);
  const refused = hostmq(["rm", pattern]);
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /--yes/u);
  PosixQueue.open(name).close();
  assert.equal(hostmq(["rm", "--yes", pattern]).status, 0);
  assert.throws(() => PosixQueue.open(name), { code: "ENOENT" });
  assert.equal(hostmq(["rm", "--yes", pattern]).status, 3);
});

test("a queue is one queue by whatever address: ls finds it, and rm removes it once", (t) => {
  const key = ftok(process.execPath, 77);
  const word = `ftok:${process.execPath}:77`;
  const made = SysVQueue.openOrCreate(key);
  t.after(() => {
    const left = SysVQueue.list().find((queue) => queue.key === key);
    if (left !== undefined) SysVQueue.fromId(left.id).remove();
  });
  assert.deepEqual(
    list(word).map(({ id }) => id),
    [made.id],
  );
  assert.equal(hostmq(["ls", "ftok:/no/such/file:77"]).status, 3);
  const hex = `key:0x${(key >>> 0).toString(16)}`;
  for (const [index, spelled] of [word, `key:${key}`, hex.toUpperCase().replace("KEY:0X", "key:0x")].entries()) {
    const { id } = index === 0 ? made : SysVQueue.create(key);
    const { status, stderr } = hostmq(["rm", "--yes", spelled, `[i]d:${id}`]);
    assert.equal(status, 0, `${spelled}: ${stderr}`);
    assert.throws(() => SysVQueue.open(key), { code: "ENOENT" });
  }
});

test("rm with a pattern asks at a terminal, and only yes is yes", { skip: noTerminal }, (t) => {
  const name = posixName(t);
  const held = PosixQueue.create(name, { maxMessages: 1, maxMessageSize: 16 });
  t.after(() => {
    held.close();
  });
  const pattern = `${name.slice(0, -1)}?`;
  assert.equal(inTerminal(["rm", pattern], [["[y/N]", "\\r"]]).status, 1);
  const interrupted = inTerminal(["rm", pattern], [["[y/N]", "\\x03"]]);
  assert.equal(interrupted.status, 130);
  assert.doesNotMatch(interrupted.stdout, /aborted/u);
  PosixQueue.open(name).close();
  assert.equal(inTerminal(["rm", pattern], [["[y/N]", "yes\\r"]]).status, 0);
  assert.throws(() => PosixQueue.open(name), { code: "ENOENT" });
});

test("set changes mode and size, and says what cannot change", (t) => {
  const [name, key] = [posixName(t), sysvKey(t)];
  using posix = PosixQueue.create(name, { maxMessages: 1, maxMessageSize: 16 });
  using sysv = SysVQueue.create(key);
  assert.equal(hostmq(["set", name, keyWord(key), "--mode", "640"]).status, 0);
  assert.equal(statSync(`/proc/self/fd/${posix.descriptor}`).mode & 0o777, 0o640);
  assert.equal(sysv.status().mode, 0o640);
  assert.equal(hostmq(["set", keyWord(key), "--max-bytes", 2000]).status, 0);
  assert.equal(sysv.status().maxBytes, 2000);
  const refused = hostmq(["set", name, "--max-bytes", 2000]);
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /anew/u);
});

test("set on a queue of somebody else tells whose it is and who may", { skip: noOtherUser() }, (t) => {
  const name = posixName(t);
  using queue = PosixQueue.create(name, { mode: 0o666, exactMode: true, maxMessages: 1, maxMessageSize: 16 });
  const whose = "it belongs to user 0, group 0, with mode 0666; this process is user 65534, group 65534";
  const said = (...change: string[]): string => {
    const { status, stderr } = hostmq(["set", name, ...change], { uid: ordinaryUid });
    assert.equal(status, 1, stderr);
    return stderr;
  };
  assert.equal(
    said("--mode", "600"),
    `hostmq: EPERM: cannot set the mode of "${name}": only its owner or root (CAP_FOWNER) may do this: ${whose}. Run as user 0 or as root.\n`,
  );
  assert.equal(
    said("--owner", String(ordinaryUid)),
    `hostmq: EPERM: cannot change the owner of "${name}": only root (CAP_CHOWN) may give it to another user: ${whose}. Run as root.\n`,
  );
  assert.equal(
    said("--group", String(ordinaryUid)),
    `hostmq: EPERM: cannot change the group of "${name}": only its owner, for a group of the owner's own, or root (CAP_CHOWN) may change its group: ${whose}. Run as user 0, who must be in that group, or as root.\n`,
  );
  assert.equal(statSync(`/proc/self/fd/${queue.descriptor}`).mode & 0o777, 0o666);
});

test("ftok: names the queue that C finds with ftok", { skip: skipUnless("ftok", "true", []) }, (t) => {
  const key = sysvKey(t);
  SysVQueue.create(key).close();
  const { status, stderr } = hostmq(["stat", `ftok:/etc/hostname:A`]);
  // Nobody has a queue with this key; that it was asked for by ftok's key is what shows.
  assert.equal(status, 1);
  assert.match(stderr, /0x41[0-9a-f]{6}/u);
});
