/** Which programs the package starts, and that nothing a peer wrote - a name, a body, a type - is ever read by a shell. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { type TestContext, test } from "node:test";
import ts from "typescript";
import { c, PosixQueue, struct, SysVQueue } from "hostmq";
import { hostmq } from "../helpers/cli.js";
import { posixName, sysvKey } from "../helpers/names.js";
import { root } from "../helpers/peers.js";
import { noPrivateNamespace } from "../helpers/private-namespace.js";

/** Every use of another program or of code made at run time, by file. What is not here fails the test. */
const uses: Readonly<Record<string, readonly string[]>> = {
  "addon-loading": ["dlopen"], // the addon
  "cli/build": ["spawn"], // node-gyp or cmake-js, when a person asks for a compilation
  "cli/build-tools": ["createRequire"], // where these are: a path to start, not code to load
  "cli/execute": ["spawn"], // the program of receive and trigger, which the person at the command line wrote
  "cli/mounted": ["spawnSync"], // unshare and mount, for hostmq ls --mount
  "cli/run": ["spawn"], // unshare and mount, for hostmq run
  "codec/peer": ["createRequire"], // @msgpack/msgpack and cborg
  "codec/struct/compile": ["Function"], // from numbers and checked identifiers
  "codegen/compiler": ["execFile"], // the C compiler and readelf, when a program asks for a struct of a header
};

const starting = ["exec", "execFile", "execFileSync", "execSync", "fork", "spawn", "spawnSync"];
const makingCode = ["eval", "Function", "dlopen", "createRequire", "runInNewContext", "runInThisContext", "Script"];
const modules = ["child_process", "vm", "cluster", "inspector", "repl"].flatMap((name) => [name, `node:${name}`]);

interface Finding {
  readonly used: Set<string>;
  readonly problems: string[];
}

function look(path: string): Finding {
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
  const used = new Set<string>();
  const problems: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) lookAtImport(node, used, problems);
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) lookAtCall(node, used, problems);
    if (ts.isPropertyAssignment(node) && node.name.getText() === "shell") problems.push("an option called shell");
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { used, problems };
}

function lookAtImport({ importClause, moduleSpecifier }: ts.ImportDeclaration, used: Set<string>, problems: string[]) {
  const from = (moduleSpecifier as ts.StringLiteral).text;
  if (!modules.includes(from)) return;
  const bindings = importClause?.namedBindings;
  if (bindings === undefined || !ts.isNamedImports(bindings)) problems.push(`${from} as a whole`);
  else if (!from.endsWith("child_process")) problems.push(from);
  else
    for (const { name, propertyName, isTypeOnly } of bindings.elements) {
      if (propertyName !== undefined) problems.push(`${propertyName.text} as ${name.text}`);
      if (!isTypeOnly) used.add(name.text);
    }
}

function lookAtCall(
  { expression, arguments: given }: ts.CallExpression | ts.NewExpression,
  used: Set<string>,
  problems: string[],
) {
  const name = ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
  if (expression.kind === ts.SyntaxKind.ImportKeyword && !given?.[0]?.getText().startsWith('"./'))
    if (!given?.[0]?.getText().startsWith('"../')) problems.push(`import(${given?.[0]?.getText() ?? ""})`);
  // `pattern.exec(text)` is a regular expression's.
  if (starting.includes(name) && ts.isIdentifier(expression)) {
    const words = given?.[1];
    if (words === undefined || ts.isStringLiteralLike(words) || ts.isTemplateExpression(words))
      problems.push(`${name} without an array of arguments`);
  }
  if (makingCode.includes(name) && name !== "Script") used.add(name);
  if (name === "createRequire") used.add(name);
}

function filesOf(folder: string, suffix: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(suffix) && !path.endsWith(".d.ts"))
    .map((path) => join(folder, path));
}

// Of the published files, which are made of these, the library that reads command lines is the only other part: it starts a
// program only for a command that was declared to be one, and none is.
test("lib starts only the programs that SECURITY.md lists, with arrays of arguments and never through a shell", () => {
  const files = filesOf(join(root, "lib"), ".ts");
  assert.ok(files.length > 100, `${files.length} files`);
  const found: Record<string, readonly string[]> = {};
  for (const path of files) {
    const { used, problems } = look(path);
    const name = relative(join(root, "lib"), path).slice(0, -".ts".length);
    assert.deepEqual(problems, [], name);
    if (used.size > 0) found[name] = [...used].sort();
  }
  assert.deepEqual(found, uses);
});

const attack = "$(touch ran)`touch ran`';touch ran;'\"\n|touch ran&";

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "programs-"));
  t.after(() => {
    rmSync(path, { recursive: true });
  });
  return path;
}

function assertExact(here: string, body: string, word: string): void {
  assert.equal(readFileSync(join(here, "body"), "utf8"), body);
  assert.equal(readFileSync(join(here, "queue"), "utf8"), word);
  assert.ok(!existsSync(join(here, "ran")));
}

const keepBoth = 'cat >body; printf %s "$HOSTMQ_QUEUE" >queue';

test("receive gives a body on stdin and a name in the environment, to a line of shell and to a program", (t) => {
  const here = folder(t);
  const name = `${posixName(t)}${attack}`;
  const queue = PosixQueue.create(name, { maxMessages: 2, maxMessageSize: 128 });
  t.after(() => {
    queue.close();
    PosixQueue.unlink(name);
  });
  for (const program of [
    ["--exec", `cd '${here}' && ${keepBoth}`],
    ["--", "sh", "-c", `cd "$0" && ${keepBoth}`, here],
  ]) {
    queue.trySend(attack);
    const { status, stderr } = hostmq(["receive", name, ...program]);
    assert.equal(status, 0, stderr);
    assertExact(here, attack, name);
  }
});

test("trigger tells a program of a queue with any name, on stdin and in the environment", (t) => {
  const here = folder(t);
  const name = `${posixName(t)}${attack}`;
  const queue = PosixQueue.create(name, { maxMessages: 2, maxMessageSize: 128 });
  t.after(() => {
    queue.close();
    PosixQueue.unlink(name);
  });
  queue.trySend(attack);
  const line = `cd '${here}' && ${keepBoth}`;
  const { status, stderr } = hostmq(["trigger", name, "--messages", 1, "--once", "--exec", line]);
  assert.equal(status, 0, stderr);
  const said = readFileSync(join(here, "body"), "utf8");
  assert.equal((JSON.parse(said) as { queue: string }).queue, name);
  assertExact(here, said, name);
});

test("a type of a message is a number in the environment, however large", (t) => {
  const here = folder(t);
  const key = sysvKey(t);
  SysVQueue.create(key).trySend("x", { type: 2n ** 63n - 1n });
  const line = `printf %s "$HOSTMQ_TYPE" >'${here}/type'`;
  assert.equal(hostmq(["receive", `key:${key}`, "--exec", line]).status, 0);
  assert.equal(readFileSync(join(here, "type"), "utf8"), String(2n ** 63n - 1n));
});

test("run passes a folder and words on as they are", { skip: noPrivateNamespace() }, (t) => {
  const here = folder(t);
  const words = ["--", "sh", "-c", 'cd "$1" && printf %s "$2" >body && printf %s "$3" >queue', "sh", here, attack];
  const { status, stderr } = hostmq(["run", "--private", ...words, "queue"]);
  assert.equal(status, 0, stderr);
  assertExact(here, attack, "queue");
  const refused = hostmq([
    "run",
    "--private",
    "--mount",
    `${here}/;touch ${here}/ran;$(touch ${here}/ran)`,
    "--",
    "true",
  ]);
  assert.equal(refused.status, 125, "there is no such folder");
  assert.ok(!existsSync(join(here, "ran")));
});

test("the source that a struct is compiled to holds no name that is not an identifier", () => {
  for (const name of ["a;b", "a[0]", "constructor()", "a\u2028b", "${1}", "ａ", "__proto__", "a b", ""]) {
    assert.throws(() => struct({ [name]: c.u8 }), /must be a C identifier/u, name);
  }
});
