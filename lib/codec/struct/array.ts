import { checkLength, checkPlain } from "./declaring.js";
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
  checkPlain("c.array", "type", type);
  checkLength("c.array", "length", length, 1);
  return fieldType((layout) => new ArrayShape(type.shape(layout), length));
}
