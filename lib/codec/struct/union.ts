import { isDeepStrictEqual } from "node:util";
import { checkOneOf, checkOptions, checkString, outOfRange } from "../../arguments.js";
import { checkFields, checkPlain, checkRecord } from "./declaring.js";
import { roundUp, type Layout } from "./layout.js";
import type { Memory } from "./memory.js";
import { member, refusal, wrongType } from "./refusal.js";
import { fieldType, type FieldType, type Fields, type InferFields, type Shape, type Siblings } from "./shape.js";

/** Options of `union` in {@link c}. */
export interface UnionOptions<F extends Fields> {
  /** The field beside the union that says which member counts. */
  readonly by?: string;
  /** The value of that field for each member; default: the member's own name, as an enum by name gives it. */
  readonly when?: { readonly [K in keyof F]?: string | number | bigint | boolean };
  /** The tag in the C header. */
  readonly name?: string;
}

/** A union with a discriminator is an object of exactly one member. */
export type OneOf<T> = { [K in keyof T]: { [P in K]: T[P] } & Partial<Record<Exclude<keyof T, K>, never>> }[keyof T];

export class UnionShape implements Shape {
  readonly kind = "union";
  readonly size: number;
  readonly alignment: number;
  readonly shapes: ReadonlyMap<string, Shape>;
  readonly dependsOn: string | undefined;

  constructor(
    fields: Fields,
    layout: Layout,
    readonly options: UnionOptions<Fields>,
  ) {
    this.shapes = new Map(Object.entries(fields).map(([name, type]) => [name, type.shape(layout)]));
    const shapes = [...this.shapes.values()];
    this.alignment = Math.max(...shapes.map(({ alignment }) => alignment));
    this.size = roundUp(Math.max(...shapes.map(({ size }) => size)), this.alignment);
    this.dependsOn = options.by;
  }

  write(memory: Memory, at: number, value: unknown, path: string, siblings: Siblings): void {
    if (typeof value !== "object" || value === null)
      throw wrongType(path, `an object with one of ${this.#names()}`, value);
    const given = Object.entries(value).filter(([, part]) => part !== undefined);
    for (const [name] of given)
      if (!this.shapes.has(name)) throw refusal(member(path, name), `unknown member; there are ${this.#names()}`);
    const first = given[0];
    if (first === undefined) throw refusal(path, `must have one of ${this.#names()}; got an object without`);
    if (this.dependsOn !== undefined) {
      if (given.length > 1)
        throw refusal(path, `must have exactly one member; got ${given.map(([name]) => name).join(", ")}`);
      const tag = siblings[this.dependsOn];
      if (this.#tagOf(first[0]) !== tag)
        throw refusal(member(path, first[0]), `is not the member for ${this.dependsOn} ${String(tag)}`);
      this.#shape(first[0]).write(memory, at, first[1], member(path, first[0]), {});
      return;
    }
    // Without a discriminator several members may be given, as decoding gives them, when they agree.
    given.sort(([a], [b]) => this.#shape(b).size - this.#shape(a).size);
    const [name, part] = given[0] as [string, unknown];
    this.#shape(name).write(memory, at, part, member(path, name), {});
    for (const [other, wanted] of given.slice(1)) {
      const shape = this.#shape(other);
      const seen = shape.read(memory, at, member(path, other), {}, at + shape.size);
      if (!isDeepStrictEqual(seen, wanted))
        throw refusal(member(path, other), `disagrees with ${name}, which shares its bytes; give one of them`);
    }
  }

  read(memory: Memory, at: number, path: string, siblings: Siblings): unknown {
    if (this.dependsOn !== undefined) {
      const tag = siblings[this.dependsOn];
      for (const [name, shape] of this.shapes) {
        if (this.#tagOf(name) === tag)
          return { [name]: shape.read(memory, at, member(path, name), {}, at + shape.size) };
      }
      throw refusal(path, `no member stands for ${this.dependsOn} ${String(tag)}`);
    }
    const value: Record<string, unknown> = {};
    for (const [name, shape] of this.shapes) {
      try {
        value[name] = shape.read(memory, at, member(path, name), {}, at + shape.size);
      } catch {
        // These bytes are no value of this member, so it is not the one that was meant.
      }
    }
    if (Object.keys(value).length === 0) throw refusal(path, `the bytes are no value of ${this.#names()}`);
    return value;
  }

  #tagOf(name: string): unknown {
    return this.options.when?.[name] ?? name;
  }

  #shape(name: string): Shape {
    return this.shapes.get(name) as Shape;
  }

  #names(): string {
    return [...this.shapes.keys()].join(", ");
  }
}

export function union<F extends Fields>(
  fields: F,
  options: UnionOptions<F> & { readonly by: string },
): FieldType<OneOf<InferFields<F>>>;
export function union<F extends Fields>(fields: F, options?: UnionOptions<F>): FieldType<Partial<InferFields<F>>>;
export function union<F extends Fields>(fields: F, options?: UnionOptions<F>): FieldType<unknown> {
  const method = "c.union";
  checkFields(method, fields);
  if (Object.keys(fields).length === 0) throw outOfRange(method, "fields", "at least one member", fields);
  for (const [name, type] of Object.entries(fields)) checkPlain(method, name, type);
  const checked = checkUnionOptions(method, options, Object.keys(fields));
  return fieldType((layout) => new UnionShape(fields, layout, checked));
}

function checkUnionOptions(method: string, options: unknown, names: readonly string[]): UnionOptions<Fields> {
  const checked: UnionOptions<Fields> = checkOptions(method, options, ["by", "when", "name"]);
  const { by, when, name } = checked;
  if (by !== undefined) checkString(method, "by", by);
  if (name !== undefined) checkString(method, "name", name);
  if (when !== undefined) {
    checkRecord(method, "when", "an object of values by member", when);
    for (const key of Object.keys(when)) checkOneOf(method, "key of when", key, names);
  }
  return checked;
}
