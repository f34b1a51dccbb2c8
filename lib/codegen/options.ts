import { checkOptions, checkString, wrongType } from "../arguments.js";

/** What to read, and with which compiler. */
export interface CodegenOptions {
  /**
   * The types to write, as C spells them: `"struct msqid_ds"`, `"union sigval"`, or a typedef's name. What they consist of
   * is written as well.
   */
  readonly types: readonly string[];
  /** The headers that declare them, in order: `"<sys/msg.h>"`, `"\"order.h\""`, or a bare path, which is quoted. */
  readonly headers: readonly string[];
  /** The C compiler. Default `"gcc"`; any that writes DWARF and takes gcc's options does, clang too. */
  readonly compiler?: string;
  /** More options for the compiler: `["-I", "include", "-D_GNU_SOURCE"]`, or `"-m32"` for 32-bit programs. */
  readonly flags?: readonly string[];
  /** The program that prints DWARF. Default `"readelf"`, of binutils. */
  readonly readelf?: string;
  /** The folder in which the compiler runs, where relative paths begin. Default: the working directory. */
  readonly cwd?: string;
  /** The module that generated code imports from. Default `"hostmq"`. */
  readonly from?: string;
}

const names = ["types", "headers", "compiler", "flags", "readelf", "cwd", "from"] as const;

/** Before any program is started. */
export function checkCodegenOptions(method: string, options: CodegenOptions): void {
  const checked = checkOptions(method, options, names);
  checkStrings(method, "types", checked.types);
  for (const type of options.types) {
    if (!/^[A-Za-z_][A-Za-z0-9_ ]*$/.test(type)) throw wrongType(method, "types", "names of types in C", type);
  }
  checkStrings(method, "headers", checked.headers);
  if (checked.flags !== undefined) checkStrings(method, "flags", checked.flags);
  for (const name of ["compiler", "readelf", "cwd", "from"] as const) {
    if (checked[name] !== undefined) checkString(method, name, checked[name]);
  }
}

function checkStrings(method: string, argument: string, value: unknown): void {
  if (!Array.isArray(value)) throw wrongType(method, argument, "an array of strings", value);
  for (const each of value as unknown[]) {
    if (typeof each !== "string") throw wrongType(method, argument, "an array of strings", each);
  }
}
