/**
 * Bad input is refused with a TypeError or RangeError in one shape before any system call, and a closed handle says so.
 * `surface.ts` has the surface.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { native } from "#hostmq/native";
import type { PosixQueue, SysVQueue } from "hostmq";
import * as hostmq from "hostmq";
import * as sys from "hostmq/sys";
import { posixName, sysvKey } from "../helpers/names.js";
import { biting, functions, methods, oddValues, sysFunctions, type Argument, type Entry } from "./surface.js";

/** The calls into the addon so far, by name. */
const calls: string[] = [];
for (const [name, call] of Object.entries(native as unknown as Record<string, unknown>)) {
  if (typeof call !== "function") continue;
  const counted = (...parameters: unknown[]): unknown => {
    calls.push(name);
    return Reflect.apply(call, native, parameters);
  };
  Object.defineProperty(native, name, { value: counted });
}

type Callable = (...parameters: unknown[]) => unknown;
type Callables = Record<string | symbol, Callable>;
type ClassName = keyof typeof methods;

const scope = { after };
const open: Record<ClassName, PosixQueue | SysVQueue> = {
  PosixQueue: hostmq.PosixQueue.create(posixName(scope), { maxMessages: 2, maxMessageSize: 64 }),
  SysVQueue: hostmq.SysVQueue.create(sysvKey(scope)),
};
after(() => {
  for (const queue of Object.values(open)) queue.close();
});
for (const queue of Object.values(open)) queue.trySend("still here");

/** `method: argument must be …; got …` */
const shape = /^[\w.]+: .+ must .+; got [^]+$/u;

function keyOf(name: string): string | symbol {
  const symbol = /^Symbol\((Symbol\.(\w+))\)$/u.exec(name)?.[2];
  return symbol === undefined ? name : ((Symbol as unknown as Record<string, symbol>)[symbol] ?? name);
}

/** The inverse; before Node had them, these two symbols were called otherwise. */
function nameOf(member: string | symbol): string {
  if (member === Symbol.dispose) return "Symbol(Symbol.dispose)";
  return member === Symbol.asyncDispose ? "Symbol(Symbol.asyncDispose)" : String(member);
}

/** What the call throws, rejects with, or throws when its result is first used. */
async function thrownBy(call: () => unknown): Promise<unknown> {
  try {
    const result = await call();
    if (typeof result === "object" && result !== null && Symbol.iterator in result) {
      Array.from(result as Iterable<unknown>);
    }
    return undefined;
  } catch (error) {
    return error;
  }
}

async function assertRefused(what: string, call: () => unknown, touchy: boolean): Promise<void> {
  const before = calls.length;
  const error = await thrownBy(call);
  assert.deepEqual(calls.slice(before), [], `${what}: system calls`);
  assert.ok(error instanceof Error, `${what} was accepted`);
  // A value that throws when it is touched may do so: that exception is the caller's own.
  if (touchy && !shape.test(error.message)) return;
  assert.ok(error instanceof TypeError || error instanceof RangeError, `${what}: ${String(error)}`);
  assert.match(error.message, shape, what);
}

/** Each argument in turn is each odd value, and so is each of its options. */
async function assertAllRefused(name: string, call: Callable, { parameters }: Entry): Promise<void> {
  const good = parameters.map((parameter) => parameter.good);
  const show = (value: unknown): string =>
    biting.includes(value) ? "a biting object" : `${typeof value} ${safe(value)}`;
  for (const [index, parameter] of parameters.entries()) {
    const withValue = (value: unknown) => () => call(...good.slice(0, index), value, ...good.slice(index + 1));
    for (const value of oddValues) {
      if (!biting.includes(value) && parameter.accepts(value)) continue;
      await assertRefused(`${name}, argument ${index + 1}: ${show(value)}`, withValue(value), biting.includes(value));
    }
    for (const [option, { accepts }] of Object.entries(parameter.options ?? {})) {
      for (const value of oddValues) {
        if (!biting.includes(value) && accepts(value)) continue;
        await assertRefused(
          `${name}, ${option}: ${show(value)}`,
          withValue({ [option]: value }),
          biting.includes(value),
        );
      }
    }
    for (const { fields, rest } of parameter.structs ?? []) {
      for (const [field, { accepts }] of Object.entries(fields)) {
        for (const value of oddValues) {
          if (!biting.includes(value) && accepts(value)) continue;
          const what = `${name}, field ${field}: ${show(value)}`;
          await assertRefused(what, withValue({ ...rest, [field]: value }), biting.includes(value));
        }
      }
    }
    await assertSpelling(name, withValue, parameter);
  }
}

async function assertSpelling(
  name: string,
  withValue: (value: unknown) => () => unknown,
  { options }: Argument,
): Promise<void> {
  if (options === undefined) return;
  for (const option of Object.keys(options)) {
    const slip = `${option.slice(0, -1)}x`;
    const error = await thrownBy(withValue({ [slip]: 1 }));
    assert.ok(error instanceof TypeError, `${name}, ${slip}: ${String(error)}`);
    assert.match(error.message, shape);
    assert.ok(error.message.includes(`did you mean "${option}"`), error.message);
  }
}

function safe(value: unknown): string {
  try {
    return String(value).slice(0, 40);
  } catch {
    return "";
  }
}

function functionsOf(holder: object): string[] {
  return Reflect.ownKeys(holder)
    .filter((member) => {
      const descriptor = Object.getOwnPropertyDescriptor(holder, member);
      return member !== "constructor" && typeof descriptor?.value === "function" && member !== "prototype";
    })
    .map(nameOf);
}

const isErrorClass = (value: unknown): boolean => typeof value === "function" && value.prototype instanceof Error;

test("every function that is exported is in the table", () => {
  const listed: string[] = [];
  for (const [name, value] of Object.entries(hostmq)) {
    if (isErrorClass(value) || typeof value !== "function") continue;
    const isClass = /^class\b/u.test(Function.prototype.toString.call(value));
    listed.push(...(isClass ? functionsOf(value).map((member) => `${name}.${member}`) : [name]));
  }
  assert.deepEqual(listed.sort(), Object.keys(functions).sort());
  assert.deepEqual(functionsOf(sys).sort(), Object.keys(sysFunctions).sort());
  for (const [name, table] of Object.entries(methods)) {
    const prototype = hostmq[name as ClassName].prototype as object;
    const own = [...functionsOf(prototype), ...functionsOf(hostmq.MessageQueue.prototype)];
    const used = new Set(own.filter((member) => member !== "checkOpen"));
    assert.deepEqual([...used].sort(), Object.keys(table).sort());
  }
});

for (const [name, entry] of Object.entries(functions)) {
  if (entry.parameters.length === 0) continue;
  test(`${name} refuses every wrong kind of value before any system call`, async () => {
    const [holder, member] = name.includes(".") ? name.split(".") : [undefined, name];
    const receiver = (holder === undefined ? hostmq : hostmq[holder as ClassName]) as unknown as Callables;
    await assertAllRefused(name, (...parameters) => receiver[member]?.(...parameters), entry);
  });
}

for (const [name, entry] of Object.entries(sysFunctions)) {
  test(`hostmq/sys ${name} refuses every wrong kind of value before any system call`, async () => {
    const call = (sys as unknown as Callables)[name] as Callable;
    await assertAllRefused(name, call, entry);
  });
}

for (const [className, table] of Object.entries(methods) as [ClassName, Record<string, Entry>][]) {
  for (const [name, entry] of Object.entries(table)) {
    if (entry.parameters.length === 0) continue;
    test(`${className}#${name} refuses every wrong kind of value before any system call`, async () => {
      const queue = open[className] as unknown as Callables;
      await assertAllRefused(`${className}#${name}`, (...parameters) => queue[keyOf(name)]?.(...parameters), entry);
    });
  }

  test(`${className}: a handle that was not made by its static methods is refused`, async () => {
    const constructor = hostmq[className] as unknown as new (...parameters: unknown[]) => unknown;
    for (const value of ["/x", 5, ...biting, { descriptor: 0, id: 0, label: "x", name: "x" }, undefined]) {
      await assertRefused(`new ${className}`, () => new constructor(value, {}, {}), false);
    }
  });

  test(`${className}: every method of a closed handle rejects with QueueClosedError, before any system call`, async (t) => {
    const queue =
      className === "PosixQueue"
        ? hostmq.PosixQueue.create(posixName(t), { maxMessages: 2, maxMessageSize: 64 })
        : hostmq.SysVQueue.create(sysvKey(t));
    queue.close();
    assert.equal(queue.closed, true);
    for (const [name, { parameters, harmlessWhenClosed }] of Object.entries(table)) {
      const before = calls.length;
      const method = (queue as unknown as Callables)[keyOf(name)] as Callable;
      const error = await thrownBy(() =>
        method.apply(
          queue,
          parameters.map(({ good }) => good),
        ),
      );
      assert.deepEqual(calls.slice(before), [], `${name}: system calls`);
      if (harmlessWhenClosed === true) assert.equal(error, undefined, name);
      else assert.ok(error instanceof hostmq.QueueClosedError, `${name}: ${String(error)}`);
    }
  });
}

test("what a codec makes of a value is checked like any other body", async (t) => {
  const codec = { contentType: "x/y", encode: (value: unknown) => value as string, decode: () => undefined };
  using queue = hostmq.PosixQueue.create<unknown>(posixName(t), { maxMessages: 2, maxMessageSize: 64, codec });
  for (const value of oddValues) {
    if (typeof value === "string") continue;
    await assertRefused("send", () => queue.send(value), biting.includes(value));
  }
});

test("after all this nothing was taken and nothing was added", () => {
  for (const queue of Object.values(open)) {
    assert.equal(queue.closed, false);
    assert.deepEqual(
      queue.tryReceiveMany(10).map(({ body }) => body.toString()),
      ["still here"],
    );
  }
});
