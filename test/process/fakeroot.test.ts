/**
 * A program that nobody here wrote: the daemon of Debian's `fakeroot`, which remembers owners of files for those who ask over
 * two System V queues. We ask as its own library does, in packed C structs.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { type Infer, MessageDecodeError, SysVQueue } from "hostmq";
import { IPC_RMID, msgctl, msgget } from "hostmq/sys";
import { fakeMessage } from "../codec/fakeroot-protocol.js";
import { sysvKey, type TestScope } from "../helpers/names.js";
import { type Program, root, runToEnd, skipUnless, start } from "../helpers/peers.js";

type FakeMessage = Infer<typeof fakeMessage>;
type Stat = FakeMessage["st"];

const daemonMissing = skipUnless("fakeroot's daemon (faked-sysv)", "faked-sysv", ["--version"]);
const scriptMissing = skipUnless("fakeroot (fakeroot-sysv)", "fakeroot-sysv", ["--version"]);
/** Milliseconds that the daemon may take to start, to answer or to end. */
const patience = 20_000;

interface Daemon {
  readonly program: Program;
  readonly key: number;
  readonly requests: SysVQueue<FakeMessage>;
  readonly answers: SysVQueue<FakeMessage>;
}

/** Three keys in a row: requests, answers, and the semaphore of the daemon's clients, which the daemon removes too. */
async function startDaemon(t: TestContext): Promise<Daemon> {
  const key = sysvKey(t);
  removeAfter(t, key + 1);
  const program = start(t, "faked-sysv", ["--foreground", "--key", key]);
  // It makes its queues before it says "KEY:PID".
  const [told] = (await program.line()).split(":");
  assert.equal(Number(told), key);
  const requests = SysVQueue.open(key, { codec: fakeMessage });
  const answers = SysVQueue.open(key + 1, { codec: fakeMessage });
  t.after(() => {
    requests.close();
    answers.close();
  });
  return { program, key, requests, answers };
}

function removeAfter(t: TestScope, key: number): void {
  t.after(() => {
    try {
      msgctl(msgget(key, 0), IPC_RMID);
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, "ENOENT");
    }
  });
}

let serial = 0;

function request(id: FakeMessage["id"], st: Stat): FakeMessage {
  serial += 1;
  const xattr = { buffersize: 0, buf: new Uint8Array(1024), flags_rc: 0 };
  return { id, pid: process.pid, serial, st, xattr, remote: 0 };
}

/** The file as stat(2) has it, for the daemon. */
function statOf(path: string): Stat {
  const { uid, gid, ino, dev, rdev, mode, nlink } = statSync(path, { bigint: true });
  return { uid: Number(uid), gid: Number(gid), ino, dev, rdev, mode: Number(mode), nlink: Number(nlink) };
}

async function ask({ requests, answers }: Daemon, st: Stat): Promise<Stat> {
  const question = request("stat_func", st);
  await requests.send(question, { timeout: patience });
  const { body, type } = await answers.receive({ timeout: patience });
  assert.deepEqual([type, body.id, body.pid, body.serial], [1, "stat_func", process.pid, question.serial]);
  return body.st;
}

function fileOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "hostmq-fakeroot-"));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  const path = join(folder, "file");
  writeFileSync(path, "");
  return path;
}

test("fakeroot's daemon remembers the owner that we give a file", { skip: daemonMissing }, async (t) => {
  const daemon = await startDaemon(t);
  assert.equal(fakeMessage.size, 1088);
  const st = statOf(fileOf(t));

  await daemon.requests.send(request("chown_func", { ...st, uid: 123, gid: 456 }));
  assert.deepEqual(await ask(daemon, st), { ...st, uid: 123, gid: 456 });

  await daemon.requests.send(request("chmod_func", { ...st, uid: 123, gid: 456, mode: 0o104755 }));
  assert.deepEqual(await ask(daemon, st), { ...st, uid: 123, gid: 456, mode: 0o104755 });

  const other = { ...st, ino: st.ino + 1n };
  assert.deepEqual(await ask(daemon, other), { ...other, uid: 0, gid: 0 }, "what it does not know is root's");

  daemon.program.child.kill("SIGTERM");
  assert.deepEqual(await daemon.program.exited, { code: 0, signal: null });
  assert.throws(() => SysVQueue.open(daemon.key), { code: "ENOENT" }, "it removes its queues");
});

test("many questions at once, each with its own answer", { skip: daemonMissing }, async (t) => {
  const daemon = await startDaemon(t);
  const st = statOf(fileOf(t));
  const files = Array.from({ length: 100 }, (_, n) => ({ ...st, ino: BigInt(n + 1), uid: 1000 + n }));
  const sent = files.map(async (file) => daemon.requests.send(request("chown_func", file)));
  const asked = files.map(async (file) => daemon.requests.send(request("stat_func", { ...file, uid: 7 })));
  const told: number[] = [];
  for await (const { body } of daemon.answers.messages({ prefetch: 4, signal: AbortSignal.timeout(patience) })) {
    assert.equal(body.st.uid, 999 + Number(body.st.ino));
    if (told.push(body.st.uid) === files.length) break;
  }
  await Promise.all([...sent, ...asked]);
  assert.deepEqual(
    told,
    files.map(({ uid }) => uid),
  );
});

test(
  "what is none of its structs is refused, both ways, and the next answer comes",
  { skip: daemonMissing },
  async (t) => {
    const daemon = await startDaemon(t);
    const st = statOf(fileOf(t));
    assert.throws(
      () => daemon.requests.trySend({ ...request("stat_func", st), id: "open_func" as never }),
      /fake_msg\.id: /u,
    );
    assert.throws(() => daemon.requests.trySend(request("stat_func", { ...st, ino: -1n })), /fake_msg\.st\.ino: /u);

    const raw = SysVQueue.open(daemon.key + 1);
    await raw.send("no answer of the daemon");
    await assert.rejects(daemon.answers.receive({ timeout: patience }), MessageDecodeError);
    raw.close();
    assert.equal((await ask(daemon, st)).ino, st.ino);
  },
);

test(
  "a program under fakeroot sees the owner that we gave its file",
  { skip: daemonMissing || scriptMissing },
  async (t) => {
    const daemon = await startDaemon(t);
    const path = fileOf(t);
    await daemon.requests.send(request("chown_func", { ...statOf(path), uid: 4321, gid: 1234 }));
    const library = libraryOf();
    const seen = runToEnd("stat", ["-c", "%u:%g", path], {
      cwd: root,
      env: { FAKEROOTKEY: String(daemon.key), LD_LIBRARY_PATH: library.folder, LD_PRELOAD: library.preload },
    });
    assert.equal(seen.stdout.trim(), "4321:1234", seen.stderr);

    // And we see the owner that the program gave it.
    const changed = runToEnd("chown", ["77:88", path], {
      cwd: root,
      env: { FAKEROOTKEY: String(daemon.key), LD_LIBRARY_PATH: library.folder, LD_PRELOAD: library.preload },
    });
    assert.equal(changed.status, 0, changed.stderr);
    const { uid, gid } = await ask(daemon, statOf(path));
    assert.deepEqual([uid, gid], [77, 88]);
  },
);

/** The library that the script puts in front of libc, as the script itself names it. */
function libraryOf(): { folder: string; preload: string } {
  const script = readFileSync(runToEnd("sh", ["-c", "command -v fakeroot-sysv"]).stdout.trim(), "utf8");
  const preload = /^FAKEROOT_LIB=(\S+)$/mu.exec(script)?.[1] ?? assert.fail("no FAKEROOT_LIB in the script");
  const folder = /^PATHS=(\S+)$/mu.exec(script)?.[1]?.split(":")[0] ?? assert.fail("no PATHS in the script");
  return { folder, preload };
}
