/** A name that anybody may choose is never taken for anything but the name: not by a shell, not by xargs, not as a pattern. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { PosixQueue } from "hostmq";
import { hostmq, shell, startHostmq } from "../helpers/cli.js";
import { posixName } from "../helpers/names.js";

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "names-"));
  t.after(() => {
    rmSync(path, { recursive: true });
  });
  return path;
}

/** Creates a queue of this very name and holds it open, so that it can be listed without a mount. */
function create(t: TestContext, name: string): string {
  const queue = PosixQueue.create(name, { maxMessages: 1, maxMessageSize: 16 });
  t.after(() => {
    queue.close();
    try {
      PosixQueue.unlink(name);
    } catch {
      // The test removed it.
    }
  });
  return name;
}

const exists = (name: string): boolean => {
  try {
    PosixQueue.open(name).close();
    return true;
  } catch {
    return false;
  }
};

test("completing a name in bash runs nothing of it, neither at Tab nor at Enter", (t) => {
  const here = folder(t);
  const begin = posixName(t);
  const names = ["$(touch ran)", "`touch ran`", ";touch ran", "$((ran=1))", "'\"\\ {a,b} #!"].map((end) =>
    create(t, `${begin}${end}`),
  );
  // As readline does: the replies go into the line as they are, and Enter runs it.
  const line = `cd '${here}'; eval "$(hostmq completion bash)"
    COMP_WORDS=(hostmq stat ${begin}); COMP_CWORD=2; _hostmq
    for word in "\${COMPREPLY[@]}"; do eval "printf '%s\\\\0' $word"; done`;
  const { status, stdout, stderr } = shell(line);
  assert.equal(status, 0, stderr);
  assert.ok(!existsSync(join(here, "ran")));
  const words = stdout.split("\0").slice(0, -1);
  assert.deepEqual(words.sort(), names.sort());
});

test("ls --null names each queue exactly, so that a name with a blank does not become two", (t) => {
  const victim = create(t, posixName(t));
  const begin = posixName(t);
  const attack = create(t, `${begin} ${victim.slice(1)}\n${victim.slice(1)} --force`);
  const { stdout } = hostmq(["ls", `${begin}*`, "--null"]);
  assert.equal(stdout, `${attack}\0`);
  const { status, stderr } = shell(`hostmq ls '${begin}*' --null | xargs -0r hostmq rm`);
  assert.equal(status, 0, stderr);
  assert.ok(!exists(attack));
  assert.ok(exists(victim));
  for (const words of [["--json"], ["--output", "queue"]]) assert.equal(hostmq(["ls", "--null", ...words]).status, 2);
});

test("a name with a star names one queue, in every listing and to every command", (t) => {
  const begin = posixName(t);
  const victim = create(t, `${begin}-victim`);
  const attack = create(t, `${begin}*`);
  const { stdout } = hostmq(["ls", `${begin}[*]`, "--null"]);
  assert.equal(stdout, `posix:${attack}\0`);
  const word = stdout.slice(0, -1);
  const [listed] = JSON.parse(hostmq(["ls", word, "--json"]).stdout) as { queue: string; name: string }[];
  assert.deepEqual([listed?.queue, listed?.name], [word, attack]);
  assert.match(hostmq(["stat", word]).stdout, /^kind: +posix$/mu);
  assert.equal(hostmq(["rm", word]).status, 0);
  assert.ok(!exists(attack));
  assert.ok(exists(victim));
});

test("the answer to a request is not read from a queue that somebody else made under its name", async (t) => {
  const name = posixName(t);
  const queue = PosixQueue.create(name, { maxMessages: 2, maxMessageSize: 128 });
  const asking = startHostmq(t, ["request", name, "--expand", "{reply}"]);
  // The attacker guesses the process id; here the first of many tries is the right one.
  const squatted = `/hostmq-reply-${asking.child.pid ?? 0}`;
  const trap = PosixQueue.create(squatted, { maxMessages: 1, maxMessageSize: 128, mode: 0o666, exactMode: true });
  t.after(() => {
    queue.close();
    trap.close();
    PosixQueue.unlink(squatted);
  });
  trap.trySend("forged");
  const reply = (await queue.receive({ timeout: 30_000 })).body.toString();
  assert.match(reply, new RegExp(`^${squatted}-[0-9a-f]{12}$`, "u"));
  const answers = PosixQueue.open(reply, { access: "write" });
  answers.trySend("true");
  answers.close();
  assert.deepEqual(await asking.rest(), ["true"]);
  assert.ok(!exists(reply));
  assert.ok(exists(squatted));
});
