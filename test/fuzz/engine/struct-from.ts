import { c, struct, type Fields, type FieldType, type Struct } from "hostmq";
import type { Decisions } from "./input.js";

type Type = FieldType<unknown>;

const scalars = (
  "u8 u16 u32 u64 i8 i16 i32 i64 char signedChar unsignedChar short unsignedShort int unsignedInt long unsignedLong " +
  "longLong unsignedLongLong size_t ssize_t ptrdiff_t intptr_t uintptr_t pointer f32 f64 bool"
)
  .split(" ")
  .map((name) => (c as unknown as Record<string, Type>)[name] as Type);

/** Names that C, C++, their headers or a careless writer of C could stumble over. */
const awkward = (
  "int class not _Bool bool true NULL offsetof linux unix asm typeof errno size_t uint8_t ssize_t int32_t timespec timeval fd_set " +
  "__int128 __LINE__ __attribute__ static_assert HOSTMQ_ASSERT HOSTMQ_FIELD HOSTMQ_KIND HOSTMQ_X_H INT8_MAX _Atomic i686 " +
  "value other x X x_y _ _A A_B b_C major minor constructor hasOwnProperty __proto__ toString"
).split(" ");
const injected = ["x;int y", 'x"', "x*/", "x\n", "a b", "x[1]", "é", "x$", "", "1x", "x/*", "\\", "x)", "x//", "??/"];
const small = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];

function name(decisions: Decisions): string {
  const kind = decisions.below(12);
  if (kind === 0) return decisions.pick(awkward);
  if (kind === 1) return decisions.pick(injected);
  if (kind === 2) return decisions.text();
  return decisions.pick(small);
}

/** A name for a struct, a union, an enum or a header. */
export function tag(decisions: Decisions): string {
  return name(decisions);
}

/** Any struct that can be written down. What is refused says so. */
export function randomStruct(decisions: Decisions, depth = 3): Struct<Fields> {
  const fields: Record<string, Type> = {};
  const count = 1 + decisions.below(6);
  for (let index = 0; index < count; index++) {
    const type = placed(decisions, depth);
    fields[name(decisions)] = type;
  }
  return struct(fields, {
    packed: decisions.below(4) === 0,
    ...(decisions.below(6) === 0 && { align: 2 ** decisions.below(10) }),
    ...(decisions.below(2) === 0 && { name: tag(decisions) }),
  });
}

/** A type with what can be said of its place in a struct. */
function placed(decisions: Decisions, depth: number): Type {
  const plain = (): Type => type(decisions, depth - 1);
  switch (decisions.below(14)) {
    case 0:
      return c.bits(plain(), decisions.below(40));
    case 1:
      return c.unnamedBits(plain(), decisions.below(10));
    case 2:
      return c.endBits(plain());
    case 3:
      return c.padding(decisions.below(9));
    case 4:
      return c.aligned(2 ** decisions.below(10), plain());
    case 5:
      return c.anonymous(plain());
    case 6:
      return c.flexible(plain());
    case 7:
      return c.flexibleBytes();
    default:
      return plain();
  }
}

function type(decisions: Decisions, depth: number): Type {
  if (depth <= 0) return decisions.pick(scalars);
  switch (decisions.below(12)) {
    case 0:
      return c.array(type(decisions, depth - 1), decisions.number());
    case 1:
      return c.text(decisions.number());
    case 2:
      return c.bytes(decisions.number());
    case 3:
      return c.opaque(decisions.number(), 2 ** decisions.below(6));
    case 4:
      return enumeration(decisions);
    case 5:
      return union(decisions, depth);
    case 6:
      return randomStruct(decisions, depth - 1);
    case 7:
      return c.bigEndian(type(decisions, depth - 1));
    default:
      return decisions.pick(scalars);
  }
}

function enumeration(decisions: Decisions): Type {
  const members: Record<string, number> = {};
  for (let index = 0; index <= decisions.below(4); index++)
    members[name(decisions)] = decisions.pick([index, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 32 - 1, decisions.byte()]);
  return c.enum(members, {
    ...(decisions.chance() && { name: tag(decisions) }),
    ...(decisions.below(3) === 0 && { base: decisions.pick(scalars) as FieldType<number> }),
  });
}

function union(decisions: Decisions, depth: number): Type {
  const fields: Record<string, Type> = {};
  for (let index = 0; index <= decisions.below(3); index++) fields[name(decisions)] = type(decisions, depth - 1);
  return c.union(fields, decisions.chance() ? { name: tag(decisions) } : {});
}
