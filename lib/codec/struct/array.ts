import { checkLength } from "./characters.js";
import type { Memory } from "./memory.js";
import { element, misfit, wrongType } from "./refusal.js";
import { fieldType, type FieldType, type Shape } from "./shape.js";

const ALONE = Object.freeze({});

/** `type name[length]`. */
export class ArrayShape implements Shape {
  readonly kind = "array";
  readonly size: number;
  readonly alignment: number;

  constructor(
    readonly element: Shape,
    readonly length: number,
  ) {
    this.size = element.size * length;
    this.alignment = element.alignment;
  }

  write(memory: Memory, at: number, value: unknown, path: string): void {
    if (!Array.isArray(value)) throw wrongType(path, `an array of ${this.length}`, value);
    if (value.length !== this.length) throw misfit(path, value, `[${this.length}]`, `exactly ${this.length} elements`);
    for (let index = 0; index < this.length; index++) {
      this.element.write(memory, at + index * this.element.size, value[index], element(path, index), ALONE);
    }
  }

  read(memory: Memory, at: number, path: string): unknown[] {
    const values: unknown[] = [];
    for (let index = 0; index < this.length; index++) {
      const start = at + index * this.element.size;
      values.push(this.element.read(memory, start, element(path, index), ALONE, start + this.element.size));
    }
    return values;
  }
}

export function array<T>(type: FieldType<T>, length: number): FieldType<T[]> {
  checkLength("an array", length, 1);
  refusePlaced(type, "an array");
  return fieldType((layout) => new ArrayShape(type.shape(layout), length));
}

/** Bit-fields, padding and the like belong to a struct directly. */
export function refusePlaced(type: FieldType<unknown>, holder: string): void {
  if (type.place !== undefined)
    throw new TypeError(
      `Expected the type in ${holder} to be plain: bit-fields, padding, alignment and flexible arrays stand in a struct directly`,
    );
}
