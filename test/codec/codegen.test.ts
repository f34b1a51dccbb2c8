import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { c, struct } from "hostmq";
import { generateStructs, loadStructs } from "hostmq/codegen";
import { compileWith, workshop } from "./c-compiler.js";
import { byOrder } from "./host.js";

const root = new URL("../../..", import.meta.url).pathname;
const SYSTEM = [
  ["struct msqid_ds", "<sys/msg.h>"],
  ["struct stat", "<sys/stat.h>"],
  ["struct input_event", "<linux/input.h>"],
  ["struct tcp_info", "<netinet/tcp.h>"],
  ["struct timespec", "<time.h>"],
  ["struct sigevent", "<signal.h>"],
  ["siginfo_t", "<signal.h>"],
  ["struct msginfo", "<sys/msg.h>"],
  ["struct utsname", "<sys/utsname.h>"],
  ["struct sockaddr_in6", "<netinet/in.h>"],
  ["struct tcphdr", "<netinet/tcp.h>"],
  ["struct dirent", "<dirent.h>"],
  ["struct inotify_event", "<sys/inotify.h>"],
] as const;

/** Whether gcc agrees with sizes, alignments and all offsets that C can name. */
function assertLikeGcc(
  header: string,
  type: string,
  made: { size: number; alignment: number; offsets: object },
  bitFields: readonly string[],
): void {
  const named = Object.entries(made.offsets).filter(
    ([name]) => !bitFields.includes(name) && !/^(anonymous\d+|_gap\d+)$/.test(name),
  );
  const lines = named.map(([name]) => `printf("${name} %zu\\n", offsetof(${type}, ${name}));`);
  const source = `#include <stddef.h>\n#include <stdio.h>\n#include ${header}\nint main(void) { printf("%zu %zu\\n", sizeof(${type}), __alignof__(${type})); ${lines.join(" ")} return 0; }`;
  const binary = join(workshop, "offsets");
  const { ok, output } = compileWith("gcc", ["-I", workshop, "-o", binary], source);
  assert.ok(ok, output);
  const printed = execFileSync(binary, { encoding: "utf8" });
  assert.equal(
    `${made.size} ${made.alignment}\n${named.map(([name, offset]) => `${name} ${offset}\n`).join("")}`,
    printed,
  );
}

function present<T>(value: T | undefined): T {
  assert.ok(value !== undefined);
  return value;
}

describe("hostmq/codegen", () => {
  for (const [type, header] of SYSTEM) {
    it(`gives ${type} of ${header} as gcc lays it out`, async () => {
      const structs = await loadStructs({ headers: [header], types: [type] });
      const made = structs[type.replace(/^struct /, "")];
      assert.ok(made);
      assert.ok(Object.keys(made.offsets).length > 0);
      const source = await generateStructs({ headers: [header], types: [type] });
      const bitFields = [...source.matchAll(/^ *(\w+): c\.bits\(/gm)].map((match) => match[1] as string);
      assertLikeGcc(header, type, made, bitFields);
    });
  }

  const own = join(workshop, "own.h");
  before(() => {
    writeFileSync(
      own,
      `#include <stdint.h>
       #include <linux/types.h>
       enum colour { RED = -1, GREEN, BLUE = 7 };
       typedef enum { SMALL = 1, LARGE = 200 } __attribute__((packed)) width_t;
       typedef struct { uint16_t x, y; } point_t;
       struct __attribute__((packed)) frame { uint8_t version; uint32_t length; __be16 port; };
       struct gaps { unsigned a : 3; unsigned : 2; unsigned b : 9; unsigned : 0; signed char c : 4; long long d : 40; _Bool e : 1; };
       struct all {
         struct frame frame; point_t points[3]; enum colour colour; width_t width;
         union { int number; float real; struct { short low, high; }; };
         struct { char tag[4]; const volatile unsigned char *where; } inner;
         int matrix[2][3]; char names[2][5]; double far __attribute__((aligned(32))); long double strange;
         void (*callback)(int); struct all *next; unsigned flags : 5; signed level : 4; uint8_t rest[];
       };
       struct tight { char a; int b __attribute__((packed)); short c; };
       struct __attribute__((packed)) loose { int a; };
       union either { int a; double b; };`,
    );
  });

  it("takes every kind of field", async () => {
    const options = {
      headers: [own],
      types: ["struct all", "struct gaps", "struct tight", "struct loose", "union either", "point_t"],
    };
    const structs = await loadStructs(options);
    assertLikeGcc(`"${own}"`, "struct all", present(structs.all), ["flags", "level"]);
    assertLikeGcc(`"${own}"`, "struct tight", present(structs.tight), []);
    assertLikeGcc(`"${own}"`, "struct frame", present(structs.frame), []);
    assert.equal(
      present(structs.gaps).size,
      Number(
        execFileSync(
          "sh",
          [
            "-c",
            `printf '#include "${own}"\\n#include <stdio.h>\\nint main(void){printf("%%zu",sizeof(struct gaps));}' | gcc -x c - -o ${workshop}/g && ${workshop}/g`,
          ],
          { encoding: "utf8" },
        ),
      ),
    );
    assert.deepEqual([present(structs.loose).size, present(structs.loose).alignment], [4, 1]);
    assert.equal(present(structs.either).size, 8);
    assert.deepEqual(present(structs.point_t).decode(Buffer.from(byOrder([1, 0, 2, 0], [0, 1, 0, 2]))), { x: 1, y: 2 });
  });

  it("reads bit-fields that C wrote", async () => {
    const { gaps } = await loadStructs({ headers: [own], types: ["struct gaps"] });
    const binary = join(workshop, "gaps");
    const source = `#include "${own}"\n#include <stdio.h>\n#include <string.h>\nint main(void) { struct gaps g; memset(&g, 0, sizeof g); g.a = 5; g.b = 300; g.c = -3; g.d = -123456789012LL; g.e = 1; fwrite(&g, sizeof g, 1, stdout); return 0; }`;
    assert.ok(compileWith("gcc", ["-o", binary], source).ok);
    assert.deepEqual(present(gaps).decode(execFileSync(binary)), { a: 5, b: 300, c: -3, d: -123456789012n, e: true });
  });

  const folder = join(root, "build", `generated-${process.pid}`);
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("writes TypeScript that compiles and is the struct", async () => {
    mkdirSync(folder, { recursive: true });
    const source = await generateStructs({
      headers: ["<sys/msg.h>", own],
      types: ["struct msqid_ds", "struct all"],
      from: "#hostmq/codec/index",
    });
    writeFileSync(join(folder, "structs.ts"), source);
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        extends: "../../tsconfig.base.json",
        compilerOptions: { rootDir: ".", outDir: ".", composite: false },
        files: ["structs.ts"],
      }),
    );
    const { status, stdout } = spawnSync(
      process.execPath,
      [join(root, "node_modules/typescript/bin/tsc"), "-p", folder],
      { encoding: "utf8", cwd: root },
    );
    assert.equal(status, 0, stdout);
    const written = (await import(pathToFileURL(join(folder, "structs.js")).href)) as Record<
      string,
      ReturnType<typeof struct>
    >;
    assertLikeGcc("<sys/msg.h>", "struct msqid_ds", present(written.msqid_ds), []);
    assertLikeGcc(`"${own}"`, "struct all", present(written.all), ["flags", "level"]);
  });

  it("gives the layout of 32-bit programs with -m32", async (t) => {
    if (!compileWith("gcc", ["-m32", "-fsyntax-only"], "#ifndef __i386__\n#error\n#endif\n").ok) {
      t.skip("this gcc has no -m32 for x86");
      return;
    }
    const header = join(workshop, "small.h");
    writeFileSync(header, "struct small { char a; long long b; long c; void *d; double e; };\n");
    const { small } = await loadStructs({ headers: [header], types: ["struct small"], flags: ["-m32"] });
    assert.deepEqual(
      [present(small).size, present(small).alignment, present(small).offsets],
      [28, 4, { a: 0, b: 4, c: 12, d: 16, e: 20 }],
    );
    assert.match(
      await generateStructs({ headers: [header], types: ["struct small"], flags: ["-m32"] }),
      /layout: "i386"/,
    );
  });

  it("reads the older DWARF as well", async () => {
    const { gaps } = await loadStructs({
      headers: [own],
      types: ["struct gaps"],
      flags: ["-gdwarf-3", "-gstrict-dwarf"],
    });
    const { gaps: newer } = await loadStructs({ headers: [own], types: ["struct gaps"] });
    const value = { a: 5, b: 300, c: -3, d: -123456789012n, e: true };
    assert.deepEqual(present(gaps).encode(value), present(newer).encode(value));
  });

  it("says what the compiler says", async () => {
    await assert.rejects(
      loadStructs({ headers: ["<sys/msg.h>"], types: ["struct nothing_like_it"] }),
      /gcc refuses: .*nothing_like_it/s,
    );
    await assert.rejects(loadStructs({ headers: [], types: ["int"] }), /int is no struct or union/);
    await assert.rejects(loadStructs({ headers: [], types: ["int; system"] }), /types must be names of types in C/);
    await assert.rejects(
      loadStructs({ headers: [], types: ["int"], compiler: "no-such-cc" }),
      /no-such-cc is not there/,
    );
  });

  it("gives structs whose assertions hold against the header itself", async () => {
    const { timespec } = await loadStructs({ headers: ["<time.h>"], types: ["struct timespec"] });
    const source = `#include <time.h>\n${present(timespec).toHeader("timespec", { mode: "assert" })}`;
    assert.deepEqual(compileWith("gcc", ["-std=c11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"], source), {
      ok: true,
      output: "",
    });
    const wrong = struct({ tv_sec: c.long, tv_nsec: c.unsignedLong }).toHeader("timespec", { mode: "assert" });
    assert.match(
      compileWith("gcc", ["-std=c11", "-fsyntax-only"], `#include <time.h>\n${wrong}`).output,
      /tv_nsec: unsigned/,
    );
  });
});
