import type { LayoutName } from "../codec/struct/layout.js";
import { PROBE } from "./compiler.js";
import { Dwarf, lengthsOf } from "./dwarf.js";
import { Translation, type Declared } from "./translation.js";

/**
 * The structs that the compiler wrote about, as readelf printed it, and those that they consist of.
 *
 * @param types how C spells them, in the order in which the compiler was asked.
 * @throws Error when one is no struct or union, or the text tells too little about it.
 */
export function declaredIn(printed: string, types: readonly string[]): readonly Declared[] {
  const dwarf = new Dwarf(printed);
  const probed = (name: string): number => lengthsOf(dwarf.typeOfVariable(name))[0] ?? 0;
  const layout: LayoutName = probed(PROBE.long) === 8 ? "lp64" : probed(PROBE.longLong) === 4 ? "i386" : "ilp32";
  const translation = new Translation(dwarf, layout);
  types.forEach((type, n) => {
    translation.declare(dwarf.typeOfVariable(PROBE.type(n)), type.trim(), probed(PROBE.alignment(n)));
  });
  return translation.declared;
}
