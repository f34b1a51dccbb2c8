/** The gates on what comes with the package: each is shown the defect that it is there for. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, describe, test } from "node:test";
import { root, runToEnd, start } from "../helpers/peers.js";

interface Entry {
  version?: string;
  resolved?: string;
  integrity?: string;
  hasInstallScript?: true;
  link?: true;
  dependencies?: Record<string, string>;
}
interface Lock {
  lockfileVersion: number;
  version: string;
  packages: Record<string, Entry>;
}
interface Manifest {
  version: string;
  scripts: Record<string, string>;
}

const read = (name: string): unknown => JSON.parse(readFileSync(join(root, name), "utf8"));

/** A folder with our own lock file, in which a defect was planted. */
function planted(t: TestContext, plant: (lock: Lock, manifest: Manifest) => void): string {
  const folder = mkdtempSync(join(tmpdir(), "lock-"));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  const lock = read("package-lock.json") as Lock;
  const manifest = read("package.json") as Manifest;
  // Something is installed with this package, whatever is at present.
  (lock.packages[""] ?? assert.fail()).dependencies = { valibot: "*" };
  // In a folder of their own no install script is known.
  for (const entry of Object.values(lock.packages)) delete entry.hasInstallScript;
  plant(lock, manifest);
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify(lock));
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  return folder;
}

const check = (...folders: string[]): { status: number | null; stderr: string } =>
  runToEnd(join(root, "scripts/check-dependencies"), folders);

/** The entry of a package in the lock file. */
function entry({ packages }: Lock, name: string): Entry {
  return packages[`node_modules/${name}`] ?? assert.fail(`no ${name}`);
}

describe("the check of the lock files", () => {
  test("passes those of this repository, and one without a defect", (t) => {
    assert.deepEqual(check().stderr, "");
    assert.equal(check().status, 0);
    assert.deepEqual(check(planted(t, () => undefined)).stderr, "");
  });

  for (const [what, fault, plant] of [
    [
      "another registry",
      "node_modules/valibot comes from https://registry.example/valibot.tgz",
      (lock) => {
        entry(lock, "valibot").resolved = "https://registry.example/valibot.tgz";
      },
    ],
    [
      "a package from git",
      "node_modules/fast-check comes from git+ssh://git@example.org/fast-check.git#1",
      (lock) => {
        entry(lock, "fast-check").resolved = "git+ssh://git@example.org/fast-check.git#1";
      },
    ],
    [
      "no hash",
      "node_modules/eslint has no sha512 integrity",
      (lock) => {
        delete entry(lock, "eslint").integrity;
      },
    ],
    [
      "a weak hash",
      "node_modules/eslint has no sha512 integrity",
      (lock) => {
        entry(lock, "eslint").integrity = "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=";
      },
    ],
    [
      "a folder in a package's place",
      "node_modules/knip is a folder, not a package of the registry",
      (lock) => {
        entry(lock, "knip").link = true;
      },
    ],
    [
      "an install script of a dependency",
      "node_modules/valibot is installed with this package and has an install script",
      (lock) => {
        entry(lock, "valibot").hasInstallScript = true;
      },
    ],
    [
      "an install script of an optional peer",
      "node_modules/cborg is installed with this package and has an install script",
      (lock) => {
        entry(lock, "cborg").hasInstallScript = true;
      },
    ],
    [
      "an install script below a dependency",
      "node_modules/knip is installed with this package and has an install script",
      (lock) => {
        entry(lock, "valibot").dependencies = { knip: "*" };
        entry(lock, "knip").hasInstallScript = true;
      },
    ],
    [
      "an install script of a tool",
      "node_modules/knip has an install script that scripts/check-dependencies does not know",
      (lock) => {
        entry(lock, "knip").hasInstallScript = true;
      },
    ],
    [
      "an install script of our own",
      "this package has a script postinstall",
      (_lock, manifest) => {
        manifest.scripts.postinstall = "node-gyp rebuild";
      },
    ],
    [
      "another version",
      "it is of version 9.9.9, package.json of 0.1.0",
      (lock, manifest) => {
        manifest.version = "0.1.0";
        lock.version = "9.9.9";
      },
    ],
    [
      "an older format",
      "lockfileVersion is 2, not 3",
      (lock) => {
        lock.lockfileVersion = 2;
      },
    ],
  ] as readonly [string, string, (lock: Lock, manifest: Manifest) => void][]) {
    test(`refuses ${what}`, (t) => {
      const folder = planted(t, plant);
      const { status, stderr } = check(folder);
      assert.equal(stderr, `check-dependencies: ${join(folder, "package-lock.json")}: ${fault}\n`);
      assert.equal(status, 1);
    });
  }
});

describe("the audit", () => {
  /** Runs it against a registry that answers so; the tree is one package. */
  async function audit(t: TestContext, answer: object | number): Promise<{ code: number | null; text: string }> {
    const folder = planted(t, (lock) => {
      lock.packages = { "": lock.packages[""] ?? {}, "node_modules/valibot": entry(lock, "valibot") };
    });
    const version = (read("package-lock.json") as Lock).packages["node_modules/valibot"]?.version ?? assert.fail();
    const server = createServer((request, response) => {
      request.resume();
      if (request.method !== "POST") {
        const dist = { tarball: "http://127.0.0.1/valibot.tgz", integrity: "sha512-x" };
        const versions = { [version]: { name: "valibot", version, dist } };
        response.end(JSON.stringify({ name: "valibot", "dist-tags": { latest: version }, versions }));
      } else if (typeof answer === "number") response.writeHead(answer).end();
      else response.end(JSON.stringify(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    const env = {
      npm_config_registry: `http://127.0.0.1:${port}/`,
      npm_config_cache: join(folder, "cache"),
      npm_config_update_notifier: "false",
      npm_config_fetch_retries: "0",
    };
    const program = start(t, join(root, "scripts/audit"), [folder], { env });
    const { code } = await program.exited;
    return { code, text: `${(await program.rest()).join("\n")}${program.stderr}` };
  }

  test("passes when the registry knows of nothing", async (t) => {
    const { code, text } = await audit(t, {});
    assert.equal(code, 0, text);
    assert.match(text, /: 0 known vulnerabilities in 1 packages/u);
  });

  test("fails when it knows of something, and says what", async (t) => {
    const advisory = {
      id: 1,
      url: "https://example.org/1",
      title: "Terrible",
      severity: "low",
      vulnerable_versions: "*",
    };
    const { code, text } = await audit(t, { valibot: [{ ...advisory, name: "valibot", cwe: [], cvss: {} }] });
    assert.equal(code, 1, text);
    assert.match(text, /low: valibot .*: Terrible https:\/\/example\.org\/1/u);
  });

  test("does not take silence for an answer", async (t) => {
    for (const status of [405, 500]) {
      const { code, text } = await audit(t, status);
      assert.equal(code, 3, text);
      assert.match(text, /NOT AUDITED/u);
    }
  });
});
