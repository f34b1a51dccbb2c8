import { checkBoolean, checkOneOf, checkOptions, checkString, outOfRange, wrongType } from "../../arguments.js";
import type { Codec } from "../codec.js";
import { checkAlignment, checkFields } from "./declaring.js";
import { compile, type Steps } from "./compile.js";
import { FlexibleShape } from "./flexible.js";
import { writeHeader, type HeaderOptions } from "./header.js";
import { layoutNamed, layoutNames, type Layout, type LayoutName } from "./layout.js";
import { memoryCache } from "./memory.js";
import { RecordShape } from "./record.js";
import { refusal } from "./refusal.js";
import { fieldType, type Fields, type FieldType, type InferFields } from "./shape.js";

/** How a struct is laid out. */
export interface StructOptions {
  /** Begins the path in messages (`order.qty: …`) and is the tag in C headers. */
  readonly name?: string;
  /** `__attribute__((packed))`: no padding between fields. */
  readonly packed?: boolean;
  /** `__attribute__((aligned(n)))` on the whole struct, in bytes: a power of two. */
  readonly align?: number;
  /** The C ABI; see {@link LayoutName}. Default `"lp64"`. Nested structs follow the one around them. */
  readonly layout?: LayoutName;
  /**
   * What a body longer than the struct means: `"refuse"` (default), or `"ignore"` for C programs that send more bytes
   * than their struct has. A shorter body is always refused.
   */
  readonly trailing?: "refuse" | "ignore";
}

/** A struct of C: a codec for bodies, and the type of a field in another struct. */
export interface Struct<F extends Fields> extends Codec<InferFields<F>>, FieldType<InferFields<F>> {
  encode(value: InferFields<F>): Buffer;
  encodeInto(value: InferFields<F>, target: Uint8Array, offset: number): number;
  /** `sizeof`, bytes. With a flexible array, the size without it. */
  readonly size: number;
  /** `_Alignof`, bytes. */
  readonly alignment: number;
  /** `offsetof` of every field, bytes; of a bit-field, the byte in which it starts. */
  readonly offsets: { readonly [K in keyof InferFields<F>]: number };
  /**
   * Writes a C header that declares `struct name` and asserts its size, alignment and each field's offset, size and kind
   * with `_Static_assert` (`static_assert` in C++), so that a change on either side no longer compiles.
   *
   * @param name the struct's tag in C.
   * @throws TypeError when `name` or a field is no identifier that C and C++ allow.
   * @example
   * import { writeFileSync } from "node:fs";
   * import { c, struct } from "hostmq";
   *
   * const Order = struct({ id: c.u64, symbol: c.text(12) });
   * writeFileSync("order.h", Order.toHeader("order"));
   */
  toHeader(name: string, options?: HeaderOptions): string;
}

const writing = memoryCache();
const reading = memoryCache();

/**
 * A struct of C: the same bytes as a C compiler lays out, so that a C program's queue is used as it is.
 *
 * Values are checked field by field: one that does not fit, is missing or unknown is refused, and the message begins with
 * the field's path: `order.items[3].qty: 300 does not fit uint8_t (0 to 255)`. Padding is always zero. Byte order is
 * the host's, as the peers are on this host; see `c.bigEndian` for fields that are in network order.
 *
 * @throws TypeError, on making one, when a field's name is not a C identifier or a field cannot stand where it does.
 * @throws TypeError on encoding a value of a wrong type, RangeError one that does not fit.
 * @throws RangeError on decoding a body of a wrong length, or bytes that are no value of a field's type.
 * @example
 * const Order = struct({ id: c.u64, side: c.enum({ BUY: 0, SELL: 1 }), qty: c.u16, symbol: c.text(12) }, { name: "order" });
 * type Order = Infer<typeof Order>; // { id: bigint; side: "BUY" | "SELL"; qty: number; symbol: string }
 * const orders = PosixQueue.open("/orders", { codec: Order });
 */
export function struct<const F extends Fields>(fields: F, options?: StructOptions): Struct<F> {
  checkFields("struct", fields);
  return new StructCodec<F>(fields, checkStructOptions(options));
}

class StructCodec<F extends Fields> implements Struct<F> {
  readonly contentType = "application/octet-stream";
  readonly size: number;
  readonly alignment: number;
  readonly offsets: Struct<F>["offsets"];
  readonly shape: FieldType<InferFields<F>>["shape"];
  readonly #shape: RecordShape;
  readonly #root: string;
  readonly #flexible: { readonly name: string; readonly offset: number; readonly shape: FlexibleShape } | undefined;
  readonly #mayTrail: boolean;
  #steps: Steps | undefined | "to be made" = "to be made";

  constructor(fields: F, options: StructOptions) {
    const { align, name, packed = false, layout } = options;
    const record = { packed, align, name };
    const layOut = (around: Layout): RecordShape => {
      if (layout !== undefined && layout !== around.name)
        throw wrongType("struct", "layout", `that of the struct around it (${JSON.stringify(around.name)})`, layout);
      return new RecordShape(fields, record, around);
    };
    this.shape = fieldType<InferFields<F>>(layOut).shape;
    this.#shape = layOut(layoutNamed(layout ?? "lp64"));
    this.size = this.#shape.size;
    this.alignment = this.#shape.alignment;
    this.offsets = Object.freeze(
      Object.fromEntries(this.#shape.named.map((field) => [field.name, field.offset])),
    ) as Struct<F>["offsets"];
    this.#root = name ?? "";
    const last = this.#shape.flexible;
    if (last?.shape instanceof FlexibleShape)
      this.#flexible = { name: last.name, offset: last.offset, shape: last.shape };
    this.#mayTrail = options.trailing === "ignore" || this.#flexible !== undefined;
  }

  encode(value: InferFields<F>): Buffer {
    const body = Buffer.allocUnsafe(this.#lengthOf(value));
    this.#write(body, body.byteOffset, value);
    return body;
  }

  encodeInto(value: InferFields<F>, target: Uint8Array, offset: number): number {
    const length = this.#lengthOf(value);
    if (!(Number.isInteger(offset) && offset >= 0 && offset + length <= target.length)) {
      const expected = `an integer that leaves room for ${length} bytes in a target of ${target.length}`;
      throw outOfRange("encodeInto", "offset", expected, offset);
    }
    this.#write(target, target.byteOffset + offset, value);
    return length;
  }

  decode(body: Uint8Array): InferFields<F> {
    const least = this.#flexible?.offset ?? this.size;
    if (body.length < least || (body.length > least && !this.#mayTrail)) {
      const wanted = this.#mayTrail ? `at least ${least}` : String(least);
      throw refusal(this.#root, `the body has ${body.length} bytes; the struct takes ${wanted}`);
    }
    const memory = reading(body);
    const at = body.byteOffset;
    const end = at + body.length;
    const steps = this.#compiled();
    if (steps !== undefined) {
      try {
        return steps.read(memory, at, end) as InferFields<F>;
      } catch {
        // Said properly below.
      }
    }
    return this.#shape.read(memory, at, this.#root, {}, end) as InferFields<F>;
  }

  toHeader(name: string, options?: HeaderOptions): string {
    return writeHeader(this.#shape, name, options);
  }

  #write(target: Uint8Array, at: number, value: InferFields<F>): void {
    const memory = writing(target);
    // A struct's own tail padding may lie behind the start of its flexible array, and then behind the end of the body.
    if (this.#flexible === undefined) {
      const steps = this.#compiled();
      if (steps !== undefined) {
        try {
          steps.write(memory, at, value);
          return;
        } catch {
          // Said properly below.
        }
      }
    }
    memory.bytes.fill(0, at, at + this.#lengthOf(value));
    this.#shape.write(memory, at, value, this.#root);
  }

  #lengthOf(value: InferFields<F>): number {
    const last = this.#flexible;
    if (last === undefined) return this.size;
    const elements = (value as Record<string, unknown> | null | undefined)?.[last.name];
    return last.offset + last.shape.bytesOf(elements);
  }

  /** Made at first use: many structs are only fields of others. */
  #compiled(): Steps | undefined {
    if (this.#steps === "to be made") this.#steps = compile(this.#shape);
    return this.#steps;
  }
}

const optionNames = ["name", "packed", "align", "layout", "trailing"] as const;

function checkStructOptions(options: StructOptions | undefined): StructOptions {
  const method = "struct";
  const checked: StructOptions = checkOptions(method, options, optionNames);
  const { name, packed, align, layout, trailing } = checked;
  if (name !== undefined) checkString(method, "name", name);
  if (packed !== undefined) checkBoolean(method, "packed", packed);
  if (align !== undefined) checkAlignment(method, "align", align);
  if (layout !== undefined) checkOneOf(method, "layout", layout, layoutNames);
  if (trailing !== undefined) checkOneOf(method, "trailing", trailing, ["refuse", "ignore"]);
  return checked;
}
