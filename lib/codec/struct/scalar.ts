import { IntegerShape, type IntegralShape } from "./integer.js";
import type { Memory } from "./memory.js";
import { misfit, wrongType } from "./refusal.js";
import { fieldType, type FieldType, type Shape } from "./shape.js";

export class FloatShape implements Shape {
  readonly kind = "float";

  constructor(
    readonly size: 4 | 8,
    readonly alignment: number,
    readonly little: boolean,
  ) {}

  get c(): string {
    return this.size === 4 ? "float" : "double";
  }

  write({ view }: Memory, at: number, value: unknown, path: string): void {
    if (typeof value !== "number") throw wrongType(path, `a number for ${this.c}`, value);
    if (this.size === 8) {
      view.setFloat64(at, value, this.little);
      return;
    }
    if (Number.isFinite(value) && !Number.isFinite(Math.fround(value)))
      throw misfit(path, value, "float", "up to 3.4e38");
    view.setFloat32(at, value, this.little);
  }

  read({ view }: Memory, at: number): number {
    return this.size === 8 ? view.getFloat64(at, this.little) : view.getFloat32(at, this.little);
  }
}

/** `_Bool`: one byte; any byte but 0 reads as true. */
export class BoolShape implements IntegralShape {
  readonly kind = "bool";
  readonly size = 1;
  readonly alignment = 1;
  readonly integer = new IntegerShape("bool", 1, 1, false, "number", true);

  toInteger(value: unknown, path: string): bigint {
    if (typeof value !== "boolean") throw wrongType(path, "a boolean", value);
    return value ? 1n : 0n;
  }

  fromInteger(integer: bigint): boolean {
    return integer !== 0n;
  }

  write({ view }: Memory, at: number, value: unknown, path: string): void {
    view.setUint8(at, Number(this.toInteger(value, path)));
  }

  read({ view }: Memory, at: number): boolean {
    return view.getUint8(at) !== 0;
  }
}

export const float32: FieldType<number> = fieldType((l) => new FloatShape(4, 4, l.little));
export const float64: FieldType<number> = fieldType((l) => new FloatShape(8, l.alignment64, l.little));
export const bool: FieldType<boolean> = fieldType(() => new BoolShape());
