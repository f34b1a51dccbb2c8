import { BitField } from "./bit-field.js";
import { isIntegral } from "./integer.js";
import { roundUp, type Layout } from "./layout.js";
import type { Memory } from "./memory.js";
import { member, refusal, wrongDeclaration, wrongType } from "./refusal.js";
import { UnionShape } from "./union.js";
import type { Fields, Placement, Shape, Siblings } from "./shape.js";

/** A field with its place. */
export interface Member {
  readonly name: string;
  readonly shape: Shape;
  readonly place: Placement;
  /** Bytes from the start; of a bit-field, the byte in which it starts. */
  readonly offset: number;
  readonly bitField?: BitField;
}

/** What a C declaration says beyond its fields. */
export interface RecordOptions {
  readonly packed: boolean;
  readonly align: number | undefined;
  readonly name: string | undefined;
}

const NOTHING: Placement = Object.freeze({});

/** A struct laid out as gcc does it. */
export class RecordShape implements Shape {
  readonly kind = "struct";
  readonly size: number;
  readonly alignment: number;
  readonly members: readonly Member[];
  /** Members that have a value. */
  readonly named: readonly Member[];
  /** The same, those first that others depend on. */
  readonly #readingOrder: readonly Member[];
  readonly #names: ReadonlySet<string>;

  constructor(
    fields: Fields,
    readonly options: RecordOptions,
    readonly layout: Layout,
  ) {
    const { packed } = options;
    const members: Member[] = [];
    let position = 0; // bits
    let alignment = 1;
    for (const [name, type] of Object.entries(fields)) {
      const shape = type.shape(layout);
      const place = type.place ?? NOTHING;
      if (members.at(-1)?.place.flexible)
        throw wrongDeclaration(member(options.name ?? "", name), "nothing may follow a flexible array");
      if (shape instanceof RecordShape && shape.flexible) {
        throw wrongDeclaration(member(options.name ?? "", name), "a struct with a flexible array cannot be a field");
      }
      if (place.bits !== undefined) {
        const width = place.bits;
        const unit = 8 * shape.alignment;
        if (!isIntegral(shape))
          throw wrongDeclaration(member(options.name ?? "", name), "a bit-field is an integer, a bool or an enum");
        const widest = shape.kind === "bool" ? 1 : 8 * shape.size;
        if (width > widest)
          throw refusal(member(options.name ?? "", name), `a ${shape.integer.c} has no ${width} bits`);
        // A width of zero, packed or not, closes the unit; else a bit-field may not cross one more unit than its type spans.
        if (width === 0) position = roundUp(position, unit);
        else if (!packed && Math.ceil(((position % unit) + width) / unit) > shape.size / shape.alignment) {
          position = roundUp(position, unit);
        }
        if (!place.unnamed) alignment = Math.max(alignment, packed ? 1 : shape.alignment);
        else if (layout.unnamedBitFieldsAlign)
          alignment = Math.max(alignment, packed && width > 0 ? 1 : shape.alignment);
        const bitField = new BitField(shape, position, width, layout.little);
        members.push({ name, shape, place, offset: position >> 3, bitField });
        position += width;
        continue;
      }
      const natural = packed ? 1 : shape.alignment;
      const own = Math.max(natural, place.align ?? 1);
      position = roundUp(position, 8 * own);
      members.push({ name, shape, place, offset: position / 8 });
      position += 8 * shape.size;
      alignment = Math.max(alignment, own);
    }
    this.alignment = Math.max(alignment, options.align ?? 1);
    this.size = roundUp(Math.ceil(position / 8), this.alignment);
    this.members = members;
    this.named = members.filter(({ place }) => !place.unnamed);
    this.#readingOrder = [...this.named].sort(
      (a, b) => Number(a.shape.dependsOn !== undefined) - Number(b.shape.dependsOn !== undefined),
    );
    this.#names = new Set(this.named.map(({ name }) => name));
    const inC = this.named.flatMap(({ name, shape, place }) => (place.anonymous ? membersOf(shape) : [name]));
    const twice = inC.find((name, index) => inC.indexOf(name) !== index);
    if (twice !== undefined)
      throw wrongDeclaration(member(options.name ?? "", twice), "an anonymous member has a field of the same name");
    for (const { name, shape } of this.named) {
      if (shape.dependsOn !== undefined && !this.#names.has(shape.dependsOn)) {
        throw wrongDeclaration(
          member(options.name ?? "", name),
          `there is no field ${shape.dependsOn} beside it to depend on`,
        );
      }
    }
  }

  /** The flexible array at the end. */
  get flexible(): Member | undefined {
    const last = this.members.at(-1);
    return last?.place.flexible ? last : undefined;
  }

  write(memory: Memory, at: number, value: unknown, path: string): void {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrongType(path, "an object", value);
    const fields = value as Siblings;
    for (const name of Object.keys(fields)) {
      if (!this.#names.has(name))
        throw refusal(member(path, name), `unknown field; there are ${[...this.#names].join(", ")}`);
    }
    for (const { name, shape, offset, bitField } of this.named) {
      if (bitField) bitField.write(memory, at, fields[name], member(path, name));
      else shape.write(memory, at + offset, fields[name], member(path, name), fields);
    }
  }

  read(memory: Memory, at: number, path: string, _siblings: Siblings, end: number): Siblings {
    const value: Record<string, unknown> = {};
    for (const { name } of this.named) value[name] = undefined; // C's order, whatever is read first
    for (const { name, shape, offset, bitField } of this.#readingOrder) {
      value[name] = bitField
        ? bitField.read(memory, at, member(path, name))
        : shape.read(memory, at + offset, member(path, name), value, end);
    }
    return value;
  }
}

/** The names that a struct or union gives to the struct around it when it is anonymous. */
export function membersOf(shape: Shape): readonly string[] {
  if (shape instanceof RecordShape)
    return shape.named.flatMap((inner) => (inner.place.anonymous ? membersOf(inner.shape) : [inner.name]));
  if (shape instanceof UnionShape) return [...shape.shapes.keys()];
  throw wrongDeclaration("", "Only a struct or a union can be anonymous");
}
