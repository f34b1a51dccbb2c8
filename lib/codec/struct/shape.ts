import type { valueType } from "../codec.js";
import type { Layout } from "./layout.js";
import type { Memory } from "./memory.js";

/**
 * What a value of C looks like once the layout is known: how many bytes, where they may lie, how they are written and
 * read. `write` may count on zeroed bytes; it throws with the path of the field that does not fit. This is the plain
 * road; `compile.ts` makes a fast one for what most structs consist of and comes back here whenever a value does not fit.
 */
export interface Shape {
  readonly kind: string;
  /** Bytes. */
  readonly size: number;
  /** Bytes. */
  readonly alignment: number;
  /** Set where the bytes depend on a field beside this one. */
  readonly dependsOn?: string | undefined;
  write(memory: Memory, at: number, value: unknown, path: string, siblings: Siblings): void;
  read(memory: Memory, at: number, path: string, siblings: Siblings, end: number): unknown;
}

/** The fields of the struct around a field. */
export type Siblings = Readonly<Record<string, unknown>>;

/** How a field is placed in its struct, where the C declaration says more than a type. */
export interface Placement {
  /** `__attribute__((aligned(n)))`, bytes. */
  readonly align?: number;
  /** Width of a bit-field. */
  readonly bits?: number;
  /** No name in C, and no value: padding. */
  readonly unnamed?: boolean;
  /** No name in C, but a value: a C11 anonymous struct or union. */
  readonly anonymous?: boolean;
  /** `type name[]`, the last field. */
  readonly flexible?: boolean;
}

/**
 * The type of a struct's field, before a layout is chosen. `T` is what it is in TypeScript; `never` for padding, which has
 * no value.
 */
export interface FieldType<T> {
  /** For the compiler alone. */
  readonly [valueType]?: T;
  /** @internal */
  readonly shape: (layout: Layout) => Shape;
  /** @internal */
  readonly place?: Placement;
}

/** The fields of a struct by name, in C's order. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- any field type whatever its value
export type Fields = Readonly<Record<string, FieldType<any>>>;

/** The TypeScript type of a struct with these fields; padding is left out. */
export type InferFields<F extends Fields> = {
  -readonly [K in keyof F as [ValueOf<F[K]>] extends [never] ? never : K]: ValueOf<F[K]>;
};

/** The TypeScript type of one field. */
export type ValueOf<F> = F extends FieldType<infer T> ? T : never;

/** Makes a field type whose shape is computed once per layout. */
export function fieldType<T>(shape: (layout: Layout) => Shape, place?: Placement): FieldType<T> {
  const shapes = new Map<string, Shape>();
  const once = (layout: Layout): Shape => {
    let known = shapes.get(layout.name);
    if (known === undefined) shapes.set(layout.name, (known = shape(layout)));
    return known;
  };
  return Object.freeze({ shape: once, ...(place && { place }) });
}
