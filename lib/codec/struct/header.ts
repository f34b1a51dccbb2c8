import { isDeepStrictEqual } from "node:util";
import { checkOneOf, checkOptions } from "../../arguments.js";
import { ArrayShape } from "./array.js";
import { checkDeclarable, checkIdentifier } from "./c-names.js";
import { BytesShape, TextShape } from "./characters.js";
import { EnumShape } from "./enumeration.js";
import { FlexibleShape } from "./flexible.js";
import { IntegerShape } from "./integer.js";
import { membersOf, RecordShape, type Member } from "./record.js";
import { wrongDeclaration } from "./refusal.js";
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

/** @throws TypeError when a name is not one that C and C++ allow. */
export function writeHeader(shape: RecordShape, name: string, options?: HeaderOptions): string {
  const { mode = "declare" } = checkOptions<HeaderOptions>("toHeader", options, ["mode"]);
  const writer = new HeaderWriter(checkOneOf("toHeader", "mode", mode, ["declare", "assert"]));
  writer.record(shape, name);
  return writer.finish(name, shape);
}

class HeaderWriter {
  readonly #declarations: string[] = [];
  readonly #asserts: string[] = [];
  /** How C spells what is declared already: a struct used twice is declared once. */
  readonly #types = new Map<Shape, string>();
  /** Structs, unions and enums share one space of tags. */
  readonly #tags = new Map<string, Shape>();
  /** C knows one scope for the constants of all enums. */
  readonly #constants = new Set<string>();

  constructor(readonly mode: "declare" | "assert") {}

  finish(name: string, shape: RecordShape): string {
    const guard = `HOSTMQ_${this.mode === "declare" ? "STRUCT" : "ASSERTS"}_${name}`;
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
    const known = this.#types.get(shape);
    if (known !== undefined) return known;
    // Its size is 0 in gcc's C, 1 in C++, and the standard knows none.
    if (shape.size === 0) throw wrongDeclaration(tag, "C has no struct without a byte");
    const type = this.#claim("struct", tag, shape);
    const lines = shape.members.map((field) => `  ${this.#member(field, tag, shape.options.packed)}`);
    if (this.mode === "declare") this.#declarations.push(`${type} {\n${lines.join("\n")}\n}${attributesOf(shape)};`);
    this.#assert(`sizeof(${type}) == ${shape.size}`, `${tag}: size`);
    this.#assert(`HOSTMQ_ALIGNOF(${type}) == ${shape.alignment}`, `${tag}: alignment`);
    for (const field of shape.named) this.#assertField(type, tag, field, 0);
    return type;
  }

  #assertField(type: string, tag: string, { name, shape, offset, bitField, place }: Member, around: number): void {
    if (bitField) return; // C has no offsetof for it; size and neighbours guard it
    if (place.anonymous && membersOf(shape).includes(tag))
      throw wrongDeclaration(
        `${tag}.${name}`,
        "in C++ a field of an anonymous member cannot have the name of the struct",
      );
    if (place.anonymous && shape instanceof RecordShape) {
      for (const inner of shape.named) this.#assertField(type, tag, inner, around + offset);
    } else if (place.anonymous && shape instanceof UnionShape) {
      for (const [member, part] of shape.shapes) this.#assertPlace(type, tag, member, part, around + offset);
    } else this.#assertPlace(type, tag, name, shape, around + offset);
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

  #member(field: Member, tag: string, packed: boolean): string {
    const { name, shape, place, bitField } = field;
    if (bitField) {
      const type = this.#typeOf(bitField.base, tag, name);
      return `${type} ${place.unnamed ? "" : this.#checked(name)}: ${bitField.width};`;
    }
    if (place.unnamed) return `unsigned char ${this.#checked(name)}[${shape.size}];`;
    const align = place.align === undefined ? "" : ` __attribute__((aligned(${place.align})))`;
    if (place.anonymous) return `${this.#inline(shape, tag, name)}${align};`;
    return `${this.#declare(shape, this.#checked(name), tag, name, packed)}${align};${orderOf(shape)}`;
  }

  /** A declaration without its semicolon: C writes the type around the name. */
  #declare(shape: Shape, declarator: string, tag: string, field: string, packed = false): string {
    if (shape instanceof ArrayShape)
      return this.#declare(shape.element, `${declarator}[${shape.length}]`, tag, field, packed);
    if (shape instanceof FlexibleShape) {
      return this.#declare(shape.element, `${declarator}[]`, tag, field, packed);
    }
    if (shape instanceof TextShape) return `char ${declarator}[${shape.size}]`;
    if (shape instanceof BytesShape) {
      // Of the type that it stands for, which a packed struct does not heed; said of a field, it would.
      const align = shape.alignment === 1 || packed ? "" : ` __attribute__((aligned(${shape.alignment})))`;
      return `unsigned char ${declarator}[${shape.size}]${align}`;
    }
    const type = this.#typeOf(shape, tag, field);
    return type.endsWith("*") ? `${type}${declarator}` : `${type} ${declarator}`;
  }

  #typeOf(shape: Shape, tag: string, field: string): string {
    if (shape instanceof IntegerShape || shape instanceof FloatShape) return shape.c;
    if (shape instanceof BoolShape) return "bool";
    if (shape instanceof RecordShape) return this.record(shape, shape.options.name ?? `${tag}_${field}`);
    if (shape instanceof UnionShape) return this.#union(shape, shape.options.name ?? `${tag}_${field}`);
    if (shape instanceof EnumShape) return this.#enum(shape, `${tag}_${field}`);
    throw wrongDeclaration("", `${tag}.${field} has no form in C`);
  }

  #union(shape: UnionShape, tag: string): string {
    const known = this.#types.get(shape);
    if (known !== undefined) return known;
    const type = this.#claim("union", tag, shape);
    if (this.mode === "declare") this.#declarations.push(`${type} {\n${this.#unionMembers(shape, tag)}\n};`);
    else for (const [name, part] of shape.shapes) this.#declare(part, this.#checked(name), tag, name);
    this.#assert(`sizeof(${type}) == ${shape.size}`, `${tag}: size`);
    this.#assert(`HOSTMQ_ALIGNOF(${type}) == ${shape.alignment}`, `${tag}: alignment`);
    for (const [name, part] of shape.shapes) this.#assertPlace(type, tag, name, part, 0);
    return type;
  }

  #unionMembers(shape: UnionShape, tag: string): string {
    return [...shape.shapes]
      .map(([name, part]) => `  ${this.#declare(part, this.#checked(name), tag, name)};${orderOf(part)}`)
      .join("\n");
  }

  /** The body of an anonymous struct or union, in place. */
  #inline(shape: Shape, tag: string, field: string): string {
    if (shape instanceof UnionShape) return `union {\n${this.#unionMembers(shape, `${tag}_${field}`)}\n  }`;
    if (shape instanceof RecordShape) {
      const lines = shape.members.map((inner) => `    ${this.#member(inner, `${tag}_${field}`, shape.options.packed)}`);
      return `struct {\n${lines.join("\n")}\n  }${attributesOf(shape)}`;
    }
    throw wrongDeclaration(`${tag}.${field}`, "only a struct or a union can be anonymous");
  }

  /** Constants get the enum's name in front, since C knows one scope for all of them. */
  #enum(shape: EnumShape, derived: string): string {
    const tag = shape.tag ?? derived;
    const type = shape.ownType && shape.tag !== undefined ? `enum ${tag}` : shape.integer.c;
    if (this.mode === "assert") return type;
    const known = this.#tags.get(tag);
    if (known instanceof EnumShape && isDeepStrictEqual(known.members, shape.members)) return type;
    this.#claim("enum", tag, shape);
    const constants = Object.entries(shape.members).map(
      ([name, value]) => `  ${this.#constant(`${tag.toUpperCase()}_${name}`)} = ${constant(value)}`,
    );
    this.#declarations.push(`enum ${tag} {\n${constants.join(",\n")}\n};`);
    return type;
  }

  #constant(name: string): string {
    const checked = this.#checked(name);
    if (this.#constants.has(checked))
      throw wrongDeclaration("", `Two constants are named ${checked} in C; give one of their enums another name`);
    this.#constants.add(checked);
    return checked;
  }

  #claim(kind: "struct" | "union" | "enum", name: string, shape: Shape): string {
    const tag = this.#checked(name);
    if (this.#tags.has(tag))
      throw wrongDeclaration("", `Two different structs are named ${tag}; give one of them another name`);
    this.#tags.set(tag, shape);
    const type = `${kind} ${tag}`;
    this.#types.set(shape, type);
    return type;
  }

  #checked(name: string): string {
    return this.mode === "declare" ? checkDeclarable(name) : checkIdentifier(name);
  }
}

/** Those behind the closing brace. */
function attributesOf({ options: { packed, align } }: RecordShape): string {
  const attributes = [...(packed ? ["packed"] : []), ...(align === undefined ? [] : [`aligned(${align})`])];
  return attributes.length === 0 ? "" : ` __attribute__((${attributes.join(", ")}))`;
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
