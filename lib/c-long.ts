// C's `long` on this system, in which System V keeps the type of a message. Not asked of the addon, because codecs and the
// command line check arguments without loading it.

const narrow: ReadonlySet<string> = new Set(["arm", "ia32", "mips", "mipsel", "ppc", "s390"]);

/** Bits of a `long`. */
export const longBits: 32 | 64 = narrow.has(process.arch) ? 32 : 64;
/** The largest `long`. */
export const largestLong: bigint = 2n ** BigInt(longBits - 1) - 1n;
/** The largest `long` as people write it. */
export const largestLongText = `2^${longBits - 1}-1`;
