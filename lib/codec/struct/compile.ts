import { ArrayShape } from "./array.js";
import { TextShape } from "./characters.js";
import { EnumShape } from "./enumeration.js";
import { IntegerShape, isIntegral } from "./integer.js";
import type { Memory } from "./memory.js";
import { RecordShape, type Member } from "./record.js";
import { BoolShape, FloatShape } from "./scalar.js";
import type { Shape } from "./shape.js";

/**
 * A struct's fields as straight-line steps. Either function throws, without saying why, on a value or bytes that do not
 * fit; the caller then takes the plain road through the shapes, which finds the words.
 */
export interface Steps {
  write(memory: Memory, at: number, value: unknown): void;
  read(memory: Memory, at: number, end: number): unknown;
}

/** Arrays up to this length are written out element by element. */
const UNROLLED = 8;
/** Structs with gaps up to this size are zeroed by stores; larger ones by `fill`. */
const ZEROED_BY_STORES = 128;

/**
 * Makes the steps by generating source, because a closure per field costs five times a hand-written function: every access
 * to a property then goes through one shared, megamorphic place. What is generated comes from the shapes alone: numbers, and
 * field names that were checked to be C identifiers.
 *
 * @returns undefined where the process forbids code generation (`--disallow-code-generation-from-strings`).
 */
export function compile(shape: RecordShape): Steps | undefined {
  const source = new Source();
  const write = source.write(shape);
  const read = source.read(shape);
  const text = `"use strict";
const misfit = new Error("misfit");
return {
  write(memory, at, o) {
    const { view, bytes } = memory;
${write}
  },
  read(memory, at, end) {
    const { view, bytes } = memory;
${read}
  },
};`;
  try {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- see above: no text of anybody else gets in
    const make = new Function("k", text) as (constants: readonly unknown[]) => Steps;
    return make(source.constants);
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}

class Source {
  /** What the generated code refers to: shapes that it calls for what it does not do itself. */
  readonly constants: unknown[] = [];
  #variables = 0;

  write(shape: RecordShape): string {
    const out: string[] = [];
    if (hasGaps(shape)) out.push(zero(shape.size));
    this.#writeRecord(out, shape, "o", { base: "at", offset: 0 });
    return out.join("\n");
  }

  read(shape: RecordShape): string {
    const out: string[] = [];
    const value = this.#readRecord(out, shape, { base: "at", offset: 0 });
    out.push(`return ${value};`);
    return out.join("\n");
  }

  #writeRecord(out: string[], shape: RecordShape, object: string, place: Place): void {
    const count = this.#variable();
    out.push(`if (typeof ${object} !== "object" || ${object} === null) throw misfit;`);
    out.push(
      `let ${count} = 0; for (const key in ${object}) ${count}++;`,
      `if (${count} !== ${shape.named.length}) throw misfit;`,
    );
    for (const field of shape.named) {
      const value = this.#variable();
      out.push(`const ${value} = ${object}.${field.name};`);
      if (field.bitField) this.#writeBits(out, shape, field, value, place);
      else this.#writeValue(out, field.shape, value, moved(place, field.offset), object);
    }
  }

  #writeValue(out: string[], shape: Shape, value: string, place: Place, siblings: string): void {
    const at = text(place);
    if (shape instanceof IntegerShape && shape.value === "number" && shape.size <= 4) {
      out.push(`if (${outside(shape, value)}) throw misfit;`, `${setter(shape)}(${at}, ${value}${order(shape)});`);
    } else if (shape instanceof IntegerShape && shape.value === "bigint" && shape.size === 8) {
      const cut = shape.signed ? "asIntN" : "asUintN";
      out.push(`if (typeof ${value} !== "bigint" || BigInt.${cut}(64, ${value}) !== ${value}) throw misfit;`);
      out.push(`view.${shape.signed ? "setBigInt64" : "setBigUint64"}(${at}, ${value}, ${shape.little});`);
    } else if (shape instanceof FloatShape) {
      out.push(`if (typeof ${value} !== "number") throw misfit;`);
      if (shape.size === 4)
        out.push(`if (!Number.isFinite(Math.fround(${value})) && Number.isFinite(${value})) throw misfit;`);
      out.push(`view.setFloat${8 * shape.size}(${at}, ${value}, ${shape.little});`);
    } else if (shape instanceof BoolShape) {
      out.push(`if (typeof ${value} !== "boolean") throw misfit;`, `view.setUint8(${at}, ${value} ? 1 : 0);`);
    } else if (shape instanceof EnumShape && shape.integer.size <= 4) {
      const constant = this.#variable();
      out.push(`const ${constant} = ${this.#constant(shape.integers)}.get(${value});`);
      out.push(
        `if (${outside(shape.integer, constant)}) throw misfit;`,
        `${setter(shape.integer)}(${at}, ${constant}${order(shape.integer)});`,
      );
    } else if (shape instanceof TextShape) {
      const plain = `${this.#constant(shape)}.write(memory, ${at}, ${value}, "")`;
      out.push(`if (!${this.#constant(shape)}.put(bytes, ${at}, ${value})) ${plain};`);
    } else if (shape instanceof RecordShape) {
      this.#writeRecord(out, shape, value, place);
    } else if (shape instanceof ArrayShape) {
      out.push(`if (!Array.isArray(${value}) || ${value}.length !== ${shape.length}) throw misfit;`);
      this.#eachElement(out, shape, place, (body, index, element) => {
        const item = this.#variable();
        body.push(`const ${item} = ${value}[${index}];`);
        this.#writeValue(body, shape.element, item, element, "undefined");
      });
    } else {
      out.push(`${this.#constant(shape)}.write(memory, ${at}, ${value}, "", ${siblings});`);
    }
  }

  #writeBits(out: string[], shape: RecordShape, field: Member, value: string, place: Place): void {
    const unit = unitOf(shape, field);
    if (unit === undefined) {
      out.push(`${this.#constant(field.bitField)}.write(memory, ${text(place)}, ${value}, "");`);
      return;
    }
    const { signed } = unit.integer;
    const rest = 32 - unit.width;
    if (unit.isBool) out.push(`if (typeof ${value} !== "boolean") throw misfit;`);
    else
      out.push(
        `if (${signed ? `(${value} << ${rest} >> ${rest})` : `(${value} << ${rest} >>> ${rest})`} !== ${value}) throw misfit;`,
      );
    const at = text(moved(place, unit.offset));
    const mask = unit.width === 32 ? -1 : (1 << unit.width) - 1;
    const order = unit.bytes === 1 ? "" : `, ${unit.little}`;
    const word = `view.getUint${8 * unit.bytes}(${at}${order})`;
    out.push(`view.setUint${8 * unit.bytes}(${at}, ${word} | ((${value} & ${mask}) << ${unit.shift})${order});`);
  }

  #readRecord(out: string[], shape: RecordShape, place: Place): string {
    const late = shape.named.filter((field) => field.shape.dependsOn !== undefined);
    const parts = shape.named.map((field) => {
      const value = late.includes(field) ? "undefined" : this.#readField(out, shape, field, place, "undefined");
      return `${field.name}: ${value}`;
    });
    const literal = `{ ${parts.join(", ")} }`;
    if (late.length === 0) return literal;
    const object = this.#variable();
    out.push(`const ${object} = ${literal};`);
    for (const field of late)
      out.push(`${object}.${field.name} = ${this.#readField(out, shape, field, place, object)};`);
    return object;
  }

  #readField(out: string[], shape: RecordShape, field: Member, place: Place, siblings: string): string {
    if (!field.bitField) return this.#readValue(out, field.shape, moved(place, field.offset), siblings);
    const unit = unitOf(shape, field);
    if (unit === undefined) return `${this.#constant(field.bitField)}.read(memory, ${text(place)}, "")`;
    const word = `view.getUint${8 * unit.bytes}(${text(moved(place, unit.offset))}${unit.bytes === 1 ? "" : `, ${unit.little}`})`;
    const up = 32 - unit.shift - unit.width;
    const value = `(${word} << ${up} ${unit.integer.signed ? ">>" : ">>>"} ${32 - unit.width})`;
    return unit.isBool ? `(${value} !== 0)` : value;
  }

  #readValue(out: string[], shape: Shape, place: Place, siblings: string): string {
    const at = text(place);
    if (shape instanceof IntegerShape && shape.value === "number" && shape.size <= 4)
      return `${getter(shape)}(${at}${order(shape)})`;
    if (shape instanceof IntegerShape && shape.value === "bigint" && shape.size === 8) {
      return `view.${shape.signed ? "getBigInt64" : "getBigUint64"}(${at}, ${shape.little})`;
    }
    if (shape instanceof FloatShape) return `view.getFloat${8 * shape.size}(${at}, ${shape.little})`;
    if (shape instanceof BoolShape) return `(view.getUint8(${at}) !== 0)`;
    if (shape instanceof EnumShape && shape.integer.size <= 4) {
      return `${this.#constant(shape)}.valueOfConstant(${getter(shape.integer)}(${at}${order(shape.integer)}), "")`;
    }
    if (shape instanceof RecordShape) return this.#readRecord(out, shape, place);
    if (shape instanceof ArrayShape) {
      const values = this.#variable();
      out.push(`const ${values} = [];`);
      this.#eachElement(out, shape, place, (body, _index, element) => {
        body.push(`${values}.push(${this.#readValue(body, shape.element, element, "undefined")});`);
      });
      return values;
    }
    return `${this.#constant(shape)}.read(memory, ${at}, "", ${siblings}, ${shape.kind === "flexible" ? "end" : `${at} + ${shape.size}`})`;
  }

  #eachElement(
    out: string[],
    shape: ArrayShape,
    place: Place,
    each: (body: string[], index: string, element: Place) => void,
  ): void {
    if (shape.length <= UNROLLED && shape.element.kind !== "struct" && shape.element.kind !== "array") {
      for (let index = 0; index < shape.length; index++)
        each(out, String(index), moved(place, index * shape.element.size));
      return;
    }
    const index = this.#variable();
    const start = this.#variable();
    const body: string[] = [];
    each(body, index, { base: start, offset: 0 });
    out.push(
      `for (let ${index} = 0, ${start} = ${text(place)}; ${index} < ${shape.length}; ${index}++, ${start} += ${shape.element.size}) {`,
    );
    out.push(...body, "}");
  }

  #constant(value: unknown): string {
    let index = this.constants.indexOf(value);
    if (index === -1) index = this.constants.push(value) - 1;
    return `k[${index}]`;
  }

  #variable(): string {
    return `v${this.#variables++}`;
  }
}

/** An address: a variable and a number. */
interface Place {
  readonly base: string;
  readonly offset: number;
}

function moved(place: Place, by: number): Place {
  return { base: place.base, offset: place.offset + by };
}

function text({ base, offset }: Place): string {
  return offset === 0 ? base : `${base} + ${offset}`;
}

/** A condition that is true for everything but an integer of this type. */
function outside({ size, signed }: IntegerShape, value: string): string {
  const rest = 32 - 8 * size;
  if (size === 4) return signed ? `(${value} | 0) !== ${value}` : `(${value} >>> 0) !== ${value}`;
  return signed ? `(${value} << ${rest} >> ${rest}) !== ${value}` : `(${value} & ${2 ** (8 * size) - 1}) !== ${value}`;
}

function setter({ size, signed }: IntegerShape): string {
  return `view.set${signed ? "Int" : "Uint"}${8 * size}`;
}

function getter({ size, signed }: IntegerShape): string {
  return `view.get${signed ? "Int" : "Uint"}${8 * size}`;
}

function order({ size, little }: IntegerShape): string {
  return size === 1 ? "" : `, ${little}`;
}

/** The bytes around a bit-field, up to four, that lie inside of its struct; undefined where they do not suffice. */
function unitOf(shape: RecordShape, { bitField }: Member) {
  if (bitField === undefined || bitField.base.kind === "enum" || bitField.base.integer.value !== "number")
    return undefined;
  const { start, width, little, base } = bitField;
  for (const bytes of [1, 2, 4] as const) {
    const offset = Math.min(start >> 3, shape.size - bytes);
    const skipped = start - 8 * offset;
    if (offset < 0 || skipped + width > 8 * bytes) continue;
    const shift = little ? skipped : 8 * bytes - skipped - width;
    return { integer: base.integer, isBool: base.kind === "bool", bytes, offset, shift, width, little };
  }
  return undefined;
}

/** Whether writing all fields leaves bytes untouched, or needs them zeroed first. */
function hasGaps(shape: Shape): boolean {
  if (shape instanceof ArrayShape) return hasGaps(shape.element);
  if (shape instanceof RecordShape) {
    let filled = 0;
    for (const { shape: inner, bitField, offset, place } of shape.members) {
      if (bitField || place.unnamed || offset !== filled || hasGaps(inner)) return true;
      filled += inner.size;
    }
    return filled !== shape.size;
  }
  return (
    shape.kind === "union" ||
    !(isIntegral(shape) || shape.kind === "float" || shape.kind === "text" || shape.kind === "bytes")
  );
}

function zero(size: number): string {
  if (size > ZEROED_BY_STORES) return `bytes.fill(0, at, at + ${size});`;
  const out: string[] = [];
  let at = 0;
  for (; at + 8 <= size; at += 8) out.push(`view.setFloat64(at + ${at}, 0);`);
  for (; at < size; at++) out.push(`view.setUint8(at + ${at}, 0);`);
  return out.join("\n");
}
