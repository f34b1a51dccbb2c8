// Compiles what the pages and the API reference show in TypeScript.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const folder = "build/docs-check";

/** Line numbers of a module are those of its page, so that the compiler's messages lead there. */
function modulesOf(page, blocks, faults) {
  const modules = [];
  for (const { start, lines } of blocks) {
    if (/^import\b/m.test(lines.join("\n"))) modules.push({ lines: [], first: start });
    const module = modules.at(-1);
    if (module === undefined) {
      faults.push(`${page}:${start + 1}: the first block of a page must import what it uses`);
      continue;
    }
    while (module.lines.length < start) module.lines.push("");
    const goesOn = module.first !== start;
    module.lines.push(goesOn ? `async function block${start}() {` : "export {};", ...lines, goesOn ? "}" : "");
  }
  return modules;
}

/** What `import` of the package may name, by entry. */
function exportedNames() {
  const { exports } = JSON.parse(readFileSync("package.json", "utf8"));
  const entries = Object.entries(exports).filter(([, target]) => target.types !== undefined);
  const program = ts.createProgram(
    entries.map(([, { types }]) => types),
    { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2023 },
  );
  const checker = program.getTypeChecker();
  return entries.map(([path, { types }]) => [
    path.replace(".", "hostmq"),
    checker
      .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(types)))
      .map((symbol) => symbol.getName()),
  ]);
}

/** The `@example`s of a source: the lines of each at their places, the others empty. */
function examplesOf(source) {
  const found = [];
  let example;
  source.split("\n").forEach((line, number) => {
    const text = /^\s*(?:\/\*)?\*+(?!\/) ?(.*?)(?:\s*\*\/)?$/.exec(line)?.[1];
    if (text === undefined) example = undefined;
    else if (text.startsWith("@")) {
      example = /^@example\b/.test(text) ? { start: number, lines: [text.slice("@example".length)] } : undefined;
      if (example !== undefined) found.push(example);
    } else if (example !== undefined) example.lines.push(text.startsWith("```") ? "" : text);
  });
  return found;
}

/** An example is a function, and what the package has and the example neither imports nor declares is imported. */
function exampleModule({ start, lines }, names) {
  const own = lines.filter((line) => line.startsWith("import "));
  const text = lines.map((line) => (line.startsWith("import ") ? "" : line)).join("\n");
  const wanted = new Set(text.match(/\w+/g));
  for (const name of own.join().match(/\w+/g) ?? []) wanted.delete(name);
  for (const [, name] of text.matchAll(/\b(?:const|let|class|interface|type|function) (\w+)/g)) wanted.delete(name);
  const imports = names.map(([entry, all]) => {
    const used = all.filter((name) => wanted.delete(name));
    return used.length === 0 ? "" : `import { ${used.join(", ")} } from "${entry}";`;
  });
  const head = `${[...imports, ...own].join(" ")} export async function example() {`;
  return `${head}${"\n".repeat(start)}${text}\n}\n`;
}

function writeExamples() {
  const names = exportedNames();
  let count = 0;
  for (const path of readdirSync("lib", { recursive: true }).filter((name) => name.endsWith(".ts"))) {
    for (const example of examplesOf(readFileSync(join("lib", path), "utf8"))) {
      const file = `lib/${path}`.replaceAll("/", "~").replace(/\.ts$/, `!${example.start + 1}.ts`);
      writeFileSync(join(folder, "examples", file), exampleModule(example, names));
      count += 1;
    }
  }
  return count;
}

function compile(project, place, faults) {
  const { status, stdout, error } = spawnSync("node_modules/.bin/tsc", ["-p", project, "--pretty", "false"], {
    encoding: "utf8",
  });
  if (error !== undefined) throw error;
  if (status !== 0) faults.push(...stdout.trimEnd().split("\n").map(place));
}

function writeSettings(project, compilerOptions) {
  const settings = {
    extends: "../".repeat(project.split("/").length) + "tsconfig.base.json",
    compilerOptions: { composite: false, declaration: false, noEmit: true, noUnusedLocals: false, ...compilerOptions },
    include: ["*.ts"],
  };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify(settings));
}

/** Adds to `faults` what does not compile. */
export function checkTypeScript(pages, faults) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "examples"), { recursive: true });
  let count = 0;
  for (const [page, { blocks }] of pages) {
    const code = blocks.filter(({ language }) => language === "ts");
    for (const { first, lines } of modulesOf(page, code, faults)) {
      writeFileSync(join(folder, `${page.replaceAll("/", "~")}~${first + 1}.ts`), `${lines.join("\n")}\n`);
      count += 1;
    }
  }
  const examples = writeExamples();
  if (count === 0 || examples === 0) faults.push("no page has a ts block, or no source an @example");
  writeSettings(folder);
  compile(
    folder,
    (line) => {
      const place = /^(?:.*\/)?([^/]+)~\d+\.ts\((\d+),\d+\): (.*)$/.exec(line);
      return place === null ? line : `${place[1].replaceAll("~", "/")}:${place[2]}: ${place[3]}`;
    },
    faults,
  );
  // Types are imported as if they were values: nobody runs these.
  writeSettings(join(folder, "examples"), {
    verbatimModuleSyntax: false,
    isolatedModules: false,
    noUnusedParameters: false,
    allowUnusedLabels: true,
  });
  compile(
    join(folder, "examples"),
    (line) => {
      const place = /^(?:.*\/)?([^/]+)!\d+\.ts\((\d+),\d+\): (.*)$/.exec(line);
      return place === null ? line : `${place[1].replaceAll("~", "/")}.ts:${place[2]}: ${place[3]}`;
    },
    faults,
  );
}
