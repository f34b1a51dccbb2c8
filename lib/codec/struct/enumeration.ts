import { IntegerShape, isIntegral, type IntegralShape } from "./integer.js";
import type { Layout } from "./layout.js";
import type { Memory } from "./memory.js";
import { misfit, refusal, wrongType } from "./refusal.js";
import { fieldType, type FieldType } from "./shape.js";

/** The constants of an `enum`, by name. */
export type EnumMembers = Readonly<Record<string, number>>;

/** Options of `c.enum`. */
export interface EnumOptions {
  /** The integer type that holds it: for `-fshort-enums`, or a plain integer field with named values. */
  readonly base?: FieldType<number>;
  /** The tag in the C header: `enum name`. Without one the field is given its integer type. */
  readonly name?: string;
}

/** An integer whose values are listed; `valueOf` says what stands for a constant in TypeScript. */
export class EnumShape implements IntegralShape {
  readonly kind = "enum";
  readonly size: IntegerShape["size"];
  readonly alignment: number;
  /** The integer for each value. */
  readonly integers: ReadonlyMap<unknown, number>;
  readonly #values: ReadonlyMap<number, unknown>;

  constructor(
    readonly integer: IntegerShape,
    readonly members: EnumMembers,
    readonly byName: boolean,
    readonly tag: string | undefined,
    readonly ownType: boolean,
  ) {
    this.size = integer.size;
    this.alignment = integer.alignment;
    const entries = Object.entries(members);
    this.integers = new Map(entries.map(([name, constant]) => [byName ? name : constant, constant]));
    // Of two names for one constant, the first is given.
    this.#values = new Map(entries.reverse().map(([name, constant]) => [constant, byName ? name : constant]));
  }

  toInteger(value: unknown, path: string, least: bigint, most: bigint, type: string): bigint {
    const constant = this.integers.get(value);
    if (constant === undefined) throw wrongType(path, `one of ${[...this.integers.keys()].join(", ")}`, value);
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- absent outside of bit-fields
    if (least !== undefined && (constant < least || constant > most))
      throw misfit(path, constant, type, `${least} to ${most}`);
    return BigInt(constant);
  }

  fromInteger(integer: bigint, path: string): unknown {
    return this.valueOfConstant(Number(integer), path);
  }

  valueOfConstant(constant: number, path: string): unknown {
    const value = this.#values.get(constant);
    if (value === undefined) throw refusal(path, `${constant} is none of ${describe(this.members)}`);
    return value;
  }

  write(memory: Memory, at: number, value: unknown, path: string): void {
    const { least, most, c } = this.integer;
    this.integer.store(memory, at, this.toInteger(value, path, least, most, c));
  }

  read(memory: Memory, at: number, path: string): unknown {
    return this.fromInteger(this.integer.load(memory, at), path);
  }

  withLittle(little: boolean): EnumShape {
    return new EnumShape(this.integer.with({ little }), this.members, this.byName, this.tag, this.ownType);
  }
}

export function enumeration<T>(members: EnumMembers, byName: boolean, options: EnumOptions = {}): FieldType<T> {
  const constants = Object.values(members);
  if (constants.length === 0) throw new RangeError("Expected an enum to have at least one constant");
  const signed = constants.some((constant) => constant < 0);
  for (const [name, constant] of Object.entries(members)) {
    const fits = Number.isInteger(constant) && (signed ? constant === (constant | 0) : constant === constant >>> 0);
    if (!fits) throw new RangeError(`Expected ${name} to be an integer that fits an enum, received ${constant}`);
  }
  return fieldType((layout: Layout) => {
    const base = options.base?.shape(layout);
    if (base !== undefined && !isIntegral(base)) throw new TypeError("Expected base to be an integer type");
    const own = new IntegerShape(signed ? "int" : "unsigned int", 4, 4, signed, "number", layout.little);
    return new EnumShape(base?.integer ?? own, members, byName, options.name, base === undefined);
  });
}

function describe(members: EnumMembers): string {
  return Object.entries(members)
    .map(([name, constant]) => `${name} (${constant})`)
    .join(", ");
}
