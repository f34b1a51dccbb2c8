import { isUint8Array } from "node:util/types";
import { checkOptions, checkString } from "../../arguments.js";
import { checkPlain } from "./declaring.js";
import type { Memory } from "./memory.js";
import { element, refusal, wrongType } from "./refusal.js";
import { fieldType, type FieldType, type Shape, type Siblings } from "./shape.js";

/** Options of `flexible` in {@link c}. */
export interface FlexibleOptions {
  /**
   * The field of the struct that counts the elements. With it, bytes behind the counted elements are ignored, as C programs
   * that send `sizeof(struct) + n` produce them. Without it, every byte up to the end of the body belongs to the array.
   */
  readonly count?: string;
}

/** `type name[]`. */
export class FlexibleShape implements Shape {
  readonly kind = "flexible";
  readonly size = 0;
  readonly alignment: number;

  constructor(
    readonly element: Shape,
    readonly raw: boolean,
    readonly dependsOn: string | undefined,
  ) {
    this.alignment = element.alignment;
  }

  /** Bytes that a value takes; the value is checked when it is written. */
  bytesOf(value: unknown): number {
    return this.element.size * (Array.isArray(value) || isUint8Array(value) ? value.length : 0);
  }

  write(memory: Memory, at: number, value: unknown, path: string, siblings: Siblings): void {
    if (this.raw ? !isUint8Array(value) : !Array.isArray(value)) {
      throw wrongType(path, this.raw ? "a Uint8Array" : "an array", value);
    }
    const values = value as ArrayLike<unknown>;
    if (this.dependsOn !== undefined) {
      const count = siblings[this.dependsOn];
      if (Number(count) !== values.length)
        throw refusal(path, `has ${values.length} elements, but ${this.dependsOn} says ${String(count)}`);
    }
    if (this.raw) {
      memory.bytes.set(value as Uint8Array, at);
      return;
    }
    for (let index = 0; index < values.length; index++) {
      this.element.write(memory, at + index * this.element.size, values[index], element(path, index), {});
    }
  }

  read(memory: Memory, at: number, path: string, siblings: Siblings, end: number): unknown {
    const there = Math.max(0, end - at);
    const { size } = this.element;
    let count = there / size;
    if (this.dependsOn !== undefined) {
      count = Number(siblings[this.dependsOn]);
      if (!(count >= 0 && count * size <= there))
        throw refusal(
          path,
          `${this.dependsOn} says ${count} elements of ${size} bytes, but only ${there} bytes are there`,
        );
    } else if (!Number.isInteger(count)) {
      throw refusal(path, `${there} bytes are no whole number of elements of ${size} bytes`);
    }
    if (this.raw) return Buffer.from(memory.bytes.subarray(at, at + count));
    const values: unknown[] = [];
    for (let index = 0; index < count; index++) {
      const start = at + index * size;
      values.push(this.element.read(memory, start, element(path, index), {}, start + size));
    }
    return values;
  }
}

export function flexible<T>(type: FieldType<T>, options?: FlexibleOptions): FieldType<T[]> {
  checkPlain("c.flexible", "type", type);
  const { count } = checkFlexibleOptions("c.flexible", options);
  return fieldType((layout) => new FlexibleShape(type.shape(layout), false, count), { flexible: true });
}

export function flexibleBytes(type: FieldType<number>, options?: FlexibleOptions): FieldType<Uint8Array> {
  const { count } = checkFlexibleOptions("c.flexibleBytes", options);
  return fieldType((layout) => new FlexibleShape(type.shape(layout), true, count), { flexible: true });
}

function checkFlexibleOptions(method: string, options: FlexibleOptions | undefined): FlexibleOptions {
  const checked: FlexibleOptions = checkOptions(method, options, ["count"]);
  if (checked.count !== undefined) checkString(method, "count", checked.count);
  return checked;
}
