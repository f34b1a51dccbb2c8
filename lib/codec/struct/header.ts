import { checkOneOf, checkOptions, wrongType } from "../../arguments.js";
import { ArrayShape } from "./array.js";
import { BytesShape, TextShape } from "./characters.js";
import { EnumShape } from "./enumeration.js";
import { FlexibleShape } from "./flexible.js";
import { IntegerShape } from "./integer.js";
import { RecordShape, type Member } from "./record.js";
import { BoolShape, FloatShape } from "./scalar.js";
import type { Shape } from "./shape.js";
import { UnionShape } from "./union.js";

/** What `toHeader` writes. */
export interface HeaderOptions {
  /**
   * `"declare"` (default): the structs and the assertions. `"assert"`: only assertions, for structs that the C program
   * declares itself: include the header behind their declaration.
   */
  readonly mode?: "declare" | "assert";
}

/** Reserved in C11 or C++20, so no name of a field or a tag. */
const RESERVED = new Set(
  `auto break case char const continue default do double else enum extern float for goto if inline int long register restrict
  return short signed sizeof static struct switch typedef union unsigned void volatile while alignas alignof and and_eq asm
  bitand bitor bool catch char8_t char16_t char32_t class compl concept consteval constexpr constinit const_cast co_await
  co_return co_yield decltype delete dynamic_cast explicit export false friend mutable namespace new noexcept not not_eq
  nullptr operator or or_eq private protected public reinterpret_cast requires static_assert static_cast template this
  thread_local throw true try typeid typename using virtual wchar_t xor xor_eq`.split(/\s+/),
);

/** @throws TypeError when a name is not one that C and C++ allow. */
export function writeHeader(shape: RecordShape, name: string, options?: HeaderOptions): string {
  const { mode = "declare" } = checkOptions<HeaderOptions>("toHeader", options, ["mode"]);
  const writer = new HeaderWriter(checkOneOf("toHeader", "mode", mode, ["declare", "assert"]));
  writer.record(shape, checked(name));
  return writer.finish(name, shape);
}

class HeaderWriter {
  readonly #declarations: string[] = [];
  readonly #asserts: string[] = [];
  /** Tags of what is declared already: a struct used twice is declared once. */
  readonly #tags = new Map<Shape | string, string>();

  constructor(readonly mode: "declare" | "assert") {}

  finish(name: string, shape: RecordShape): string {
    const guard = `HOSTMQ_${name.toUpperCase()}_${this.mode === "declare" ? "H" : "ASSERTS_H"}`;
    const word = shape.layout.word;
    return `/* Written from a hostmq struct. Change the struct there and write this file again. */
#ifndef ${guard}
#define ${guard}

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifndef HOSTMQ_ASSERT
#ifdef __cplusplus
#define HOSTMQ_ASSERT(condition, text) static_assert(condition, text)
#define HOSTMQ_ALIGNOF(type) alignof(type)
#else
#define HOSTMQ_ASSERT(condition, text) _Static_assert(condition, text)
#define HOSTMQ_ALIGNOF(type) _Alignof(type)
#endif
#define HOSTMQ_FIELD(type, field) (((type *)0)->field)
/* What a number is: 0 an unsigned integer, 1 a signed one, 2 a floating one. */
#define HOSTMQ_KIND(type, field) \\
  ((__typeof__(HOSTMQ_FIELD(type, field)))0.5 != 0 ? 2 : !((__typeof__(HOSTMQ_FIELD(type, field)))-1 > 0))
#endif

HOSTMQ_ASSERT(sizeof(void *) == ${word}, "${name}: made for ${8 * word}-bit programs (${shape.layout.name})");

${[...this.#declarations, this.#asserts.join("\n")].join("\n\n")}

#endif
`;
  }

  record(shape: RecordShape, tag: string): string {
    const known = this.#tags.get(shape);
    if (known !== undefined) return known;
    const type = `struct ${this.#claim(tag, shape)}`;
    const { packed, align } = shape.options;
    const lines = shape.members.map((field) => `  ${this.#member(field, tag)}`);
    const attributes = [...(packed ? ["packed"] : []), ...(align === undefined ? [] : [`aligned(${align})`])];
    const tail = attributes.length === 0 ? "" : ` __attribute__((${attributes.join(", ")}))`;
    if (this.mode === "declare") this.#declarations.push(`${type} {\n${lines.join("\n")}\n}${tail};`);
    this.#assert(`sizeof(${type}) == ${shape.size}`, `${tag}: size`);
    this.#assert(`HOSTMQ_ALIGNOF(${type}) == ${shape.alignment}`, `${tag}: alignment`);
    for (const field of shape.named) this.#assertField(type, tag, field, 0);
    return type;
  }

  #assertField(type: string, tag: string, { name, shape, offset, bitField, place }: Member, around: number): void {
    if (bitField) return; // C has no offsetof for it; size and neighbours guard it
    if (place.anonymous) {
      const inner: Iterable<readonly [string, Shape, number, boolean]> =
        shape instanceof RecordShape
          ? shape.named.map((field) => [field.name, field.shape, field.offset, field.bitField !== undefined] as const)
          : shape instanceof UnionShape
            ? [...shape.shapes].map(([member, part]) => [member, part, 0, false] as const)
            : [];
      for (const [member, part, at, isBits] of inner) {
        if (!isBits) this.#assertPlace(type, tag, member, part, around + offset + at);
      }
      return;
    }
    this.#assertPlace(type, tag, name, shape, around + offset);
  }

  #assertPlace(type: string, tag: string, name: string, shape: Shape, offset: number): void {
    this.#assert(`offsetof(${type}, ${name}) == ${offset}`, `${tag}.${name}: offset`);
    if (shape.kind === "flexible") return;
    this.#assert(`sizeof(HOSTMQ_FIELD(${type}, ${name})) == ${shape.size}`, `${tag}.${name}: size`);
    let field = name;
    let inner = shape;
    while (inner instanceof ArrayShape) {
      field += "[0]";
      inner = inner.element;
      if (!(inner instanceof RecordShape || inner instanceof UnionShape)) {
        this.#assert(`sizeof(HOSTMQ_FIELD(${type}, ${field})) == ${inner.size}`, `${tag}.${name}: size of an element`);
      }
    }
    if (inner instanceof FloatShape) this.#assert(`HOSTMQ_KIND(${type}, ${field}) == 2`, `${tag}.${name}: floating`);
    else if (inner instanceof IntegerShape && !inner.c.includes("*") && inner.c !== "char") {
      this.#assert(
        `HOSTMQ_KIND(${type}, ${field}) == ${Number(inner.signed)}`,
        `${tag}.${name}: ${inner.signed ? "signed" : "unsigned"}`,
      );
    }
  }

  #assert(condition: string, text: string): void {
    this.#asserts.push(`HOSTMQ_ASSERT(${condition}, "${text}");`);
  }

  #member(field: Member, tag: string): string {
    const { name, shape, place, bitField } = field;
    if (bitField) {
      const type = this.#typeOf(bitField.base, tag, name);
      return `${type} ${place.unnamed ? "" : checked(name)}: ${bitField.width};`;
    }
    if (place.unnamed) return `unsigned char ${checked(name)}[${shape.size}];`;
    const align = place.align === undefined ? "" : ` __attribute__((aligned(${place.align})))`;
    if (place.anonymous) return `${this.#inline(shape, tag, name)}${align};`;
    return `${this.#declare(shape, checked(name), tag, name)}${align};${orderOf(shape)}`;
  }

  /** A declaration without its semicolon: C writes the type around the name. */
  #declare(shape: Shape, declarator: string, tag: string, field: string): string {
    if (shape instanceof ArrayShape) return this.#declare(shape.element, `${declarator}[${shape.length}]`, tag, field);
    if (shape instanceof FlexibleShape) {
      return this.#declare(shape.element, `${declarator}[]`, tag, field);
    }
    if (shape instanceof TextShape) return `char ${declarator}[${shape.size}]`;
    if (shape instanceof BytesShape) {
      const align = shape.alignment === 1 ? "" : ` __attribute__((aligned(${shape.alignment})))`;
      return `unsigned char ${declarator}[${shape.size}]${align}`;
    }
    const type = this.#typeOf(shape, tag, field);
    return type.endsWith("*") ? `${type}${declarator}` : `${type} ${declarator}`;
  }

  #typeOf(shape: Shape, tag: string, field: string): string {
    if (shape instanceof IntegerShape || shape instanceof FloatShape) return shape.c;
    if (shape instanceof BoolShape) return "bool";
    if (shape instanceof RecordShape) return this.record(shape, checked(shape.options.name ?? `${tag}_${field}`));
    if (shape instanceof UnionShape) return this.#union(shape, checked(shape.options.name ?? `${tag}_${field}`));
    if (shape instanceof EnumShape) return this.#enum(shape, `${tag}_${field}`);
    throw new TypeError(`${tag}.${field} has no form in C`);
  }

  #union(shape: UnionShape, tag: string): string {
    const known = this.#tags.get(shape);
    if (known !== undefined) return known;
    const type = `union ${this.#claim(tag, shape)}`;
    this.#tags.set(shape, type);
    if (this.mode === "declare") this.#declarations.push(`${type} {\n${this.#unionMembers(shape, tag)}\n};`);
    else for (const [name, part] of shape.shapes) this.#declare(part, checked(name), tag, name);
    this.#assert(`sizeof(${type}) == ${shape.size}`, `${tag}: size`);
    this.#assert(`HOSTMQ_ALIGNOF(${type}) == ${shape.alignment}`, `${tag}: alignment`);
    for (const [name, part] of shape.shapes) this.#assertPlace(type, tag, name, part, 0);
    return type;
  }

  #unionMembers(shape: UnionShape, tag: string): string {
    return [...shape.shapes]
      .map(([name, part]) => `  ${this.#declare(part, checked(name), tag, name)};${orderOf(part)}`)
      .join("\n");
  }

  /** The body of an anonymous struct or union, in place. */
  #inline(shape: Shape, tag: string, field: string): string {
    if (shape instanceof UnionShape) return `union {\n${this.#unionMembers(shape, `${tag}_${field}`)}\n  }`;
    if (shape instanceof RecordShape) {
      const lines = shape.members.map((inner) => `    ${this.#member(inner, `${tag}_${field}`)}`);
      return `struct {\n${lines.join("\n")}\n  }${shape.options.packed ? " __attribute__((packed))" : ""}`;
    }
    throw new TypeError(`${tag}.${field}: only a struct or a union can be anonymous`);
  }

  /** Constants get the enum's name in front, since C knows one scope for all of them. */
  #enum(shape: EnumShape, derived: string): string {
    const tag = shape.tag ?? derived;
    const type = shape.ownType && shape.tag !== undefined ? `enum ${tag}` : shape.integer.c;
    if (this.#tags.has(`enum ${tag}`) || this.mode === "assert") return type;
    this.#tags.set(`enum ${tag}`, type);
    const constants = Object.entries(shape.members).map(
      ([name, value]) => `  ${tag.toUpperCase()}_${name} = ${constant(value)}`,
    );
    this.#declarations.push(`enum ${checked(tag)} {\n${constants.join(",\n")}\n};`);
    return type;
  }

  #claim(tag: string, shape: Shape): string {
    for (const [other, known] of this.#tags) {
      if (other !== shape && typeof other !== "string" && known === `struct ${tag}`) {
        throw new TypeError(`Two different structs are named ${tag}; give one of them another name`);
      }
    }
    this.#tags.set(shape, `struct ${tag}`);
    return tag;
  }
}

function constant(value: number): string {
  if (value === -0x80000000) return "(-2147483647 - 1)";
  return value > 0x7fffffff ? `${value}u` : String(value);
}

/** A C compiler knows no byte order, so a reader must be told. */
function orderOf(shape: Shape): string {
  let inner = shape;
  while (inner instanceof ArrayShape) inner = inner.element;
  const little =
    inner instanceof EnumShape
      ? inner.integer.little
      : inner instanceof IntegerShape || inner instanceof FloatShape
        ? inner.little
        : HOST;
  return little === HOST ? "" : ` /* ${little ? "little" : "big"}-endian */`;
}

const HOST = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function checked(name: unknown): string {
  if (typeof name !== "string" || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || RESERVED.has(name)) {
    throw wrongType("toHeader", "name", "a name that C and C++ allow", name);
  }
  return name;
}
