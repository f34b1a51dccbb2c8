import { wrongType } from "../../arguments.js";
import { ArrayShape } from "./array.js";
import { BytesShape } from "./characters.js";
import { checkAlignment, checkLength, checkType } from "./declaring.js";
import { EnumShape } from "./enumeration.js";
import { IntegerShape } from "./integer.js";
import { FloatShape } from "./scalar.js";
import { fieldType, type FieldType, type Placement, type Shape } from "./shape.js";

export function aligned<T>(bytes: number, type: FieldType<T>): FieldType<T> {
  checkAlignment("c.aligned", "bytes", bytes);
  checkType("c.aligned", "type", type);
  if (type.place?.bits !== undefined)
    throw wrongType("c.aligned", "type", "one that has an address, unlike a bit-field (put c.endBits before it)", type);
  return placed(type, { align: bytes });
}

export function anonymous<T>(type: FieldType<T>): FieldType<T> {
  checkType("c.anonymous", "type", type);
  return placed(type, { anonymous: true });
}

export function bits<T>(type: FieldType<T>, width: number): FieldType<T> {
  checkType("c.bits", "type", type);
  checkLength("c.bits", "width", width, 1);
  return placed(type, { bits: width });
}

export function unnamedBits(type: FieldType<unknown>, width: number): FieldType<never> {
  checkType("c.unnamedBits", "type", type);
  checkLength("c.unnamedBits", "width", width, 0);
  return placed(type, { bits: width, unnamed: true }) as FieldType<never>;
}

export function endBits(type: FieldType<unknown>): FieldType<never> {
  checkType("c.endBits", "type", type);
  return unnamedBits(type, 0);
}

export function padding(length: number): FieldType<never> {
  checkLength("c.padding", "length", length, 1);
  const shape = new BytesShape(length);
  return fieldType<never>(() => shape, { unnamed: true });
}

export function asNumber(type: FieldType<bigint>): FieldType<number> {
  checkType("c.number", "type", type);
  return fieldType((layout) => {
    const shape = type.shape(layout);
    if (!(shape instanceof IntegerShape)) throw wrongType("c.number", "type", "an integer type", shape.kind);
    return shape.with({ value: "safe" });
  });
}

export function inByteOrder<T>(method: string, type: FieldType<T>, little: boolean): FieldType<T> {
  checkType(method, "type", type);
  return fieldType((layout) => turn(method, type.shape(layout), little), type.place);
}

function turn(method: string, shape: Shape, little: boolean): Shape {
  if (shape instanceof IntegerShape) return shape.with({ little });
  if (shape instanceof FloatShape) return new FloatShape(shape.size, shape.alignment, little);
  if (shape instanceof EnumShape) return shape.withLittle(little);
  if (shape instanceof ArrayShape) return new ArrayShape(turn(method, shape.element, little), shape.length);
  throw wrongType(method, "type", "an integer, a float, an enum or an array of them", shape.kind);
}

function placed<T>(type: FieldType<T>, more: Placement): FieldType<T> {
  return fieldType((layout) => type.shape(layout), { ...type.place, ...more });
}
