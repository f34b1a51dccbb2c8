import { c } from "../codec/struct/c.js";
import type { LayoutName } from "../codec/struct/layout.js";
import { layoutNamed, roundUp } from "../codec/struct/layout.js";
import { RecordShape } from "../codec/struct/record.js";
import type { Fields, FieldType } from "../codec/struct/shape.js";
import { struct, type Struct, type StructOptions } from "../codec/struct/struct.js";
import type { Dwarf } from "./dwarf.js";
import { lengthsOf, nameOf, numberOf, type Entry } from "./dwarf.js";

/** A type, as a value to check the layout with and as the text that makes it. */
interface Translated {
  readonly type: FieldType<unknown>;
  readonly source: string;
}

/** A struct that gets a name of its own in the output. */
export interface Declared {
  readonly name: string;
  /** How C spells it. */
  readonly c: string;
  readonly struct: Struct<Fields>;
  readonly source: string;
}

const scalars = c as unknown as Readonly<Record<string, FieldType<unknown> | undefined>>;

/** What typedefs of fixed width are called in the C library, the kernel and BSD. */
const BY_TYPEDEF: Readonly<Record<string, string>> = {
  size_t: "size_t",
  ssize_t: "ssize_t",
  __ssize_t: "ssize_t",
  ptrdiff_t: "ptrdiff_t",
  intptr_t: "intptr_t",
  uintptr_t: "uintptr_t",
};

const BY_NAME: Readonly<Record<string, string>> = {
  char: "char",
  "signed char": "signedChar",
  "unsigned char": "unsignedChar",
  "short int": "short",
  short: "short",
  "short unsigned int": "unsignedShort",
  "unsigned short": "unsignedShort",
  int: "int",
  "unsigned int": "unsignedInt",
  "long int": "long",
  long: "long",
  "long unsigned int": "unsignedLong",
  "unsigned long": "unsignedLong",
  "long long int": "longLong",
  "long long": "longLong",
  "long long unsigned int": "unsignedLongLong",
  "unsigned long long": "unsignedLongLong",
};

/** Turns what DWARF says about types into structs of ours, and makes sure that each has the layout that DWARF gives. */
export class Translation {
  readonly declared: Declared[] = [];
  readonly #known = new Map<Entry, Translated>();
  #depth = 0;
  #steps = 0;

  constructor(
    readonly dwarf: Dwarf,
    readonly layout: LayoutName,
  ) {}

  /** @throws Error when the type is no struct or union, or its layout cannot be told. */
  declare(type: Entry, spelled: string, alignment: number): Declared {
    const name = identifier(spelled.replace(/^(?:struct|union)\s+/, ""));
    const entry = this.#bare(type);
    if (entry.tag !== "structure_type" && entry.tag !== "union_type")
      throw new Error(`${spelled} is no struct or union`);
    const tag = nameOf(entry);
    const already = this.declared.find((one) => one.name === name);
    if (already && this.#known.get(entry)?.type === already.struct && already.struct.alignment === alignment)
      return already;
    if (entry.tag === "union_type") {
      const inner = this.#union(entry);
      return this.#add(
        name,
        spelled,
        { value: c.anonymous(inner.type) },
        [`  value: c.anonymous(${inner.source}),`],
        { name: tag ?? name },
        entry,
      );
    }
    return this.#struct(entry, name, spelled, alignment);
  }

  /** The type of a field: name, constness and atomicity change nothing about its bytes. */
  #translate(type: Entry | undefined, typedef?: string): Translated {
    if (type === undefined) throw new Error("A field cannot be void");
    // No compiler writes this, but not every object file is a compiler's.
    if (this.#depth >= MOST_DEPTH || ++this.#steps > MOST_STEPS) throw containsItself(type);
    this.#depth++;
    try {
      return this.#translateOne(type, typedef);
    } finally {
      this.#depth--;
    }
  }

  #translateOne(type: Entry, typedef?: string): Translated {
    const next = this.dwarf.typeOf(type);
    const name = nameOf(type);
    switch (type.tag) {
      case "typedef": {
        const fixed = /^_*(u?)_?(int|s|u)(8|16|32|64)(?:_t)?$/.exec(name ?? "");
        if (fixed) return this.#scalar(`${fixed[1] === "u" || fixed[2] === "u" ? "u" : "i"}${fixed[3]}`);
        const order = /^_*(be|le)(16|32|64)$/.exec(name ?? "");
        if (order) {
          const inner = this.#scalar(`u${order[2]}`);
          return order[1] === "be"
            ? { type: c.bigEndian(inner.type), source: `c.bigEndian(${inner.source})` }
            : { type: c.littleEndian(inner.type), source: `c.littleEndian(${inner.source})` };
        }
        const known = name === undefined ? undefined : BY_TYPEDEF[name];
        if (known !== undefined) return this.#scalar(known);
        return this.#translate(next, typedef ?? name);
      }
      case "const_type":
      case "volatile_type":
      case "restrict_type":
      case "atomic_type":
        return this.#translate(next, typedef);
      case "pointer_type":
      case "reference_type":
        return this.#scalar("pointer");
      case "base_type":
        return this.#base(type);
      case "enumeration_type":
        return this.#enum(type);
      case "array_type":
        return this.#array(next, lengthsOf(type));
      case "structure_type": {
        const known = this.#known.get(type);
        if (known) return known;
        const own = nameOf(type) ?? typedef;
        if (own === undefined) return this.#inlineStruct(type);
        const declared = this.#struct(type, own, nameOf(type) === undefined ? own : `struct ${own}`, undefined);
        return { type: declared.struct, source: declared.name };
      }
      case "union_type":
        return this.#union(type);
      default:
        throw new Error(`${type.tag} has no form in a struct`);
    }
  }

  #scalar(name: string): Translated {
    const type = scalars[name];
    if (type === undefined) throw new Error(`There is no c.${name}`);
    return { type, source: `c.${name}` };
  }

  #base(type: Entry): Translated {
    const size = numberOf(type, "byte_size") ?? 0;
    const encoding = numberOf(type, "encoding");
    if (encoding === 2) return size === 1 ? this.#scalar("bool") : this.#opaque(size);
    if (encoding === 4) return size === 4 ? this.#scalar("f32") : size === 8 ? this.#scalar("f64") : this.#opaque(size);
    if (encoding === 3 || size > 8) return this.#opaque(size); // complex numbers, __int128
    const known = BY_NAME[nameOf(type) ?? ""];
    if (known !== undefined) return this.#scalar(known);
    return this.#scalar(`${encoding === 5 || encoding === 6 ? "i" : "u"}${8 * size}`);
  }

  /** Bytes that we do not understand, aligned as numbers of that size are. */
  #opaque(size: number): Translated {
    const most = this.layout === "i386" ? 4 : process.arch === "s390x" ? 8 : 16;
    const alignment = Math.min(most, size & -size);
    return { type: c.opaque(size, alignment), source: `c.opaque(${size}, ${alignment})` };
  }

  #enum(type: Entry): Translated {
    const size = numberOf(type, "byte_size") ?? 4;
    const members: Record<string, number> = {};
    const underlying = this.dwarf.typeOf(type);
    const signed = [5, 6].includes((underlying && numberOf(underlying, "encoding")) ?? 7);
    for (const constant of type.children.filter(({ tag }) => tag === "enumerator")) {
      let value = numberOf(constant, "const_value") ?? 0;
      if (signed && value >= 2 ** (8 * size - 1)) value -= 2 ** (8 * size);
      members[checkedName(nameOf(constant) ?? "")] = value;
    }
    const base = this.#scalar(`${signed ? "i" : "u"}${8 * size}`);
    const name = nameOf(type);
    if (size === 8) return base;
    const negative = Object.values(members).some((value) => value < 0);
    const plain = size === 4 && signed === negative;
    const options = [
      ...(plain ? [] : [`base: ${base.source}`]),
      ...(name === undefined ? [] : [`name: ${JSON.stringify(name)}`]),
    ];
    const list = Object.entries(members).map(([constant, value]) => `${constant}: ${value}`);
    return {
      type: c.enum(members, {
        ...(plain ? {} : { base: base.type as FieldType<number> }),
        ...(name === undefined ? {} : { name }),
      }),
      source: `c.enum({ ${list.join(", ")} }${options.length === 0 ? "" : `, { ${options.join(", ")} }`})`,
    };
  }

  #array(element: Entry | undefined, lengths: readonly (number | undefined)[]): Translated {
    const [length, ...rest] = lengths;
    if (length === undefined) throw new Error("An open array stands only at the end of a struct");
    if (rest.length > 0) {
      const inner = this.#array(element, rest);
      return { type: c.array(inner.type, length), source: `c.array(${inner.source}, ${length})` };
    }
    const inner = this.#translate(element);
    if (inner.source === "c.char")
      return { type: c.text(length, { full: true }), source: `c.text(${length}, { full: true })` };
    if (inner.source === "c.unsignedChar" || inner.source === "c.u8")
      return { type: c.bytes(length), source: `c.bytes(${length})` };
    return { type: c.array(inner.type, length), source: `c.array(${inner.source}, ${length})` };
  }

  #union(type: Entry): Translated {
    const known = this.#known.get(type);
    if (known) return known;
    const size = numberOf(type, "byte_size") ?? 0;
    const fields: Record<string, FieldType<unknown>> = {};
    const sources: string[] = [];
    let unnamed = 0;
    let plain = true;
    for (const member of membersOf(type)) {
      if (numberOf(member, "bit_size") !== undefined) plain = false;
      if (!plain) break;
      const name = nameOf(member) ?? `anonymous${unnamed++}`;
      const { type: inner, source } = this.#translate(this.dwarf.typeOf(member));
      fields[name] = inner;
      sources.push(`${name}: ${source}`);
    }
    const tag = nameOf(type);
    const options = tag === undefined ? "" : `, { name: ${JSON.stringify(tag)} }`;
    const translated: Translated = {
      type: c.union(fields, tag === undefined ? {} : { name: tag }),
      source: `c.union({ ${sources.join(", ")} }${options})`,
    };
    const fits = plain && translated.type.shape(layoutNamed(this.layout)).size === size;
    const result = fits ? translated : this.#opaque(size); // bit-fields of a union directly
    this.#known.set(type, result);
    return result;
  }

  #inlineStruct(type: Entry): Translated {
    const { fields, lines, options } = this.#laidOut(type, undefined);
    const given = optionsSource(options);
    return {
      type: struct(fields, { ...options, layout: this.layout }),
      source: `struct({ ${lines.map((line) => line.trim().replace(/,$/, "")).join(", ")} }${given === "" ? "" : `, ${given}`})`,
    };
  }

  #struct(type: Entry, name: string, spelled: string, alignment: number | undefined): Declared {
    const { fields, lines, options } = this.#laidOut(type, alignment);
    return this.#add(name, spelled, fields, lines, { name: nameOf(type) ?? name, ...options }, type);
  }

  #add(
    named: string,
    spelled: string,
    fields: Fields,
    lines: readonly string[],
    options: StructOptions,
    type: Entry,
  ): Declared {
    const name = identifier(named);
    const made = struct(fields, { ...options, layout: this.layout });
    const given = optionsSource({ ...options, ...(this.layout === "lp64" ? {} : { layout: this.layout }) });
    const declared = {
      name,
      c: spelled,
      struct: made,
      source: `struct(\n  {\n${lines.map((line) => `  ${line}`).join("\n")}\n  },\n  ${given},\n)`,
    };
    const before = this.declared.findIndex((one) => one.name === name);
    if (before !== -1) this.declared.splice(before, 1);
    this.declared.push(declared);
    this.#known.set(type, { type: made, source: name });
    return declared;
  }

  /**
   * DWARF gives places, not the words that led to them. The ways to write a struct are tried from the plainest on, and the
   * first whose layout is the compiler's is taken; the last states every gap, so it always fits.
   */
  #laidOut(type: Entry, alignment: number | undefined): { fields: Fields; lines: string[]; options: StructOptions } {
    const size = numberOf(type, "byte_size");
    if (size === undefined) throw new Error(`${nameOf(type) ?? "A struct"} is declared, but its members are not`);
    const members = this.#members(type);
    const align = numberOf(type, "alignment");
    const aligned = align === undefined ? {} : { align };
    for (const options of [aligned, { packed: true, ...aligned }] satisfies StructOptions[]) {
      const fields = Object.fromEntries(members.map((member) => [member.name, member.type]));
      const shape = this.#shapeOf(fields, options);
      const fits =
        shape?.size === size &&
        (alignment === undefined || shape.alignment === alignment) &&
        shape.members.every(
          ({ offset, bitField }, n) => (bitField ? bitField.start : 8 * offset) === members[n]?.start,
        );
      if (fits) return { fields, lines: members.map(({ name, source }) => `  ${name}: ${source},`), options };
    }
    return this.#withGapsStated(members, size, alignment ?? align);
  }

  #shapeOf(fields: Fields, options: StructOptions): RecordShape | undefined {
    try {
      const settings = { packed: options.packed ?? false, align: options.align, name: undefined };
      return new RecordShape(fields, settings, layoutNamed(this.layout));
    } catch {
      return undefined;
    }
  }

  #withGapsStated(
    members: readonly Place[],
    size: number,
    alignment: number | undefined,
  ): { fields: Fields; lines: string[]; options: StructOptions } {
    const fields: Record<string, FieldType<unknown>> = {};
    const lines: string[] = [];
    let position = 0;
    let gaps = 0;
    const add = (name: string, type: FieldType<unknown>, source: string): void => {
      fields[name] = type;
      lines.push(`  ${name}: ${source},`);
    };
    const fillTo = (start: number): void => {
      while (position % 8 !== 0 && position < start) {
        const width = Math.min(8 - (position % 8), start - position);
        add(`_gap${gaps++}`, c.unnamedBits(c.u8, width), `c.unnamedBits(c.u8, ${width})`);
        position += width;
      }
      const whole = Math.floor((start - position) / 8);
      if (whole > 0) add(`_gap${gaps++}`, c.padding(whole), `c.padding(${whole})`);
      position += 8 * whole;
      if (start > position)
        add(`_gap${gaps++}`, c.unnamedBits(c.u8, start - position), `c.unnamedBits(c.u8, ${start - position})`);
      position = start;
    };
    for (const { name, type, source, start, bits } of members) {
      fillTo(start);
      add(name, type, source);
      position = start + bits;
    }
    // Nothing may follow an open array; the alignment makes up for what is behind it.
    if (members.at(-1)?.bits !== 0) fillTo(8 * size);
    const options = { packed: true, ...(alignment === undefined || alignment === 1 ? {} : { align: alignment }) };
    const shape = this.#shapeOf(fields, options);
    const named = new Map(shape?.members.map((member) => [member.name, member]));
    const fits = members.every(({ name, start }) => {
      const made = named.get(name);
      return (made?.bitField ? made.bitField.start : 8 * (made?.offset ?? NaN)) === start;
    });
    if (shape?.size !== roundUp(size, 1) || !fits) throw new Error("The compiler's layout cannot be told as a struct");
    return { fields, lines, options };
  }

  #members(type: Entry): Place[] {
    let unnamed = 0;
    const all = membersOf(type);
    const places: Place[] = [];
    all.forEach((member, index) => {
      const inner = this.dwarf.typeOf(member);
      const align = numberOf(member, "alignment");
      const own = nameOf(member);
      const name = own ?? `anonymous${unnamed++}`;
      const offset = numberOf(member, "data_member_location") ?? 0;
      const width = numberOf(member, "bit_size");
      const open = this.#openArray(inner);
      if (open !== undefined) {
        if (index !== all.length - 1) return; // no bytes of its own
        const element = this.#translate(open);
        const bytes = element.source === "c.unsignedChar" || element.source === "c.u8" || element.source === "c.char";
        places.push({
          name,
          type: bytes ? c.flexibleBytes() : c.flexible(element.type),
          source: bytes ? "c.flexibleBytes()" : `c.flexible(${element.source})`,
          start: 8 * offset,
          bits: 0,
        });
        return;
      }
      const translated = this.#translate(inner);
      const size = translated.type.shape(layoutNamed(this.layout)).size;
      if (width !== undefined) {
        const start = bitStart(member, size, width, layoutNamed(this.layout).little);
        places.push({
          name,
          type: c.bits(translated.type, width),
          source: `c.bits(${translated.source}, ${width})`,
          start,
          bits: width,
        });
        return;
      }
      let { type: field, source } = translated;
      if (own === undefined && !source.startsWith("c.opaque"))
        [field, source] = [c.anonymous(field), `c.anonymous(${source})`];
      if (align !== undefined) [field, source] = [c.aligned(align, field), `c.aligned(${align}, ${source})`];
      places.push({ name, type: field, source, start: 8 * offset, bits: 8 * size });
    });
    return places;
  }

  /** The element of `type name[]`, or of the older `type name[0]`. */
  #openArray(type: Entry | undefined): Entry | undefined {
    const inner = type && this.#bare(type);
    if (inner?.tag !== "array_type") return undefined;
    const [first] = lengthsOf(inner);
    return first === undefined || first === 0 ? this.dwarf.typeOf(inner) : undefined;
  }

  #bare(type: Entry): Entry {
    let inner = type;
    for (let depth = 0; ["typedef", "const_type", "volatile_type", "atomic_type"].includes(inner.tag); depth++) {
      const next = this.dwarf.typeOf(inner);
      if (next === undefined) break;
      if (depth >= MOST_DEPTH) throw containsItself(type);
      inner = next;
    }
    return inner;
  }
}

const MOST_DEPTH = 200;
const MOST_STEPS = 100_000;

function containsItself(type: Entry): Error {
  return new Error(`The type ${nameOf(type) ?? "without a name"} contains itself, or consists of too many others`);
}

/** A member and the bits that it takes. */
interface Place extends Translated {
  readonly name: string;
  readonly start: number;
  readonly bits: number;
}

function membersOf(type: Entry): Entry[] {
  return type.children.filter(({ tag }) => tag === "member");
}

/** DWARF 5 counts from the start of the struct; DWARF 4 and older from the top of the unit that holds the field. */
function bitStart(member: Entry, size: number, width: number, little: boolean): number {
  const start = numberOf(member, "data_bit_offset");
  if (start !== undefined) return start;
  const unit = 8 * (numberOf(member, "byte_size") ?? size);
  const fromTop = numberOf(member, "bit_offset") ?? 0;
  const base = 8 * (numberOf(member, "data_member_location") ?? 0);
  return base + (little ? unit - fromTop - width : fromTop);
}

function optionsSource(options: StructOptions): string {
  const entries = Object.entries(options).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return entries.length === 0 ? "" : `{ ${entries.join(", ")} }`;
}

/** A name of C, which goes into source as it is. */
function checkedName(name: string): string {
  if (/^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name)) return name;
  throw new Error(`The compiler tells of the name ${JSON.stringify(name)}, which has no form in TypeScript here`);
}

/** C allows names that TypeScript reserves. */
function identifier(name: string): string {
  checkedName(name);
  return /^(?:default|delete|class|new|this|function|var|let|export|import|in|of|typeof|void|with|yield|await|try|catch|throw|interface|package|type|enum)$/.test(
    name,
  )
    ? `${name}_`
    : name;
}
