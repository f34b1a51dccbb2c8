import { c, struct, type Fields, type FieldType, type LayoutName, type Struct } from "hostmq";
import { byOrder } from "./host.js";

/** A small generator of numbers that a seed repeats (mulberry32). */
export class Random {
  #state: number;

  constructor(readonly seed: number) {
    this.#state = seed;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }

  /** An integer of so many bits; the ends of the range come often. */
  integer(bits: number, signed: boolean): bigint {
    let value = 0n;
    for (let done = 0; done < bits; done += 16) value = (value << 16n) | BigInt(this.below(0x10000));
    if (this.chance(0.2)) value = this.pick([0n, -1n, 1n, 1n << BigInt(bits - 1), (1n << BigInt(bits - 1)) - 1n]);
    return signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
  }
}

/**
 * A random type, told three times independently: as a hostmq field type, as C, and as the words (64-bit integers, or the
 * bits of a double) that a C program must see in a random value.
 */
export interface Told {
  readonly type: FieldType<unknown>;
  /** The C declaration of a field, without the semicolon. */
  declare(name: string): string;
  random(random: Random): unknown;
  words(value: unknown, into: bigint[]): void;
  /** C statements that read the field at `access` of `s` with PUT, and write it into `t` with GET. */
  visit(access: string, read: string[], write: string[]): void;
}

export interface ToldStruct {
  readonly name: string;
  readonly codec: Struct<Fields>;
  /** Fields that have an offset in C. */
  readonly offsets: readonly string[];
  random(random: Random): Record<string, unknown>;
  words(value: unknown): bigint[];
  readonly read: readonly string[];
  readonly write: readonly string[];
}

const doubleBits = (value: number): bigint => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0);
};

interface IntegerKind {
  readonly c: string;
  readonly type: FieldType<unknown>;
  readonly bits: (word: number) => number;
  readonly signed: boolean;
  readonly big: boolean;
}

const kind = (type: IntegerKind["type"], name: string, bits: number | "word", signed: boolean): IntegerKind => ({
  c: name,
  type,
  bits: (word) => (bits === "word" ? word : bits),
  signed,
  big: bits === "word" || bits === 64,
});

const INTEGERS: readonly IntegerKind[] = [
  kind(c.u8, "uint8_t", 8, false),
  kind(c.u16, "uint16_t", 16, false),
  kind(c.u32, "uint32_t", 32, false),
  kind(c.u64, "uint64_t", 64, false),
  kind(c.i8, "int8_t", 8, true),
  kind(c.i16, "int16_t", 16, true),
  kind(c.i32, "int32_t", 32, true),
  kind(c.i64, "int64_t", 64, true),
  kind(c.char, "char", 8, /^(x64|ia32)$/.test(process.arch)),
  kind(c.signedChar, "signed char", 8, true),
  kind(c.unsignedChar, "unsigned char", 8, false),
  kind(c.short, "short", 16, true),
  kind(c.unsignedShort, "unsigned short", 16, false),
  kind(c.int, "int", 32, true),
  kind(c.unsignedInt, "unsigned int", 32, false),
  kind(c.long, "long", "word", true),
  kind(c.unsignedLong, "unsigned long", "word", false),
  kind(c.longLong, "long long", 64, true),
  kind(c.unsignedLongLong, "unsigned long long", 64, false),
  kind(c.size_t, "size_t", "word", false),
  kind(c.ptrdiff_t, "ptrdiff_t", "word", true),
  kind(c.intptr_t, "intptr_t", "word", true),
  kind(c.uintptr_t, "uintptr_t", "word", false),
];

const value = (kind: IntegerKind, integer: bigint): number | bigint => (kind.big ? integer : Number(integer));

/** Makes random structs of one layout; `declarations` collects the C types that they need. */
export class StructTeller {
  readonly declarations: string[] = [];
  readonly #word: number;
  #tags = 0;

  constructor(
    readonly random: Random,
    readonly layout: LayoutName,
  ) {
    this.#word = layout === "lp64" ? 64 : 32;
  }

  struct(): ToldStruct {
    const { random } = this;
    const name = `s${this.#tags++}`;
    const fields: Record<string, FieldType<unknown>> = {};
    const values: [string, Told, ((made: Record<string, unknown>) => unknown)?][] = [];
    const lines: string[] = [];
    const offsets: string[] = [];
    const read: string[] = [];
    const write: string[] = [];
    const packed = random.chance(0.3);
    const count = 1 + random.below(9);
    const add = (field: string, told: Told): void => {
      fields[field] = told.type;
      lines.push(`${told.declare(field)};`);
      values.push([field, told]);
      told.visit(field, read, write);
    };
    for (let index = 0; index < count; index++) {
      const field = `f${index}`;
      const choice = random.next();
      if (choice < 0.3) {
        for (let bit = 0; bit < 1 + random.below(4); bit++) {
          if (random.chance(0.25)) this.#unnamedBits(`${field}u${bit}`, fields, lines);
          add(`${field}b${bit}`, this.#bitField());
        }
      } else if (choice < 0.38) {
        this.#union(field, fields, lines, values, offsets, read, write);
      } else if (choice < 0.43) {
        // In C the members are the outer struct's own, so their names must be unlike; in TypeScript they stay nested.
        const inner = this.#nested(1, false, `${field}g`);
        fields[field] = c.anonymous(inner.type);
        lines.push(`struct { ${inner.lines.join(" ")} };`);
        values.push([field, inner]);
        inner.visit("", read, write);
      } else {
        let told = this.#plain(2);
        if (random.chance(0.12)) told = this.#aligned(told);
        add(field, told);
        offsets.push(field);
      }
    }
    let flexible: Told | undefined;
    if (random.chance(0.15)) {
      const element = this.#scalar();
      lines.push(`${element.declare("tail[]")};`);
      fields.tail = c.flexible(element.type);
      flexible = element;
      offsets.push("tail");
      const [innerRead, innerWrite]: [string[], string[]] = [[], []];
      element.visit("tail[i]", innerRead, innerWrite);
      const loop = (body: string[]): string =>
        `for (size_t i = 0; i < (length - offsetof(struct ${name}, tail)) / sizeof(s.tail[0]); i++) { ${body.join(" ")} }`;
      read.push(loop(innerRead));
      write.push(loop(innerWrite));
    }
    const align = random.chance(0.12) ? random.pick([2, 4, 8, 16, 32]) : undefined;
    const attributes = [packed ? "packed" : "", align === undefined ? "" : `aligned(${align})`]
      .filter(Boolean)
      .join(", ");
    this.declarations.push(
      `struct ${name} {\n  ${lines.join("\n  ")}\n}${attributes && ` __attribute__((${attributes}))`};`,
    );
    const codec = struct(fields, { name, packed, layout: this.layout, ...(align === undefined ? {} : { align }) });
    return {
      name,
      codec,
      offsets,
      read,
      write,
      random: (from) => {
        const made: Record<string, unknown> = {};
        for (const [field, told, given] of values) made[field] = given ? given(made) : told.random(from);
        if (flexible) made.tail = Array.from({ length: from.below(4) }, () => flexible.random(from));
        return made;
      },
      words: (made) => {
        const into: bigint[] = [];
        for (const [field, told] of values) told.words((made as Record<string, unknown>)[field], into);
        if (flexible) for (const item of (made as { tail: unknown[] }).tail) flexible.words(item, into);
        return into;
      },
    };
  }

  /** Any type that can be an element or a member, of so much depth. */
  #plain(depth: number): Told {
    const choice = this.random.next();
    if (choice < 0.55 || depth === 0) return this.#scalar();
    if (choice < 0.67) return this.#text();
    if (choice < 0.73) return this.#bytes();
    if (choice < 0.87) return this.#array(this.#plain(depth - 1));
    return this.#nested(depth - 1, true);
  }

  #scalar(): Told {
    const choice = this.random.next();
    if (choice < 0.12) return this.#float();
    if (choice < 0.18) return this.#bool();
    if (choice < 0.26) return this.#enum();
    if (choice < 0.36) return this.#otherByteOrder();
    if (choice < 0.4) return this.#pointer();
    return this.#integer(this.random.pick(INTEGERS));
  }

  #integer(kind: IntegerKind): Told {
    const bits = kind.bits(this.#word);
    return {
      type: kind.type,
      declare: (name) => `${kind.c} ${name}`,
      random: (random) => value(kind, random.integer(bits, kind.signed)),
      words: (made, into) => into.push(BigInt.asUintN(64, BigInt(made as number))),
      visit: (access, read, write) => {
        read.push(`PUT(s.${access});`);
        write.push(`t.${access} = (${kind.c})GET();`);
      },
    };
  }

  #otherByteOrder(): Told {
    const kind = this.random.pick(INTEGERS.filter(({ c }) => /^u?int(16|32|64)_t$/.test(c)));
    const bits = kind.bits(this.#word);
    const swap = `(${kind.c})__builtin_bswap${bits}`;
    return {
      ...this.#integer(kind),
      type: byOrder(c.bigEndian, c.littleEndian)(kind.type),
      visit: (access, read, write) => {
        read.push(`PUT(${swap}(s.${access}));`);
        write.push(`t.${access} = ${swap}((uint${bits}_t)GET());`);
      },
    };
  }

  #pointer(): Told {
    const bits = this.#word;
    return {
      type: c.pointer,
      declare: (name) => `void *${name}`,
      random: (random) => random.integer(bits, false),
      words: (made, into) => into.push(made as bigint),
      visit: (access, read, write) => {
        read.push(`PUT((uintptr_t)s.${access});`);
        write.push(`t.${access} = (void *)(uintptr_t)GET();`);
      },
    };
  }

  #float(): Told {
    const single = this.random.chance(0.5);
    const values = [0, -0, 1.5, Infinity, -Infinity, 1e-45, -3.25e20];
    return {
      type: single ? c.f32 : c.f64,
      declare: (name) => `${single ? "float" : "double"} ${name}`,
      random: (random) => {
        const made = random.chance(0.3) ? random.pick(values) : (random.next() - 0.5) * 10 ** (random.below(60) - 30);
        return single ? Math.fround(made) : made;
      },
      words: (made, into) => into.push(doubleBits(made as number)),
      visit: (access, read, write) => {
        read.push(`PUTD(s.${access});`);
        write.push(`t.${access} = ${single ? "(float)" : ""}GETD();`);
      },
    };
  }

  #bool(): Told {
    return {
      type: c.bool,
      declare: (name) => `bool ${name}`,
      random: (random) => random.chance(0.5),
      words: (made, into) => into.push(made ? 1n : 0n),
      visit: (access, read, write) => {
        read.push(`PUT(s.${access});`);
        write.push(`t.${access} = GET() != 0;`);
      },
    };
  }

  #enum(): Told {
    const tag = `e${this.#tags++}`;
    const members: Record<string, number> = {
      A: this.random.chance(0.5) ? -1 : 0,
      B: 1 + this.random.below(100),
      C: 1000,
    };
    const names = Object.keys(members);
    this.declarations.push(`enum ${tag} { ${names.map((name) => `${tag}_${name} = ${members[name]}`).join(", ")} };`);
    const byName = this.random.chance(0.5);
    return {
      type: byName ? c.enum(members) : c.enumValue(members),
      declare: (name) => `enum ${tag} ${name}`,
      random: (random) => (byName ? random.pick(names) : members[random.pick(names)]),
      words: (made, into) =>
        into.push(BigInt.asUintN(64, BigInt(byName ? (members[made as string] as number) : (made as number)))),
      visit: (access, read, write) => {
        read.push(`PUT(s.${access});`);
        write.push(`t.${access} = (enum ${tag})GET();`);
      },
    };
  }

  #text(): Told {
    const length = 1 + this.random.below(12);
    const full = this.random.chance(0.5);
    return {
      type: c.text(length, { full }),
      declare: (name) => `char ${name}[${length}]`,
      random: (random) => {
        const room = full ? length : length - 1;
        let made = "";
        while (random.chance(0.85)) {
          const next = random.pick(["a", "Z", "7", " ", "é", "€", "😀"]);
          if (Buffer.byteLength(made + next) > room) break;
          made += next;
        }
        return made;
      },
      words: (made, into) => {
        const bytes = Buffer.alloc(length);
        bytes.write(made as string);
        for (const byte of bytes) into.push(BigInt(byte));
      },
      visit: (access, read, write) => {
        for (let index = 0; index < length; index++) {
          read.push(`PUT((unsigned char)s.${access}[${index}]);`);
          write.push(`t.${access}[${index}] = (char)GET();`);
        }
      },
    };
  }

  #bytes(): Told {
    const length = 1 + this.random.below(9);
    return {
      type: c.bytes(length),
      declare: (name) => `unsigned char ${name}[${length}]`,
      random: (random) => Buffer.from(Array.from({ length }, () => random.below(256))),
      words: (made, into) => {
        for (const byte of made as Buffer) into.push(BigInt(byte));
      },
      visit: (access, read, write) => {
        for (let index = 0; index < length; index++) {
          read.push(`PUT(s.${access}[${index}]);`);
          write.push(`t.${access}[${index}] = (unsigned char)GET();`);
        }
      },
    };
  }

  #array(element: Told): Told {
    const length = 1 + this.random.below(this.random.chance(0.2) ? 12 : 4);
    return {
      type: c.array(element.type, length),
      declare: (name) => element.declare(`${name}[${length}]`),
      random: (random) => Array.from({ length }, () => element.random(random)),
      words: (made, into) => {
        for (const item of made as unknown[]) element.words(item, into);
      },
      visit: (access, read, write) => {
        for (let index = 0; index < length; index++) element.visit(`${access}[${index}]`, read, write);
      },
    };
  }

  #nested(depth: number, declared: boolean, prefix = "g"): Told & { lines: string[] } {
    const tag = `n${this.#tags++}`;
    const packed = declared && this.random.chance(0.25);
    const fields: Record<string, FieldType<unknown>> = {};
    const parts: [string, Told][] = [];
    const lines: string[] = [];
    for (let index = 0; index < 1 + this.random.below(4); index++) {
      const told = this.random.chance(0.2) ? this.#bitField() : this.#plain(depth);
      const name = `${prefix}${index}`;
      fields[name] = told.type;
      lines.push(`${told.declare(name)};`);
      parts.push([name, told]);
    }
    if (declared)
      this.declarations.push(`struct ${tag} { ${lines.join(" ")} }${packed ? " __attribute__((packed))" : ""};`);
    return {
      lines,
      type: struct(fields, { packed, name: tag }),
      declare: (name) => `struct ${tag} ${name}`,
      random: (random) => Object.fromEntries(parts.map(([name, told]) => [name, told.random(random)])),
      words: (made, into) => {
        for (const [name, told] of parts) told.words((made as Record<string, unknown>)[name], into);
      },
      visit: (access, read, write) => {
        for (const [name, told] of parts) told.visit(access === "" ? name : `${access}.${name}`, read, write);
      },
    };
  }

  #bitField(): Told {
    if (this.random.chance(0.1))
      return { ...this.#bool(), type: c.bits(c.bool, 1), declare: (name) => `bool ${name} : 1` };
    const kind = this.random.pick(INTEGERS.filter(({ c }) => !c.includes("ptr") && c !== "size_t"));
    const width =
      1 + this.random.below(this.random.chance(0.5) ? Math.min(7, kind.bits(this.#word)) : kind.bits(this.#word));
    return {
      ...this.#integer(kind),
      type: c.bits(kind.type, width),
      declare: (name) => `${kind.c} ${name} : ${width}`,
      random: (random) => value(kind, random.integer(width, kind.signed)),
    };
  }

  #unnamedBits(label: string, fields: Record<string, FieldType<unknown>>, lines: string[]): void {
    const kind = this.random.pick(INTEGERS.filter(({ c }) => !c.includes("ptr") && c !== "size_t"));
    const width = this.random.chance(0.5) ? 0 : 1 + this.random.below(kind.bits(this.#word));
    fields[label] = c.unnamedBits(kind.type, width);
    lines.push(`${kind.c} : ${width};`);
  }

  #aligned(told: Told): Told {
    const bytes = this.random.pick([2, 4, 8, 16]);
    return {
      ...told,
      type: c.aligned(bytes, told.type),
      declare: (name) => `${told.declare(name)} __attribute__((aligned(${bytes})))`,
    };
  }

  /** A discriminator and the union that it decides. */
  #union(
    field: string,
    fields: Record<string, FieldType<unknown>>,
    lines: string[],
    values: [string, Told, ((made: Record<string, unknown>) => unknown)?][],
    offsets: string[],
    read: string[],
    write: string[],
  ): void {
    const tag = `u${this.#tags++}`;
    const parts = Array.from(
      { length: 2 + this.random.below(2) },
      (_, index) => [`m${index}`, this.#plain(1)] as const,
    );
    this.declarations.push(`union ${tag} { ${parts.map(([name, told]) => `${told.declare(name)};`).join(" ")} };`);
    const selector = `${field}k`;
    const names = Object.fromEntries(parts.map(([name], index) => [name, index]));
    const which: Told = {
      type: c.enum(names, { base: c.u8 }),
      declare: (name) => `uint8_t ${name}`,
      random: (random) => random.pick(Object.keys(names)),
      words: (made, into) => into.push(BigInt(names[made as string] as number)),
      visit: (access, into, out) => {
        into.push(`PUT(s.${access});`);
        out.push(`t.${access} = (uint8_t)GET();`);
      },
    };
    const unionType = c.union(Object.fromEntries(parts.map(([name, told]) => [name, told.type])), { by: selector });
    const told: Told = {
      type: unionType,
      declare: (name) => `union ${tag} ${name}`,
      random: () => undefined,
      words: (made, into) => {
        const [name, part] = Object.entries(made as object)[0] as [string, unknown];
        (parts.find(([other]) => other === name) as readonly [string, Told])[1].words(part, into);
      },
      visit: (access, into, out) => {
        for (const [name, part] of parts) {
          const [innerRead, innerWrite]: [string[], string[]] = [[], []];
          part.visit(`${access}.${name}`, innerRead, innerWrite);
          into.push(`if (s.${selector} == ${names[name]}) { ${innerRead.join(" ")} }`);
          out.push(`if (t.${selector} == ${names[name]}) { ${innerWrite.join(" ")} }`);
        }
      },
    };
    // Before or behind the union: C allows both.
    const order: [string, Told][] = [
      [selector, which],
      [field, told],
    ];
    for (const [name, part] of order) {
      fields[name] = part.type;
      lines.push(`${part.declare(name)};`);
      offsets.push(name);
      part.visit(name, read, write);
    }
    values.push([selector, which]);
    const { random } = this;
    values.push([
      field,
      told,
      (made) => {
        const name = made[selector] as string;
        return { [name]: (parts.find(([other]) => other === name) as readonly [string, Told])[1].random(random) };
      },
    ]);
  }
}
