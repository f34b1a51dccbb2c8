import { ArrayShape } from "./array.js";
import { BytesShape, checkLength } from "./characters.js";
import { EnumShape } from "./enumeration.js";
import { IntegerShape } from "./integer.js";
import { FloatShape } from "./scalar.js";
import { fieldType, type FieldType, type Placement, type Shape } from "./shape.js";

export function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(value) && value > 0 && value <= 1 << 28 && (value & (value - 1)) === 0;
}

export function aligned<T>(bytes: number, type: FieldType<T>): FieldType<T> {
  if (!isPowerOfTwo(bytes)) throw new RangeError(`Expected alignment to be a power of two, received ${bytes}`);
  if (type.place?.bits !== undefined)
    throw new TypeError("A bit-field has no alignment of its own; put c.endBits before it");
  return placed(type, { align: bytes });
}

export function anonymous<T>(type: FieldType<T>): FieldType<T> {
  return placed(type, { anonymous: true });
}

export function bits<T>(type: FieldType<T>, width: number): FieldType<T> {
  checkLength("a bit-field", width, 1);
  return placed(type, { bits: width });
}

export function unnamedBits(type: FieldType<unknown>, width: number): FieldType<never> {
  checkLength("an unnamed bit-field", width, 0);
  return placed(type, { bits: width, unnamed: true }) as FieldType<never>;
}

export function padding(length: number): FieldType<never> {
  checkLength("padding", length, 1);
  const shape = new BytesShape(length);
  return fieldType<never>(() => shape, { unnamed: true });
}

export function asNumber(type: FieldType<bigint>): FieldType<number> {
  return fieldType((layout) => {
    const shape = type.shape(layout);
    if (!(shape instanceof IntegerShape)) throw new TypeError("Expected the type in c.number to be an integer");
    return shape.with({ value: "safe" });
  });
}

export function inByteOrder<T>(type: FieldType<T>, little: boolean): FieldType<T> {
  return fieldType((layout) => turn(type.shape(layout), little), type.place);
}

function turn(shape: Shape, little: boolean): Shape {
  if (shape instanceof IntegerShape) return shape.with({ little });
  if (shape instanceof FloatShape) return new FloatShape(shape.size, shape.alignment, little);
  if (shape instanceof EnumShape) return shape.withLittle(little);
  if (shape instanceof ArrayShape) return new ArrayShape(turn(shape.element, little), shape.length);
  throw new TypeError("A byte order belongs to integers, floats, enums and arrays of them");
}

function placed<T>(type: FieldType<T>, more: Placement): FieldType<T> {
  return fieldType((layout) => type.shape(layout), { ...type.place, ...more });
}
