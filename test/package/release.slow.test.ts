/** The release script: a rehearsal in a fresh clone, the real first half in another one, and all that it refuses. */
import assert from "node:assert/strict";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, describe, test } from "node:test";
import { type Outcome, root, runToEnd, skipUnless } from "../helpers/peers.js";

const version = "99.1.0";
const environment = {
  GIT_AUTHOR_NAME: "A",
  GIT_AUTHOR_EMAIL: "a@example.org",
  GIT_COMMITTER_NAME: "A",
  GIT_COMMITTER_EMAIL: "a@example.org",
  GIT_CONFIG_GLOBAL: "/dev/null",
  npm_config_update_notifier: "false",
};

/** What this clone holds now, as the only commit of a repository of its own. */
class Repository {
  readonly folder: string;
  /** Some tools leave things behind. */
  readonly #temporary: string;

  constructor(t: TestContext, change: (folder: string) => void = () => undefined) {
    const base = mkdtempSync(join(tmpdir(), "repository-"));
    t.after(() => {
      rmSync(base, { recursive: true });
    });
    this.folder = join(base, "clone");
    this.#temporary = join(base, "tmp");
    mkdirSync(this.#temporary);
    const listed = runToEnd("git", ["-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    for (const path of listed.stdout.split("\0")) {
      if (path === "" || !existsSync(join(root, path))) continue;
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      cpSync(join(root, path), join(this.folder, path));
    }
    change(this.folder);
    this.git("init", "--quiet", "--initial-branch", "main");
    this.git("add", "--all");
    this.git("commit", "--quiet", "--message", "All");
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"));
    // The ignored folder is a link here, which the pattern of a folder does not fit.
    writeFileSync(join(this.folder, ".git/info/exclude"), "node_modules\n");
  }

  git(...words: string[]): string {
    const { status, stdout, stderr } = runToEnd("git", words, { cwd: this.folder, env: environment });
    assert.equal(status, 0, stderr);
    return stdout;
  }

  release(...words: string[]): Outcome {
    return runToEnd("npm", ["run", "--silent", "release", "--", ...words], {
      cwd: this.folder,
      env: { ...environment, TMPDIR: this.#temporary },
      timeout: 900_000,
    });
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  /** Copies that the script did not remove. */
  leftBehind(): string[] {
    return readdirSync(this.#temporary).filter((name) => name.startsWith("hostmq-"));
  }

  /** Commit, tags and changes. */
  state(): string[] {
    return [this.git("rev-parse", "HEAD"), this.git("tag", "--list"), this.git("status", "--porcelain")];
  }
}

function edit(folder: string, path: string, change: (text: string) => string): void {
  writeFileSync(join(folder, path), change(readFileSync(join(folder, path), "utf8")));
}

/** What a person writes before the first release. */
function ready(folder: string): void {
  edit(folder, "README.md", (text) => text.replaceAll(/not released|no release on the npm registry/giu, "released"));
  edit(folder, "package.json", (text) =>
    text.replace('"license"', '"repository": "https://github.com/example/hostmq", "license"'),
  );
}

const states = runToEnd(join(root, "scripts/prebuild"), ["--list"]).stdout;
const skip =
  skipUnless("git", "git", ["--version"]) || (!states.includes("x64 here") && "no compiler for the prebuilt file");

const today = (): string => new Date().toISOString().slice(0, 10);

describe("the release", { skip }, () => {
  test("a dry run does all in a copy, tells what a real one would refuse, and changes nothing", (t) => {
    const repository = new Repository(t);
    const before = repository.state();
    const { status, stdout, stderr } = repository.release(version, "--dry-run");
    assert.equal(status, 0, `${stdout}${stderr}`);
    assert.match(stdout, /^release: packed hostmq-99\.1\.0\.tgz: \d{3} files, \d+ bytes, sha512-/mu);
    assert.match(stdout, /^release: smoke test: .* both families work; hostmq 99\.1\.0$/mu);
    assert.match(`${stdout}${stderr}`, /^\+ hostmq@99\.1\.0$/mu, "npm publish was rehearsed");
    assert.match(stdout, /^release: a real release would refuse: README\.md says that there is no release$/mu);
    if (states.includes("missing")) assert.match(stdout, /would refuse: no cross compiler for /u);
    else assert.match(stdout, /^release: dry run of 99\.1\.0 done for x64, arm64, arm, s390x, ppc64; nothing was /mu);
    assert.deepEqual(repository.state(), before);
    assert.ok(!existsSync(join(repository.folder, "build")), "the copy was built, not the clone");
    assert.deepEqual(repository.leftBehind(), []);
  });

  test(
    "the first half commits version, changelog and manual, and tags",
    { skip: states.includes("missing") && "a cross compiler is missing" },
    (t) => {
      const repository = new Repository(t, ready);
      const before = today();
      const { status, stdout, stderr } = repository.release(version);
      assert.equal(status, 0, `${stdout}${stderr}`);
      const [, tags, changes] = repository.state();
      assert.deepEqual([tags, changes], [`v${version}\n`, ""]);
      assert.equal(
        repository.git("log", "-1", "--format=%s %D"),
        `Release ${version} HEAD -> main, tag: v${version}\n`,
      );
      assert.equal(
        repository.git("show", "--format=", "--name-only"),
        ["CHANGELOG.md", "docs/man/hostmq.1", "package-lock.json", "package.json", ""].join("\n"),
      );
      assert.match(
        repository.read("CHANGELOG.md"),
        new RegExp(`^## Unreleased\n\n## ${version} - (?:${before}|${today()})\n\n### Added\n`, "mu"),
      );
      assert.match(repository.read("docs/man/hostmq.1"), new RegExp(`"hostmq ${version}"`, "u"));
      const lock = JSON.parse(repository.read("package-lock.json")) as {
        version: string;
        packages: Record<string, { version: string }>;
      };
      assert.deepEqual([lock.version, lock.packages[""]?.version], [version, version]);
      const again = repository.release(version);
      assert.match(again.stderr, /the tag v99\.1\.0 exists/u);
      assert.equal(again.status, 1);
    },
  );

  test("what is not fit for a release is refused before anything is changed", (t) => {
    const repository = new Repository(t, ready);
    const before = repository.state();
    const refused = (why: RegExp, ...words: string[]): void => {
      const { status, stderr } = repository.release(...words);
      assert.match(stderr, why);
      assert.equal(status, 1);
    };
    refused(/"1\.2" is no version/u, "1.2");
    refused(/0\.0\.9 is older than 0\.1\.0/u, "0.0.9");
    refused(/0\.1\.0-rc\.1 is older than 0\.1\.0/u, "0.1.0-rc.1");
    refused(/usage: /u);
    refused(/usage: /u, "--publish", "--dry-run");
    refused(/not the commit of the tag v0\.1\.0/u, "--publish");
    assert.deepEqual(repository.state(), before);

    repository.git("switch", "--quiet", "--create", "side");
    refused(/the branch side, not main/u, version);
    repository.git("switch", "--quiet", "main");
    writeFileSync(join(repository.folder, "new.txt"), "");
    refused(/changes that are not committed:\n\?\? new\.txt/u, version);
    rmSync(join(repository.folder, "new.txt"));
    edit(repository.folder, "package.json", (text) => text.replace(/"repository": "[^"]*", /u, ""));
    repository.git("commit", "--quiet", "--all", "--message", "No repository");
    refused(/package\.json names no repository/u, version);
  });

  test("an empty changelog is no release", (t) => {
    const repository = new Repository(t, (folder) => {
      edit(folder, "CHANGELOG.md", (text) => text.replace(/^- .*\n(?: {2}.*\n)*/gmu, ""));
    });
    const { status, stderr } = repository.release(version, "--dry-run");
    assert.match(stderr, /says of no change under Unreleased/u);
    assert.equal(status, 1);
  });
});
