import { endianness } from "node:os";

/**
 * The C ABI whose layout a struct follows.
 *
 * - `"lp64"`, the default: 64-bit Unix; `long` and pointers have 64 bits. Where 64-bit ABIs differ (the sign of `char`,
 *   what an unnamed bit-field does to alignment), the host's own rules hold.
 * - `"ilp32"`: 32-bit Unix with 64-bit integers and doubles aligned to 8: arm (AAPCS), mips o32, powerpc, riscv32.
 * - `"i386"`: 32-bit x86 (the i386 psABI), where `long long`, `int64_t` and `double` inside a struct align to 4.
 */
export type LayoutName = "lp64" | "ilp32" | "i386";

export const layoutNames: readonly LayoutName[] = ["lp64", "ilp32", "i386"];

/** What a layout decides. */
export interface Layout {
  readonly name: LayoutName;
  /** Bytes of `long`, `size_t` and pointers. */
  readonly word: 4 | 8;
  /** Alignment of 64-bit integers and doubles inside a struct, in bytes. */
  readonly alignment64: 4 | 8;
  readonly charIsSigned: boolean;
  /** Whether an unnamed bit-field raises the alignment of its struct, as on arm; on x86 it does not. */
  readonly unnamedBitFieldsAlign: boolean;
  /** Whether fields are little-endian and bit-fields fill from the lowest bit. */
  readonly little: boolean;
}

const little = endianness() === "LE";

/** 64-bit machines whose plain `char` has no sign. */
const UNSIGNED_CHAR: ReadonlySet<string> = new Set(["arm64", "ppc64", "s390x", "riscv64", "arm", "ppc", "s390"]);

export function layoutNamed(name: LayoutName): Layout {
  if (name === "lp64") {
    const { arch } = process;
    return {
      name,
      word: 8,
      alignment64: 8,
      charIsSigned: !UNSIGNED_CHAR.has(arch),
      unnamedBitFieldsAlign: arch === "arm64",
      little,
    };
  }
  if (name === "ilp32") {
    return { name, word: 4, alignment64: 8, charIsSigned: false, unnamedBitFieldsAlign: true, little };
  }
  return { name, word: 4, alignment64: 4, charIsSigned: true, unnamedBitFieldsAlign: false, little };
}

export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
