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
