import { wrongType } from "../../arguments.js";

/** Reserved in C11 or C++20, or by gcc in its own mode. */
const KEYWORDS = new Set(
  `auto break case char const continue default do double else enum extern float for goto if inline int long register restrict
  return short signed sizeof static struct switch typedef union unsigned void volatile while alignas alignof and and_eq asm
  bitand bitor bool catch char8_t char16_t char32_t class compl concept consteval constexpr constinit const_cast co_await
  co_return co_yield decltype delete dynamic_cast explicit export false friend mutable namespace new noexcept not not_eq
  nullptr operator or or_eq private protected public reinterpret_cast requires static_assert static_cast template this
  thread_local throw true try typeid typename typeof using virtual wchar_t xor xor_eq`.split(/\s+/),
);

/** Macros of the headers that ours includes, and those that gcc predefines, without those that C reserves. */
const MACROS =
  /^(?:U?INT(?:_LEAST|_FAST)?\d+|U?INTPTR|U?INTMAX|PTRDIFF|SIZE|SIG_ATOMIC|WCHAR|WINT)_(?:MAX|MIN|WIDTH|C)$|^(?:NULL|offsetof|BYTE_ORDER|(?:BIG|LITTLE|PDP)_ENDIAN|NFDBITS|FD_(?:SETSIZE|SET|CLR|ISSET|ZERO)|[hbl]e?\d*to\w+|linux|unix|i386|HOSTMQ_\w*)$/;

/** Types of the headers that ours includes. C++ has one space of names for these, tags and, inside of a struct, fields. */
const TYPES =
  /^(?:u?int(?:_least|_fast)?(?:8|16|32|64)_t|u_int(?:8|16|32|64)_t|u?int(?:ptr|max)_t|s?size_t|ptrdiff_t|max_align_t|pthread_\w+_t|pthread_t|u_(?:char|short|int|long)|u_quad_t|u(?:short|int|long)|quad_t|(?:blkcnt|fsblkcnt|fsfilcnt|ino|off)(?:64)?_t|(?:blksize|caddr|clock|clockid|daddr|dev|fsid|gid|id|key|loff|mode|nlink|pid|register|sigset|suseconds|time|timer|uid|useconds)_t|fd_set|fd_mask|timespec|timeval|select|pselect)$/;

/** Whether C or the C library keep it for themselves: two underscores, or one and a capital, in front. */
const RESERVED = /^_[_A-Z]/;

/**
 * A name that is in C already, for assertions about it.
 *
 * @throws TypeError when it is no identifier, or a keyword.
 */
export function checkIdentifier(name: unknown): string {
  if (typeof name === "string" && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !KEYWORDS.has(name)) return name;
  throw wrongType("toHeader", "name", "a name that C and C++ allow", name);
}

/**
 * A name that our header declares: of a struct, a union, an enum, a field or a constant.
 *
 * @throws TypeError when C, C++, the C library or gcc have something else of that name.
 */
export function checkDeclarable(value: unknown): string {
  const name = checkIdentifier(value);
  if (!RESERVED.test(name) && !MACROS.test(name) && !TYPES.test(name)) return name;
  const expected =
    'one that is free in C and C++, not of the C library or the compiler (mode "assert" is for structs that C declares)';
  throw wrongType("toHeader", "name", expected, name);
}
