/** What a hostile peer writes, as a name or as a body, does not reach the terminal of who looks at it; a program gets every byte. */
import assert from "node:assert/strict";
import { type TestContext, describe, test } from "node:test";
import { PosixQueue, SysVQueue } from "hostmq";
import { printable, printableBytes, printableJson, printableLines } from "#hostmq/cli/printable";
import { hostmq, hostmqBytes, inTerminal, noTerminal } from "../helpers/cli.js";
import { posixName, sysvKey } from "../helpers/names.js";

// A new title, a cleared screen, C1's CSI as one character, a line drawn over the last one, text that runs backwards.
const attack = "\u001b]0;owned\u0007\u001b[2J\u009b31m\rover\u202egnp.exe\u007f";
const shownAttack = "\\x1b]0;owned\\x07\\x1b[2J\\x9b31m\\x0dover\\u202egnp.exe\\x7f";
const jsonAttack = "\\u001b]0;owned\\u0007\\u001b[2J\\u009b31m\\rover\\u202egnp.exe\\u007f";
const body = Buffer.concat([Buffer.from(`1 €\t2\n${attack}`), Buffer.from([0x9b, 0xff])]);
const shownBody = `1 €\t2\r\n${shownAttack}\\x9b\\xff\r\n`;

/** What a terminal shows of it must hold nothing that it obeys but its own line ends, tabs, bold and plain. */
function assertHarmless(stdout: string): void {
  // eslint-disable-next-line no-control-regex -- what hostmq itself draws with
  const foreign = stdout.replace(/\r\u001b\[K|\u001b\[(?:[01]|22|31|39)?m|\u001b\[(?:\?\d+[hl]|\d*[GHJK])/gu, "");
  // eslint-disable-next-line no-control-regex -- what is looked for
  assert.doesNotMatch(foreign, /[\u0000-\u0008\u000b-\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u);
  assert.doesNotMatch(foreign, /\r(?!\r?\n)/u);
}

function hostilePosix(t: TestContext): string {
  const name = `${posixName(t)}${attack}`;
  const queue = PosixQueue.create(name, { maxMessages: 4, maxMessageSize: 256 });
  t.after(() => {
    queue.close();
    PosixQueue.unlink(name);
  });
  return name;
}

describe("at a terminal", { skip: noTerminal }, () => {
  test("receive, peek and request show a body's escapes instead of sending them", (t) => {
    const key = sysvKey(t);
    const queue = SysVQueue.create(key);
    for (let sent = 0; sent < 4; sent++) queue.trySend(body);
    assert.equal(inTerminal(["peek", `key:${key}`]).stdout, shownBody);
    assert.equal(inTerminal(["receive", `key:${key}`]).stdout, shownBody);
    assert.equal(inTerminal(["receive", `key:${key}`, "--lines"]).stdout, shownBody);
    queue.trySend(attack, { type: 9 });
    assert.equal(inTerminal(["request", `key:${key}`, "hello", "--reply-type", 9]).stdout, `${shownAttack}\r\n`);
  });

  test("JSON escapes what it leaves as it is elsewhere, and means the same", (t) => {
    const key = sysvKey(t);
    const queue = SysVQueue.create(key);
    for (const type of [1, 1, 9]) queue.trySend(attack, { type });
    for (const words of [
      ["peek", `key:${key}`, "--jsonl"],
      ["receive", `key:${key}`, "--jsonl"],
      ["request", `key:${key}`, "hello", "--reply-type", 9, "--jsonl"],
    ]) {
      const { stdout } = inTerminal(words);
      assertHarmless(stdout);
      assert.ok(stdout.includes(jsonAttack), stdout);
      assert.equal((JSON.parse(stdout) as { body: string }).body, attack);
    }
  });

  test("names are shown, by every command and in every error", (t) => {
    const name = hostilePosix(t);
    for (const [words, shown, steps] of [
      [["ls", name], shownAttack],
      [["ls", name, "--json"], jsonAttack],
      [["stat", name], shownAttack],
      [["stat", name, "--json"], jsonAttack],
      [["watch", name, "--count", 1], shownAttack],
      [["watch", name, "--count", 1, "--json"], jsonAttack],
      [["purge", name], shownAttack],
      [["rm", `${name}*`, "--dry-run"], shownAttack],
      [["peek", name], shownAttack],
      [["receive", `${name}-missing`], "owned"],
      [["receive", name, "--", `./${attack}`], shownAttack],
      [["top", name, "--interval", "100ms"], "hostmq-test", [["%", "q"]]],
      [["rm", `${name}*`], shownAttack, [["[y/N]", "n\\r"]]],
    ] as const) {
      if (words[0] === "receive") PosixQueue.open(name).trySend("x");
      const { stdout } = inTerminal([...words], steps ?? []);
      assertHarmless(stdout);
      assert.ok(stdout.includes(shown), `${words.join(" ")}: ${JSON.stringify(stdout)}`);
    }
  });
});

test("into a pipe or a file goes every byte as it is", (t) => {
  const key = sysvKey(t);
  const queue = SysVQueue.create(key);
  for (let sent = 0; sent < 3; sent++) queue.trySend(body);
  assert.deepEqual(hostmqBytes(["peek", `key:${key}`]).stdoutBytes, body);
  assert.deepEqual(hostmqBytes(["receive", `key:${key}`]).stdoutBytes, body);
  assert.deepEqual(
    hostmqBytes(["receive", `key:${key}`, "--null"]).stdoutBytes,
    Buffer.concat([body, Buffer.from([0])]),
  );
  const { stdout } = hostmq(["receive", `key:${key}`, "--jsonl"]);
  assert.deepEqual(Buffer.from((JSON.parse(stdout) as { base64: string }).base64, "base64"), body);
});

test("every control character is escaped, every other one stays", () => {
  for (let code = 0; code < 0x3000; code++) {
    const char = String.fromCodePoint(code);
    const direction = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(char);
    const obeyed = code < 0x20 || (code >= 0x7f && code < 0xa0) || direction || code === 0x2028 || code === 0x2029;
    assert.equal(printable(char) !== char, obeyed, `U+${code.toString(16)}`);
    assert.equal(printableLines(char) !== char, obeyed && code !== 9 && code !== 10, `U+${code.toString(16)}`);
    assert.equal(printableBytes(Buffer.from(char)), printableLines(char));
    const json = printableJson(JSON.stringify({ [char]: char }));
    assert.deepEqual(JSON.parse(json), { [char]: char });
    if (obeyed) assert.ok(!json.includes(char));
  }
});

test("bytes that are no UTF-8 are shown one by one, whatever stands around them", () => {
  assert.equal(printableBytes(Buffer.from([0x61, 0xe2, 0x82, 0xac, 0xe2, 0x82])), "a€\\xe2\\x82");
  assert.equal(printableBytes(Buffer.from([0xf0, 0x9f, 0x92, 0xa9, 0x80, 0xc0, 0x80])), "💩\\x80\\xc0\\x80");
  // An honest U+FFFD is one.
  assert.equal(printableBytes(Buffer.from("\ufffd")), "\ufffd");
  assert.equal(printableBytes(Buffer.from([0xed, 0xa0, 0x80])), "\\xed\\xa0\\x80");
  assert.equal(printableBytes(Buffer.from([0xef, 0xbb, 0xbf, 0x61])), "\ufeffa");
});
