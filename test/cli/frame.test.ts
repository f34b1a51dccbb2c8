/** The frame of the command: usage, exit status, streams, terminal. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { PosixQueue, SysVQueue } from "hostmq";
import { hostmq, inTerminal, noTerminal, shell } from "../helpers/cli.js";
import { posixName, sysvId, uniqueName } from "../helpers/names.js";
import { root } from "../helpers/peers.js";

test("--version is the package's, on stdout", () => {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const { status, stdout, stderr } = hostmq(["--version"]);
  assert.deepEqual([status, stdout, stderr], [0, `${version}\n`, ""]);
});

test("without a command the list of commands is shown with status 2, with --help with status 0", () => {
  for (const [words, expected] of [
    [[], 2],
    [["--help"], 0],
    [["help"], 0],
  ] as const) {
    const { status, stdout } = hostmq([...words]);
    assert.equal(status, expected);
    assert.match(stdout, /^ {2}ls +list the queues/mu);
  }
});

test("the list of commands tells of --version, the exit statuses and the manual page", () => {
  const { stdout } = hostmq(["--help"]);
  assert.match(stdout, /^ {2}-V, --version +\S/mu);
  assert.match(stdout, /^Exit status: 0 .*1 .*2 .*3 .*\n?.*man hostmq/mu);
  for (const line of stdout.split("\n")) assert.ok(line.length <= 100, line);
});

test("every command has help with an example, on stdout", () => {
  const names = [...hostmq(["--help"]).stdout.matchAll(/^ {2}(\S+) {2}/gmu)].map(([, name = ""]) => name);
  assert.ok(names.includes("ls"));
  for (const name of names) {
    const { status, stdout, stderr } = hostmq([name, "--help"]);
    assert.deepEqual([status, stderr], [0, ""], name);
    assert.match(stdout, new RegExp(`Examples:\n {2}# .+\n.*hostmq ${name}`, "u"), name);
  }
});

test("bad usage has status 2 and names the nearest right word on stderr", () => {
  const cases: [string[], RegExp][] = [
    [["lss"], /no command "lss" \(did you mean "ls"\?\)/u],
    [["ls", "--jsn"], /--jsn.*--json/u],
    [["ls", "--sort", "mesages"], /did you mean "messages"\?/u],
    [["ls", "--kind", "posx"], /did you mean "posix"\?/u],
    [["stat"], /queue/u],
    [["stat", "12"], /key:12 or id:12/u],
    [["create", "/a", "--max-bytes", "10"], /--max-messages/u],
    [["create", "/a", "--mode", "rw"], /octal/u],
    [["set", "/a"], /nothing to change/u],
    [["send", "a/b", "x"], /"a\/b" names no queue: a name with no slash but the first is needed/u],
    [["send", "n".repeat(300), "x"], /at most 255 bytes/u],
    [["send", "key:0", "x"], /hostmq create --private/u],
    [["send", "id:-5", "x"], /"id:-5" needs a number from 0/u],
    [["send", "/a", "x", "--priority", "40000"], /a priority from 0 to 32767 is needed, not "40000"/u],
    [["request", "/a", "x", "--priority", "40000"], /a priority from 0 to 32767/u],
    [["send", "/a", "-5"], /'-5' \(a body that begins with a dash comes behind --\); see/u],
    [["send", "/a", "b", "c"], /^hostmq: too many arguments: expected 2 arguments but got 3; see/u],
    [["--verbose"], /no option "--verbose"/u],
  ];
  for (const [words, expected] of cases) {
    const { status, stdout, stderr } = hostmq(words);
    assert.equal(status, 2, words.join(" "));
    assert.equal(stdout, "");
    assert.match(stderr, expected);
    assert.doesNotMatch(stderr, /\n\s+at |PosixQueue|SysVQueue/u);
  }
});

test("an error of the kernel has status 1 and explains itself on stderr", () => {
  const { status, stdout, stderr } = hostmq(["stat", uniqueName()]);
  assert.deepEqual([status, stdout], [1, ""]);
  assert.match(stderr, /^hostmq: ENOENT: /u);
});

test("a reader that goes away is no error", () => {
  const { stdout, stderr } = shell(
    `for i in 1 2 3; do hostmq ls --kind sysv | head -n1 >/dev/null; echo "\${PIPESTATUS[0]}"; done`,
  );
  assert.deepEqual([stdout, stderr], ["0\n0\n0\n", ""]);
  // Whatever the pipe can hold, the command meets a reader that has gone.
  const closed = shell(`hostmq ls --kind sysv --watch 10ms | head -n3 >/dev/null; echo "\${PIPESTATUS[0]}"`);
  assert.deepEqual([closed.stdout, closed.stderr], ["0\n", ""]);
});

test("colours are for terminals and never with NO_COLOR", { skip: noTerminal }, () => {
  const escape = "\u001b[";
  assert.ok(inTerminal(["ls"]).stdout.includes(escape));
  assert.ok(!inTerminal(["ls"], [], { NO_COLOR: "1" }).stdout.includes(escape));
  assert.ok(!inTerminal(["ls"], [], { TERM: "dumb" }).stdout.includes(escape));
  assert.ok(!hostmq(["ls"]).stdout.includes(escape));
});

test("Ctrl-C ends a watching command by the signal", { skip: noTerminal }, () => {
  const { status } = inTerminal(["ls", "--watch", "50ms"], [["KIND", "\\x03"]]);
  assert.equal(status, 130);
});

test(
  "ls --watch has a screen of its own, as high as the terminal, and gives the old one back",
  { skip: noTerminal },
  (t) => {
    for (let made = 0; made < 30; made++) {
      using queue = SysVQueue.createPrivate();
      sysvId(t, queue.id);
    }
    const { status, stdout } = inTerminal(["ls", "--kind", "sysv", "--watch", "50ms"], [["more", "\\x03"]]);
    assert.equal(status, 130);
    assert.ok(stdout.startsWith("\u001b[?1049h\u001b[?25l"), JSON.stringify(stdout.slice(0, 80)));
    assert.ok(stdout.trimEnd().endsWith("\u001b[?25h\u001b[?1049l"), JSON.stringify(stdout.slice(-80)));
    // What would clear what can be scrolled back to.
    assert.ok(!stdout.includes("\u001b[3J"));
    const [, screen = ""] = stdout.split("\u001b[H");
    // eslint-disable-next-line no-control-regex -- the escapes of the terminal
    const rows = screen.replace(/\u001b\[[?\d;]*[A-Za-z]/gu, "").split(/\r*\n/u);
    assert.equal(rows.length, 24);
    for (const row of rows) assert.ok(row.length <= 80, row);
    assert.match(rows[23] ?? "", /^… \d+ more lines/u);
  },
);

test("ls --watch writes no escapes where no screen can be drawn", { skip: noTerminal }, () => {
  const dumb = inTerminal(["ls", "--watch", "50ms"], [["KIND", "\\x03"]], { TERM: "dumb" });
  assert.equal(dumb.status, 130);
  assert.ok(!dumb.stdout.includes("\u001b"), JSON.stringify(dumb.stdout));
  const { stdout } = shell("hostmq ls --watch 10ms 2>&1 | head -n 6");
  assert.ok(!stdout.includes("\u001b"), JSON.stringify(stdout));
});

test("ls --watch says once what keeps it from showing every queue", () => {
  const { stderr: remarks } = hostmq(["ls"]);
  const { stderr } = shell("hostmq ls --watch 10ms | head -n 6 >/dev/null");
  assert.equal(stderr, remarks);
});

test("what a terminal would obey is shown and not sent", (t) => {
  const name = posixName(t);
  // A name of our own with an escape in it; it is removed here, for the helper does not know it.
  const evil = `${name}\u001b[31m\n`;
  using queue = PosixQueue.create(evil, { maxMessages: 1, maxMessageSize: 16 });
  try {
    const { stdout } = hostmq(["ls", "--kind", "posix"]);
    assert.ok(stdout.includes(`${name}\\x1b[31m\\x0a`), stdout);
    assert.ok(!stdout.includes("\u001b"));
  } finally {
    PosixQueue.unlink(queue.name);
  }
});
