import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { bytes, type Codec, json, text, v8 } from "hostmq";
import { cbor } from "hostmq/cbor";
import { msgpack } from "hostmq/msgpack";
import { addonFile } from "../helpers/peers.js";
import { cannotRequireModules } from "./host.js";

/** Through the bytes that the kernel would hold. */
function body(encoded: Uint8Array | string): Buffer {
  return typeof encoded === "string" ? Buffer.from(encoded) : Buffer.from(encoded);
}

describe("bytes", () => {
  it("hands over the bytes themselves", () => {
    const sent = new Uint8Array([0, 1, 255]);
    assert.equal(bytes.encode(sent), sent);
    const received = Buffer.from(sent);
    assert.equal(bytes.decode(received), received);
    assert.equal(bytes.encode("ü"), "ü");
  });
});

/** Refused as a wrong argument, with what the format's library threw underneath. */
function refusal(codec: Codec<unknown>, value: unknown): Error & { code?: unknown } {
  try {
    codec.encode(value);
  } catch (error) {
    assert.ok(error instanceof TypeError || error instanceof RangeError, String(error));
    const code = error instanceof TypeError ? "ERR_INVALID_ARG_TYPE" : "ERR_OUT_OF_RANGE";
    assert.equal((error as Error & { code?: unknown }).code, code);
    assert.ok(error.cause instanceof Error);
    assert.ok(!error.message.includes("\n"));
    return error;
  }
  throw new Error("the value was encoded");
}

const loop: { self?: unknown } = {};
loop.self = loop;
let deep: unknown = 0;
for (let depth = 0; depth < 20_000; depth++) deep = [deep];
const throwing = {
  get name(): string {
    throw new Error("not loaded");
  },
};

describe("text", () => {
  it("brings back any well-formed text, a zero and a byte order mark included", () => {
    for (const sent of ["", "naïve €😀", "a\0b", "\ufeffx", "\ufffd", "ü".repeat(5000)])
      assert.equal(text.decode(body(text.encode(sent))), sent);
  });

  it("refuses malformed bytes and text that has none", () => {
    for (const malformed of [
      [0xff],
      [0xc0, 0xaf],
      [0xed, 0xa0, 0x80],
      [0xe2, 0x82],
      [...Buffer.alloc(99, "a"), 0xf5],
    ]) {
      assert.throws(() => text.decode(Buffer.from(malformed)), {
        name: "TypeError",
        message: "The bytes are not UTF-8",
      });
    }
    assert.throws(() => text.encode("\udc00"), /half a surrogate pair/);
    assert.throws(() => text.encode(1 as never), /^TypeError: text: body must be a string; got 1$/);
  });
});

describe("json", () => {
  it("brings back what JSON has", () => {
    for (const sent of [null, 0, "x", [1, { a: [] }], { "[": '"]}\\' }])
      assert.deepEqual(json<unknown>().decode(body(json<unknown>().encode(sent))), sent);
  });

  it("refuses what JSON lacks", () => {
    for (const sent of [undefined, () => 1, Symbol("s")])
      assert.throws(() => json<unknown>().encode(sent), /json: body must be a value that has a JSON form; got /);
  });

  it("tells what JSON.stringify throws as a wrong argument", () => {
    const start = "json: body must be a value that has a JSON form; got ";
    assert.equal(refusal(json(), 1n).message, `${start}1n: Do not know how to serialize a BigInt`);
    assert.equal(refusal(json(), loop).message, `${start}an object: Converting circular structure to JSON`);
    assert.equal(refusal(json(), throwing).message, `${start}an object: not loaded`);
    // Newer engines take any depth.
    const tooDeep = {
      toJSON(): never {
        throw new RangeError("too deep");
      },
    };
    assert.ok(refusal(json(), tooDeep) instanceof RangeError);
  });

  it("refuses nesting beyond its limit and takes the limit itself", () => {
    const nested = (depth: number): Buffer => Buffer.from(`${'{"a":['.repeat(depth / 2)}${"]}".repeat(depth / 2)}`);
    assert.doesNotThrow(() => json().decode(nested(128)));
    assert.throws(() => json().decode(nested(130)), { name: "RangeError", message: /nests deeper than 128 levels/ });
    assert.throws(() => json({ maxDepth: 2 }).decode(Buffer.from("[[[]]]")), /deeper than 2/);
    assert.deepEqual(json({ maxDepth: 1 }).decode(Buffer.from('["[[[[\\"[["]')), ['[[[["[[']);
    assert.throws(() => json({ maxDepth: 0 }), /json: maxDepth must be an integer of at least 1; got 0/);
  });

  it("refuses the key __proto__ however it is spelled, and takes it as a value", () => {
    for (const source of [
      '{"__proto__":{"x":1}}',
      '[{"a":{"__proto__":1}}]',
      '{"\\u005f_proto__":1}',
      '{"__prot\\u006F__":1}',
    ]) {
      assert.throws(() => json().decode(Buffer.from(source)), /"__proto__", which is refused/, source);
    }
    assert.deepEqual(json().decode(Buffer.from('["__proto__"]')), ["__proto__"]);
    assert.deepEqual(json().decode(Buffer.from('{"\\u0041":1}')), { A: 1 });
  });
});

describe("v8", () => {
  it("brings back what structured clone keeps", () => {
    const sent = { map: new Map([[1n, new Set(["x"])]]), at: new Date(0), loop };
    assert.deepEqual(v8<typeof sent>().decode(body(v8<typeof sent>().encode(sent))), sent);
    assert.match(
      refusal(v8(), { at: [Symbol("s")] }).message,
      /^v8: body must be a value that has a structured clone; got an object: .*could not be cloned$/,
    );
    assert.equal(refusal(v8(), throwing).message.endsWith("; got an object: not loaded"), true);
    assert.throws(() => v8().decode(Buffer.from("junk")));
  });
});

for (const [name, make] of [
  ["msgpack", msgpack],
  ["cbor", cbor],
] as const) {
  describe(name, { skip: name === "cbor" && cannotRequireModules }, () => {
    it("brings back values with bytes in them", () => {
      for (const sent of [null, -1, 1.5, "ü", [1, [2]], { a: { b: new Uint8Array([1, 2]) } }, "x".repeat(70_000)]) {
        const codec = make<unknown>();
        assert.deepEqual(codec.decode(body(codec.encode(sent))), sent);
      }
    });

    it("refuses undefined, and nesting beyond its limit", () => {
      assert.throws(() => make<unknown>().encode(undefined), /body must be a value that has a \w+ form; got undefined/);
      const array = name === "msgpack" ? 0x91 : 0x81;
      const nested = (depth: number): Buffer => Buffer.from([...Buffer.alloc(depth, array), 1]);
      assert.doesNotThrow(() => make({ maxDepth: 9 }).decode(nested(9)));
      assert.throws(() => make({ maxDepth: 9 }).decode(nested(10)), { name: "RangeError", message: /deeper than 9/ });
    });

    it("tells what its library throws as a wrong argument", () => {
      for (const sent of [
        () => 1,
        [Symbol("s")],
        loop,
        throwing,
        ...(name === "msgpack" ? [1n] : [new Date(0), deep]),
      ]) {
        const { message } = refusal(make(), sent);
        assert.match(message, new RegExp(`^${name}: body must be a value that has a \\w+ form; got .+: .+`));
      }
    });

    it("refuses lengths beyond the body before it makes room for them", () => {
      const heads =
        name === "msgpack"
          ? ["ddffffffff", "dfffffffff", "c6ffffffff", "dbffffffff", "93dd7fffffff01", "c9ffffffff01"]
          : ["9affffffff", "bb7fffffffffffffff", "5bffffffffffffffff", "7affffffff", "839a7fffffff01"];
      for (const head of heads)
        assert.throws(
          () => make().decode(Buffer.from(head, "hex")),
          { name: "RangeError", message: /cut short/ },
          head,
        );
    });

    it("refuses the key __proto__, and bytes left over", () => {
      const key = Buffer.from("__proto__");
      const map = name === "msgpack" ? [0x81, 0xa9, ...key, 0x01] : [0xa1, 0x69, ...key, 0x01];
      assert.throws(() => make().decode(Buffer.from(map)), /__proto__/);
      assert.throws(() => make().decode(Buffer.from([0, 0])));
      assert.throws(() => make().decode(Buffer.alloc(0)), /cut short/);
    });

    it("says what to install when its library is missing", (t) => {
      // Outside of the clone, whose node_modules has the library.
      const home = mkdtempSync(`/tmp/hostmq-bare-${name}-`);
      t.after(() => {
        rmSync(home, { recursive: true });
      });
      cpSync(new URL("../../../dist", import.meta.url), home, { recursive: true });
      writeFileSync(join(home, "package.json"), '{ "type": "module" }');
      const script = `import { ${name} } from "./codec/${name}.js"; try { ${name}(); } catch (error) { console.log(error.code, error.message); }`;
      const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
        encoding: "utf8",
        cwd: home,
        env: { ...process.env, HOSTMQ_ADDON: addonFile },
      });
      const library = name === "msgpack" ? "@msgpack/msgpack" : "cborg";
      assert.equal(
        stdout + stderr,
        `ERR_HOSTMQ_MISSING_PEER hostmq/${name} needs the package ${library}, which is not installed. Install it: npm install ${library}\n`,
      );
    });

    it("can be required from CommonJS", { skip: cannotRequireModules }, () => {
      const script = `const { ${name} } = require("hostmq/${name}"); console.log(${name}().decode(Buffer.from([7])))`;
      const { stdout } = spawnSync(process.execPath, ["--input-type=commonjs", "-e", script], {
        encoding: "utf8",
        cwd: new URL("../../..", import.meta.url),
      });
      assert.equal(stdout, "7\n");
    });
  });
}

describe("msgpack", () => {
  it("keeps 64-bit integers exact when asked to", () => {
    const codec = msgpack<unknown>({ bigint: true });
    assert.equal(codec.decode(body(codec.encode(2n ** 63n))), 2n ** 63n);
    const sent = new Date(1_700_000_000_123);
    assert.deepEqual(msgpack<Date>().decode(body(msgpack<Date>().encode(sent))), sent);
  });
});

describe("cbor", { skip: cannotRequireModules }, () => {
  it("gives a bigint where a number is not exact", () => {
    assert.equal(cbor().decode(Buffer.from("1bffffffffffffffff", "hex")), 2n ** 64n - 1n);
  });

  it("does not send a Map that it would refuse to read", () => {
    assert.deepEqual(cbor().decode(Buffer.from(cbor().encode({ m: new Map([["a", 1]]) }))), { m: { a: 1 } });
    assert.match(
      refusal(cbor(), new Map([[1, 2]])).message,
      /; got an instance of Map: .*key of a Map must be text; got 1$/,
    );
    assert.match(refusal(cbor(), { m: new Map([["__proto__", 2]]) }).message, /__proto__/);
  });

  it("refuses tags, repeated keys, malformed text and text in pieces", () => {
    for (const [hex, message] of [
      ["c001", /tag/],
      ["a2616101616102", /repeat map key/],
      ["61ff", /not UTF-8/],
      ["7f6161ff", /in pieces/],
      ["ff", /break that ends nothing/],
    ] as const) {
      assert.throws(() => cbor().decode(Buffer.from(hex, "hex")), message);
    }
    assert.deepEqual(cbor().decode(Buffer.from("9f01bf616102ffff", "hex")), [1, { a: 2 }]);
  });
});
