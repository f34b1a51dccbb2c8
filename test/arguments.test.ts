import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import * as check from "#hostmq/arguments";

const method = "PosixQueue.open";

/** Values of every kind, those that bite included. */
const revoked = (() => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
})();
const hostile = new Proxy(
  function hostile() {
    return 0;
  },
  {
    get() {
      throw new Error("get");
    },
    getPrototypeOf() {
      throw new Error("getPrototypeOf");
    },
    has() {
      throw new Error("has");
    },
    ownKeys() {
      throw new Error("ownKeys");
    },
  },
);
const forged: unknown = Object.create(Uint8Array.prototype);
const odd: readonly unknown[] = [
  undefined,
  null,
  true,
  false,
  0,
  -0,
  -1,
  1.5,
  NaN,
  Infinity,
  -Infinity,
  2 ** 53,
  0n,
  -1n,
  1n << 63n,
  1n << 100_000n,
  "",
  "x",
  "/",
  "x".repeat(100_000),
  "a\nb\0",
  Symbol("s"),
  Symbol("x".repeat(9999)),
  [],
  [1, 2],
  {},
  new Map(),
  new Date(NaN),
  () => 0,
  class Own {
    readonly own = 1;
  },
  Object.create(null),
  revoked,
  hostile,
  forged,
  new Uint8Array(2),
  new Uint16Array(2),
  new ArrayBuffer(2),
  Buffer.from("x"),
  AbortSignal.abort(),
  { constructor: { name: 5 } },
];

/** Each checker with what it accepts among anything at all. */
const checkers: Record<string, (value: unknown) => unknown> = {
  name: (value) => check.checkName(method, value),
  options: (value) => check.checkOptions(method, value, ["mode"]),
  integer: (value) => check.checkInteger(method, "count", value, 1, 10),
  type: (value) => check.checkType(method, "type", value),
  timeout: (value) => check.checkTimeout(method, value),
  signal: (value) => check.checkSignal(method, value),
  body: (value) => check.checkBody(method, value),
  buffer: (value) => check.checkBuffer(method, value),
  mode: (value) => check.checkMode(method, value),
  choice: (value) => check.checkOneOf(method, "access", value, ["read", "write"]),
  boolean: (value) => check.checkBoolean(method, "exactMode", value),
  function: (value) => check.checkFunction(method, "callback", value),
  key: (value) => check.checkKey(method, value),
  descriptor: (value) => check.checkDescriptor(method, value),
  codec: (value) => check.checkCodec(method, value),
};

/** Runs a checker; whatever it throws must have the one shape. */
function refusal(run: () => unknown): Error | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    assert.ok(error instanceof TypeError || error instanceof RangeError, String(error));
    const code = error instanceof TypeError ? "ERR_INVALID_ARG_TYPE" : "ERR_OUT_OF_RANGE";
    assert.equal((error as NodeJS.ErrnoException).code, code);
    assert.match(error.message, /^PosixQueue\.open: \w+ must be [^\n]+; got [^\n]+$/);
    assert.ok(error.message.length < 500, error.message);
    return error;
  }
}

for (const [name, run] of Object.entries(checkers)) {
  test(`${name}: every kind of value is accepted or refused in the one shape`, () => {
    for (const value of odd) {
      // The caller's own proxy may throw from for…in; that is the caller's exception.
      if (name === "options" && (value === revoked || value === hostile)) continue;
      refusal(() => run(value));
    }
  });
  test(`${name}: so is anything that fast-check can think of`, () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withTypedArray: true, withNullPrototype: true }),
        (value) => {
          refusal(() => run(value));
        },
      ),
    );
  });
}

test("the message shows the value that was given", () => {
  const shows = (value: unknown, text: string): void => {
    assert.equal(
      refusal(() => check.checkBoolean(method, "exactMode", value))?.message,
      `PosixQueue.open: exactMode must be a boolean; got ${text}`,
    );
  };
  shows("yes", '"yes"');
  shows(-0, "-0");
  shows(5n, "5n");
  shows(1n << 200n, "a bigint of more than 128 bits");
  shows(Symbol("s"), "Symbol(s)");
  shows(null, "null");
  shows([1, 2], "an array of 2");
  shows({}, "an object");
  shows(new Map(), "an instance of Map");
  shows(function go() {
    return 0;
  }, "function go");
  shows(revoked, "an object");
  shows(hostile, "a function");
  shows("x".repeat(1000), `"${"x".repeat(40)}"… (1000 characters)`);
});

test("checkName adds the slash and takes what the kernel takes", () => {
  assert.equal(check.checkName(method, "jobs"), "/jobs");
  assert.equal(check.checkName(method, "/jobs"), "/jobs");
  assert.equal(check.checkName(method, "..."), "/...");
  assert.equal(check.checkName(method, `/${"x".repeat(255)}`).length, 256);
  assert.equal(check.checkName(method, "ü".repeat(127)), `/${"ü".repeat(127)}`);
});

for (const [value, rule] of [
  ["", /at least one character/],
  ["/", /at least one character/],
  ["/a/b", /no slash but the first/],
  ["//a", /no slash but the first/],
  ["/.", /other than "\." and "\.\."/],
  ["..", /other than/],
  ["a\0b", /without a NUL/],
  ["x".repeat(256), /at most 255 bytes/],
  ["ü".repeat(128), /at most 255 bytes/],
] as const) {
  test(`checkName names the rule that ${JSON.stringify(value.slice(0, 10))} breaks`, () => {
    const error = refusal(() => check.checkName(method, value));
    assert.ok(error instanceof RangeError);
    assert.match(error.message, rule);
  });
}

test("checkName: what it accepts is a slash and 1 to 255 bytes without slash and NUL", () => {
  const text = fc.string({ unit: "binary", maxLength: 300 });
  fc.assert(
    fc.property(
      fc.oneof(text, fc.string({ unit: fc.constantFrom("/", ".", "a", "\0", "é"), maxLength: 5 })),
      (value) => {
        const bare = value.startsWith("/") ? value.slice(1) : value;
        const good =
          bare !== "" && !/[/\0]/.test(bare) && bare !== "." && bare !== ".." && Buffer.byteLength(bare) <= 255;
        const error = refusal(() => {
          assert.equal(check.checkName(method, value), `/${bare}`);
        });
        assert.equal(error === undefined, good);
      },
    ),
  );
});

test("checkOptions names the right spelling", () => {
  const allowed = ["mode", "maxMessages", "maxMessageSize"];
  assert.deepEqual(check.checkOptions(method, undefined, allowed), {});
  const options = { mode: 0o600 };
  assert.equal(check.checkOptions(method, options, allowed), options);
  const slip = (option: string): string =>
    refusal(() => check.checkOptions(method, { [option]: 1 }, allowed))?.message ?? "";
  assert.match(
    slip("maxMesages"),
    /option must be one of mode, maxMessages, maxMessageSize; got "maxMesages" \(did you mean "maxMessages"\?\)$/,
  );
  assert.match(slip("maxmessages"), /did you mean "maxMessages"/);
  assert.doesNotMatch(slip("zzz"), /did you mean/);
  for (const value of [null, 1, "mode", [], true])
    assert.ok(refusal(() => check.checkOptions(method, value, allowed)) instanceof TypeError);
});

test("checkInteger takes exactly the integers of its range", () => {
  fc.assert(
    fc.property(fc.double(), fc.maxSafeInteger(), fc.nat(), (value, min, size) => {
      const max = min + size;
      const error = refusal(() => check.checkInteger(method, "count", value, min, max));
      assert.equal(error === undefined, Number.isInteger(value) && value >= min && value <= max);
    }),
  );
});

test("checkType takes 1 to 2^63-1 and gives a number where one can hold it", () => {
  fc.assert(
    fc.property(fc.bigInt(-(2n ** 70n), 2n ** 70n), (value) => {
      const good = value >= 1n && value < 2n ** 63n;
      const error = refusal(() => {
        const type = check.checkType(method, "type", value);
        assert.equal(BigInt(type), value);
        assert.equal(typeof type, value <= Number.MAX_SAFE_INTEGER ? "number" : "bigint");
      });
      assert.equal(error === undefined, good);
    }),
  );
  assert.ok(refusal(() => check.checkType(method, "type", 2 ** 53)) instanceof RangeError);
  assert.ok(refusal(() => check.checkType(method, "type", "1")) instanceof TypeError);
});

test("checkTimeout: for ever is undefined, and NaN is nothing", () => {
  assert.equal(check.checkTimeout(method, undefined), undefined);
  assert.equal(check.checkTimeout(method, Infinity), undefined);
  assert.equal(check.checkTimeout(method, 0), 0);
  assert.equal(check.checkTimeout(method, 0.5), 0.5);
  for (const value of [NaN, -1, -Infinity])
    assert.ok(refusal(() => check.checkTimeout(method, value)) instanceof RangeError);
  for (const value of [null, "5", 5n]) assert.ok(refusal(() => check.checkTimeout(method, value)) instanceof TypeError);
});

test("checkBody and checkBuffer take real bytes only", () => {
  for (const value of [new Uint8Array(0), Buffer.from("x")]) {
    assert.equal(check.checkBody(method, value), value);
    assert.equal(check.checkBuffer(method, value), value);
  }
  assert.equal(check.checkBody(method, ""), "");
  for (const value of [forged, new Uint16Array(1), new DataView(new ArrayBuffer(1)), [1], { length: 1 }]) {
    assert.ok(refusal(() => check.checkBody(method, value)) instanceof TypeError);
    assert.ok(refusal(() => check.checkBuffer(method, value)) instanceof TypeError);
  }
});

test("checkMode: a mode that was written in decimal is told to be octal", () => {
  assert.equal(check.checkMode(method, 0o600), 0o600);
  assert.match(refusal(() => check.checkMode(method, 600))?.message ?? "", /in octal: 0o600\); got 600$/);
});

test("checkKey gives C's signed value and refuses IPC_PRIVATE", () => {
  assert.equal(check.checkKey(method, 0xffffffff), -1);
  assert.equal(check.checkKey(method, -0x80000000), -0x80000000);
  assert.equal(check.checkKey(method, 0, true), 0);
  assert.match(refusal(() => check.checkKey(method, 0))?.message ?? "", /IPC_PRIVATE/);
  fc.assert(
    fc.property(fc.integer(), (key) => {
      if (key !== 0) assert.equal(check.checkKey(method, key >>> 0), key);
    }),
  );
});

test("checkSignal takes a signal of another realm", () => {
  const foreign = { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined };
  assert.equal(check.checkSignal(method, foreign), foreign);
  assert.ok(refusal(() => check.checkSignal(method, { aborted: false })) instanceof TypeError);
});

test("checkCodec takes an object or a class", () => {
  const codec = { contentType: "a/b", encode: () => "", decode: () => "" };
  assert.equal(check.checkCodec(method, codec), codec);
  class Own {
    readonly own = 1;
  }
  const Static = Object.assign(Own, codec);
  assert.equal(check.checkCodec(method, Static as unknown), Static);
  assert.ok(refusal(() => check.checkCodec(method, { ...codec, decode: undefined } as unknown)) instanceof TypeError);
});
