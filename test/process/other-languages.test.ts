/** The programs that docs/other-languages.md shows, run as they stand there, with hostmq at the other end. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { c, json, struct, SysVQueue } from "hostmq";
import { sysvKey, type TestScope } from "../helpers/names.js";
import { root, runToEnd, skipUnless } from "../helpers/peers.js";

const page = readFileSync(join(root, "docs/other-languages.md"), "utf8");
const Pair = struct({ id: c.u32, qty: c.u16 });

interface Language {
  readonly name: string;
  readonly fence: string;
  readonly missing: string | false;
  /** Runs a program; `say` prints `type` and `body`, which the page's block leaves. */
  run(program: string): string;
  readonly before: string;
  readonly say: string;
  /** Prints the bytes of an expression in hexadecimal. */
  hex(expression: string): string;
  /** The packing of a {@link Pair} as the page shows it in a line. */
  readonly packing: RegExp;
}

/** Debian's own Python has the package; another one may come first on PATH. */
const python = "/usr/bin/python3";

function runWith(command: string, args: string[]): (program: string) => string {
  return (program) => {
    const { status, stdout, stderr } = runToEnd(command, [...args, program]);
    assert.equal(status, 0, `${stderr}\n${stdout}\n${program}`);
    return stdout;
  };
}

const languages: Language[] = [
  {
    name: "PHP",
    fence: "php",
    missing: skipUnless("PHP with sysvmsg", "php", ["-r", "exit(function_exists('msg_get_queue') ? 0 : 1);"]),
    run: runWith("php", ["-d", "display_errors=stderr", "-d", "error_reporting=-1", "-r"]),
    before: "",
    say: 'echo $type, " ", bin2hex($body);',
    hex: (expression) => `$id = 7; $qty = 9; echo bin2hex(${expression});`,
    packing: /`(pack\("LSx2", [^`]*)`/u,
  },
  {
    name: "Python",
    fence: "python",
    missing: skipUnless("Python with sysv_ipc", python, ["-c", "import sysv_ipc"]),
    run: runWith(python, ["-W", "error", "-c"]),
    before: "",
    say: "print(type, body.hex())",
    hex: (expression) => `import struct; id = 7; qty = 9; print((${expression}).hex())`,
    packing: /`(struct\.pack\([^`]*)`/u,
  },
  {
    name: "Perl",
    fence: "perl",
    missing: skipUnless("Perl with IPC::Msg", "perl", ["-MIPC::Msg", "-e", "1"]),
    run: runWith("perl", ["-e"]),
    before: "use strict; our ($id, $qty) = (7, 9);\n",
    say: 'print "$type ", unpack("H*", $body);',
    hex: (expression) => `my ($id, $qty) = (7, 9); print unpack("H*", ${expression});`,
    packing: /(pack\("L S x2", [^)]*\))/u,
  },
];

function blockOf(fence: string): string {
  const blocks = [...page.matchAll(/^```(\w*)\n(.*?)^```$/gmsu)].filter(([, language]) => language === fence);
  assert.equal(blocks.length, 1, `${blocks.length} ${fence} blocks`);
  return blocks[0]?.[2] ?? "";
}

/** The page's program on a queue of the test's own. */
function programFor(t: TestScope, language: Language): { queue: SysVQueue; program: string } {
  const key = sysvKey(t);
  const queue = SysVQueue.create(key, { maxBytes: 4096 });
  t.after(() => {
    queue.close();
  });
  const shown = blockOf(language.fence);
  assert.ok(shown.includes("0x1234"), "the page's key");
  const program = `${language.before}${shown.replaceAll("0x1234", String(key))}\n${language.say}`;
  return { queue, program };
}

for (const language of languages) {
  describe(`${language.name} at the other end`, { skip: language.missing }, () => {
    test("what the page shows receives our oldest message and sends one that we read", (t) => {
      const { queue, program } = programFor(t, language);
      const ours = language.fence === "perl" ? Pair.encode({ id: 1, qty: 2 }) : Buffer.from('{"id":"ü"}');
      queue.trySend(ours, { type: 3 });

      // It sends first, so that what it receives is ours.
      assert.equal(language.run(program).trim(), `3 ${ours.toString("hex")}`);

      const answer = queue.tryReceive() ?? assert.fail("it sent nothing");
      assert.equal(answer.type, 7);
      const value: unknown = language.fence === "perl" ? Pair.decode(answer.body) : json<unknown>().decode(answer.body);
      assert.deepEqual(value, language.fence === "perl" ? { id: 7, qty: 9 } : { id: 1 });
      assert.equal(queue.tryReceive(), undefined);
    });

    test("its packing of a struct, as the page has it, gives the bytes of ours", () => {
      const expression = language.packing.exec(page)?.[1] ?? assert.fail("the page shows no packing");
      assert.equal(language.run(language.hex(expression)).trim(), Pair.encode({ id: 7, qty: 9 }).toString("hex"));
    });
  });
}

const [php, py, perl] = languages as [Language, Language, Language];

test("PHP serializes unless told not to, as the page warns", { skip: php.missing }, (t) => {
  const { queue, program } = programFor(t, php);
  queue.trySend("x");
  php.run(program.replace("serialize: false", "serialize: true"));
  assert.match(queue.tryReceive()?.body.toString() ?? "", /^s:\d+:"/u);
});

test("Python refuses a body longer than its queue object's maximum, as the page warns", { skip: py.missing }, (t) => {
  const key = sysvKey(t);
  SysVQueue.create(key, { maxBytes: 8192 }).close();
  const long = (options: string): string =>
    py.run(`import sysv_ipc
queue = sysv_ipc.MessageQueue(${key}${options})
try:
  queue.send(b"x" * 2049)
  print("sent")
except ValueError:
  print("refused")`);
  assert.equal(long("").trim(), "refused");
  assert.equal(long(", max_message_size=4096").trim(), "sent");
});

test("Perl pads up to a multiple where told, as the page says", { skip: perl.missing }, () => {
  assert.ok(page.includes("`x!4`"));
  assert.equal(perl.run(perl.hex('pack("L S x!4", $id, $qty)')).trim(), Pair.encode({ id: 7, qty: 9 }).toString("hex"));
});
