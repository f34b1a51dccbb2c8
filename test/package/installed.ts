/** The package as people get it: packed, and installed where there is neither network nor compiler. */
import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestScope } from "../helpers/names.js";
import { type Outcome, root, runToEnd, skipUnless } from "../helpers/peers.js";

const npm = npmScript();
/** Scripts of package managers, by name, and how each installs a file without asking a registry. */
export const managers: Readonly<Record<string, (tarball: string) => readonly string[]>> = {
  npm: (tarball) => [npm ?? "", "install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", tarball],
  // Nothing here is to be compiled, so it makes no difference to allow scripts: an implied `node-gyp rebuild` would fail.
  "npm with install scripts": (tarball) => [npm ?? "", "install", "--offline", "--no-audit", "--no-fund", tarball],
  pnpm: (tarball) => [join(root, "node_modules/pnpm/bin/pnpm.cjs"), "add", "--offline", "--ignore-scripts", tarball],
  yarn: (tarball) => [
    join(root, "node_modules/yarn/bin/yarn.js"),
    "add",
    "--offline",
    "--ignore-scripts",
    "--non-interactive",
    `file:${tarball}`,
  ],
};

/** False where packages can be installed as here, else why not. */
export function cannotInstall(): string | false {
  if (process.platform !== "linux") return "only Linux has a network namespace and a prebuilt file";
  if (npm === undefined) return "npm is not here";
  if (!existsSync(join(root, `prebuilds/linux-${process.arch}/hostmq.node`)))
    return "no prebuilt file: npm run prebuild";
  return skipUnless("a network namespace (unshare --net, as root)", "unshare", ["--net", "true"]);
}

/** The packed package, gone after the tests. */
export function packed(t: TestScope): string {
  const folder = temporaryFolder(t);
  const { status, stdout, stderr } = runToEnd(
    process.execPath,
    [npm ?? "", "pack", "--ignore-scripts", "--silent", "--pack-destination", folder],
    { cwd: root },
  );
  assert.equal(status, 0, stderr);
  return join(folder, stdout.trim());
}

/** A project of its own in which a program runs without network, and with no other program on PATH but node and those named. */
export class Project {
  readonly folder: string;
  readonly #environment: NodeJS.ProcessEnv;

  constructor(t: TestScope, others: readonly string[] = []) {
    this.folder = temporaryFolder(t);
    const programs = join(this.folder, "programs");
    mkdirSync(programs);
    symlinkSync(process.execPath, join(programs, "node"));
    for (const program of others) {
      const path = onPath(program);
      if (path !== undefined) symlinkSync(path, join(programs, program));
    }
    writeFileSync(join(this.folder, "package.json"), '{ "name": "project", "version": "1.0.0", "private": true }');
    this.#environment = { PATH: programs, HOME: this.folder, TMPDIR: this.folder, HOSTMQ_ADDON: "" };
  }

  install(manager: string, tarball: string): void {
    const { status, stdout, stderr } = this.run([process.execPath, ...(managers[manager]?.(tarball) ?? [])]);
    assert.equal(status, 0, `${stdout}${stderr}`);
  }

  run(words: readonly string[]): Outcome {
    return runToEnd("/usr/bin/unshare", ["--net", ...words], { cwd: this.folder, env: this.#environment });
  }

  /** Runs a compiled script as if it were the project's own. */
  runScript(runtime: readonly string[], script: URL, args: readonly string[]): Outcome {
    const copy = join(this.folder, "script.mjs");
    copyFileSync(fileURLToPath(script), copy);
    return this.run([...runtime, copy, ...args]);
  }
}

/** Outside of the clone, whose node_modules would be found from a folder within. */
function temporaryFolder(t: TestScope): string {
  const folder = mkdtempSync(`/tmp/package-${process.env.HOSTMQ_TEST_RUN ?? "alone"}-`);
  t.after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

function npmScript(): string | undefined {
  const npm = onPath("npm");
  if (npm === undefined) return undefined;
  const script = join(dirname(realpathSync(npm)), "npm-cli.js");
  return existsSync(script) ? script : undefined;
}

/** The file behind a program: what the clone installed comes first, then the system's, and not a version manager's stand-in. */
function onPath(program: string): string | undefined {
  const folders = [join(root, "node_modules/.bin"), "/usr/bin", ...(process.env.PATH ?? "").split(":")];
  const path = folders.map((folder) => join(folder, program)).find((file) => existsSync(file));
  return path === undefined ? undefined : realpathSync(path);
}
