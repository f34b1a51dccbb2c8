/**
 * Every function of the public surface with what each of its arguments may be. A function that is exported and not here
 * fails the test of bad input.
 */
import { isUint8Array } from "node:util/types";
import { c, json, struct as structOf } from "hostmq";
import { cbor } from "hostmq/cbor";
import { msgpack } from "hostmq/msgpack";

/** Whether a value is of the right kind and range, so that the call may go on to the kernel with it. */
export type Accepts = (value: unknown) => boolean;

export interface Argument {
  /** A value that is accepted. */
  readonly good: unknown;
  readonly accepts: Accepts;
  /** The options that it takes, if it is an options object. */
  readonly options?: Readonly<Record<string, Argument>>;
  /** For a struct of C: its fields, and good ones to go with the one that is not. */
  readonly structs?: readonly { readonly fields: Readonly<Record<string, Argument>>; readonly rest: object }[];
}

export interface Entry {
  readonly parameters: readonly Argument[];
  /** After `close`, too, it does not throw. */
  readonly harmlessWhenClosed?: boolean;
}

const bite = (): never => {
  throw new Error("touched");
};

const integer = (good: number, min: number, max: number): Argument => ({
  good,
  accepts: (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
});
const text = (good: string, accepts: (value: string) => boolean = () => true): Argument => ({
  good,
  accepts: (value) => typeof value === "string" && accepts(value),
});
const optional = (argument: Argument): Argument => ({
  ...argument,
  accepts: (value) => value === undefined || argument.accepts(value),
});
const nothingEnumerable = (value: unknown): boolean => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  for (const _key in value) return false;
  return true;
};
const required = (of: Readonly<Record<string, Argument>>): Argument => ({
  good: {},
  accepts: nothingEnumerable,
  options: of,
});
const options = (of: Readonly<Record<string, Argument>> = {}): Argument => optional(required(of));

const int = integer(0, -(2 ** 31), 2 ** 31 - 1);
const unsigned = integer(0, 0, 2 ** 32 - 1);
const size = optional(integer(4, 1, Number.MAX_SAFE_INTEGER));
const long: Argument = {
  good: 1,
  accepts: (value) => Number.isSafeInteger(value) || (typeof value === "bigint" && BigInt.asIntN(64, value) === value),
};

const name = text("/hostmq-test-no-such-queue", (value) => {
  const bare = value.replace(/^\//u, "");
  return bare !== "" && bare !== "." && bare !== ".." && !/[/\0]/u.test(bare) && Buffer.byteLength(bare) <= 255;
});
const key: Argument = {
  good: 0x68000001,
  accepts: (value) => value !== 0 && !Object.is(value, -0) && integer(1, -(2 ** 31), 2 ** 32 - 1).accepts(value),
};
const mode = optional(integer(0o600, 0, 0o777));
const type = optional({
  good: 1,
  accepts: (value) =>
    typeof value === "bigint"
      ? value >= 1n && value < 2n ** 63n
      : Number.isSafeInteger(value) && (value as number) >= 1,
});
const priority = optional(integer(0, 0, 32767));
const timeout = optional({ good: 0, accepts: (value) => typeof value === "number" && value >= 0 });
const signal = optional({ good: new AbortController().signal, accepts: (value) => value instanceof AbortSignal });
const codec = optional({ good: undefined, accepts: () => false });
const access = optional(text("read", (value) => ["read", "write", "readwrite"].includes(value)));
const body: Argument = { good: "x", accepts: (value) => typeof value === "string" || isUint8Array(value) };
const bodies: Argument = { good: ["x"], accepts: (value) => Array.isArray(value) && value.every(body.accepts) };
const buffer: Argument = { good: Buffer.alloc(8192), accepts: isUint8Array };
const bool = optional({ good: true, accepts: (value) => typeof value === "boolean" });
const callback: Argument = { good: () => undefined, accepts: (value) => typeof value === "function" };
const many = integer(1, 1, 2 ** 31 - 1);
const prefetch = optional(integer(0, 0, 2 ** 31 - 1));
const id = optional(integer(0, 0, 2 ** 32 - 1));
const maxBytes = optional(integer(128, 0, Number.MAX_SAFE_INTEGER));

const maxDepth = optional(integer(128, 1, Number.MAX_SAFE_INTEGER));
const alignment = optional(integer(8, 1, 1));
const count = integer(3, 1, 2 ** 31 - 1);
const fieldType: Argument = { good: c.u8, accepts: () => false };
const countOptions = options({ count: optional(text("n")) });
const enumOptions = options({ base: optional(fieldType), name: optional(text("side")) });
const members: Argument = {
  good: { BUY: 0, SELL: 1 },
  accepts: (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    const constants = Object.values(value);
    return constants.length > 0 && constants.every(Number.isInteger);
  },
};
const schema = { "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) } };

const coalesce = bool;
const posixOpen = { access, codec, coalesce };
const posixCreate = { ...posixOpen, mode, exactMode: bool, maxMessages: size, maxMessageSize: size };
const sysvOpen = { codec, coalesce, type };
const sysvCreate = { ...sysvOpen, mode, maxBytes };
const selection = { type, upTo: type, except: type, truncate: optional(integer(1, 0, 2 ** 31 - 16)) };

const none: Entry = { parameters: [] };
const harmless: Entry = { parameters: [], harmlessWhenClosed: true };
const of = (...parameters: Argument[]): Entry => ({ parameters });

/** What both families have. */
const queueMethods = (
  send: Readonly<Record<string, Argument>>,
  receive: Readonly<Record<string, Argument>>,
): Readonly<Record<string, Entry>> => ({
  send: of(body, options({ ...send, timeout, signal })),
  trySend: of(body, options(send)),
  trySendMany: of(bodies, options(send)),
  sendSync: of(body, options({ ...send, timeout })),
  receive: of(options({ ...receive, timeout, signal })),
  tryReceive: of(options(receive)),
  tryReceiveMany: of(many, options(receive)),
  receiveSync: of(options({ ...receive, timeout })),
  receiveInto: of(buffer, options(receive)),
  messages: of(options({ ...receive, signal, prefetch })),
  readable: of(options({ ...receive, signal, prefetch })),
  writable: of(options(send)),
  "Symbol(Symbol.asyncIterator)": none,
  close: harmless,
  "Symbol(Symbol.dispose)": harmless,
  "Symbol(Symbol.asyncDispose)": harmless,
  ref: harmless,
  unref: harmless,
});

/** The methods of a handle, by class and name. */
export const methods: Readonly<Record<"PosixQueue" | "SysVQueue", Readonly<Record<string, Entry>>>> = {
  PosixQueue: { ...queueMethods({ priority }, {}), attributes: none, onNotEmpty: of(callback) },
  SysVQueue: {
    ...queueMethods({ type }, selection),
    status: none,
    remove: none,
    browse: none,
    configure: of(required({ mode, uid: id, gid: id, maxBytes })),
    peek: of(optional(integer(0, 0, 2 ** 31 - 1))),
  },
};

/** Functions of their own and static methods. */
export const functions: Readonly<Record<string, Entry>> = {
  "PosixQueue.open": of(name, options(posixOpen)),
  "PosixQueue.create": of(name, options(posixCreate)),
  "PosixQueue.openOrCreate": of(name, options(posixCreate)),
  "PosixQueue.unlink": of(name),
  "PosixQueue.list": none,
  "PosixQueue.fromDescriptor": of(integer(0, 0, 2 ** 31 - 1), options({ codec, coalesce })),
  "SysVQueue.open": of(key, options(sysvOpen)),
  "SysVQueue.create": of(key, options(sysvCreate)),
  "SysVQueue.openOrCreate": of(key, options(sysvCreate)),
  "SysVQueue.createPrivate": of(options(sysvCreate)),
  "SysVQueue.fromId": of(int, options(sysvOpen)),
  "SysVQueue.list": none,
  ftok: of(
    text("/", (value) => !value.includes("\0")),
    int,
  ),
  json: of(options({ maxDepth })),
  v8: none,
  withSchema: of({ good: json(), accepts: () => false }, { good: schema, accepts: () => false }),
  struct: of(
    // An object without fields is a struct of no bytes, which gcc allows.
    { good: { n: c.u8 }, accepts: nothingEnumerable },
    options({
      name: optional(text("order")),
      packed: bool,
      align: alignment,
      layout: optional(text("lp64", (value) => ["lp64", "ilp32", "i386"].includes(value))),
      trailing: optional(text("refuse", (value) => ["refuse", "ignore"].includes(value))),
    }),
  ),
};

/** The functions of `c`. */
export const typeFunctions: Readonly<Record<string, Entry>> = {
  enum: of(members, enumOptions),
  enumValue: of(members, enumOptions),
  text: of(count, options({ full: bool, encoding: optional(text("utf8", (value) => value === "latin1")) })),
  bytes: of(count),
  opaque: of(count, { ...alignment, accepts: (value) => value !== undefined && alignment.accepts(value) }),
  array: of(fieldType, count),
  union: of(
    { good: { a: c.u8, b: c.u8 }, accepts: () => false },
    options({
      by: optional(text("kind")),
      when: optional({ good: { a: 1 }, accepts: nothingEnumerable }),
      name: optional(text("event")),
    }),
  ),
  flexible: of(fieldType, countOptions),
  flexibleBytes: of(countOptions),
  bits: of(fieldType, count),
  unnamedBits: of(fieldType, integer(3, 0, 2 ** 31 - 1)),
  endBits: of(fieldType),
  padding: of(count),
  aligned: of({ ...alignment, accepts: (value) => value !== undefined && alignment.accepts(value) }, fieldType),
  anonymous: of(fieldType),
  number: of(fieldType),
  bigEndian: of(fieldType),
  littleEndian: of(fieldType),
};

/** Functions of the other entry points, and of a struct. */
export const otherFunctions: readonly (readonly [string, (...parameters: never[]) => unknown, Entry])[] = [
  ["hostmq/msgpack msgpack", msgpack, of(options({ maxDepth, bigint: bool }))],
  ["hostmq/cbor cbor", cbor, of(options({ maxDepth }))],
  [
    "Struct#toHeader",
    (...parameters) => structOf({ n: c.u8 }).toHeader(...(parameters as unknown as [string])),
    of(
      text("order", (value) => /^[A-Za-z_]\w*$/u.test(value)),
      options({ mode: optional(text("declare", (value) => value === "assert")) }),
    ),
  ],
];

const cString = text("/x", (value) => !value.includes("\0"));
const natural = (good: number): Argument => integer(good, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;
/** Only some fields of C's structs count, so a field too many is no mistake. */
const struct = (fields: Readonly<Record<string, Argument>>, isOptional = false): Argument => {
  const rest = Object.fromEntries(Object.entries(fields).map(([field, { good }]) => [field, good]));
  return { good: rest, accepts: (value) => isOptional && isObject(value), structs: [{ fields, rest }] };
};
const timespec = struct({ tv_sec: natural(0), tv_nsec: natural(0) });

/** The functions of hostmq/sys. */
export const sysFunctions: Readonly<Record<string, Entry>> = {
  mq_open: of(cString, int, optional(unsigned), optional(struct({ mq_maxmsg: natural(4), mq_msgsize: natural(16) }))),
  mq_close: of(int),
  mq_unlink: of(cString),
  mq_send: of(int, body, optional(unsigned)),
  mq_timedsend: of(int, body, unsigned, timespec),
  mq_receive: of(int, buffer),
  mq_timedreceive: of(int, buffer, timespec),
  mq_getattr: of(int),
  mq_setattr: of(int, struct({ mq_flags: unsigned })),
  mq_notify: of(int, {
    good: null,
    accepts: (value) => value === null,
    structs: [
      {
        fields: { sigev_notify: integer(0, 0, 2), sigev_signo: int, sigev_value: int },
        rest: { sigev_notify: 0, sigev_signo: 10 },
      },
      {
        fields: { sigev_notify_function: callback, sigev_value: int },
        rest: { sigev_notify: 2, sigev_notify_function: bite },
      },
    ],
  }),
  msgget: of(integer(1, -(2 ** 31), 2 ** 32 - 1), int),
  msgsnd: of(int, body, long, optional(int)),
  msgrcv: of(int, buffer, optional(long), optional(int)),
  msgctl: of(
    int,
    { good: 1, accepts: (value) => [0, 1, 2, 3, 11, 12, 13].includes(value as number) },
    struct({ msg_qbytes: optional(natural(64)), msg_perm: optional({ good: {}, accepts: isObject }) }, true),
  ),
  ftok: of(
    text("/", (value) => !value.includes("\0")),
    int,
  ),
};

/** Values of every kind; the last ones bite whoever touches them. */
const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();
export const biting: readonly unknown[] = [
  revoked,
  new Proxy({}, { get: bite, getPrototypeOf: bite, has: bite, ownKeys: bite }),
];
export const oddValues: readonly unknown[] = [
  undefined,
  null,
  true,
  false,
  0,
  -0,
  -1,
  1.5,
  1e300,
  2 ** 53,
  -(2 ** 40),
  NaN,
  Infinity,
  -Infinity,
  0n,
  5n,
  -(2n ** 80n),
  2n ** 100_000n,
  "",
  "5",
  "a/b",
  "a\0b",
  "x".repeat(300),
  "\ud800",
  Symbol("s"),
  [],
  [1],
  ["x"],
  {},
  { unknown: 1 },
  { length: 1, 0: 1 },
  Object.create(null),
  () => 1,
  Map,
  new Date(0),
  new Map(),
  /x/u,
  Object(5),
  Object("x"),
  Promise.resolve(1),
  new ArrayBuffer(8),
  new Uint16Array(2),
  new DataView(new ArrayBuffer(8)),
  new SharedArrayBuffer(8),
  Object.create(Uint8Array.prototype),
  ...biting,
];
