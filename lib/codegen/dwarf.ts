/** One entry of DWARF: a type, a member, a variable. */
export interface Entry {
  readonly tag: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Entry[];
}

/** The entries that readelf printed, by their offset. */
export class Dwarf {
  readonly #entries = new Map<string, Entry>();
  readonly #variables = new Map<string, Entry>();

  constructor(printed: string) {
    const open: { tag: string; attributes: Map<string, string>; children: Entry[] }[] = [];
    let current: Map<string, string> | undefined;
    for (const line of printed.split("\n")) {
      const head = /^ *<(\d+)><([0-9a-f]+)>: Abbrev Number: \d+(?: \(DW_TAG_(\w+)\))?/.exec(line);
      if (head) {
        current = undefined;
        const [, depth, offset, tag] = head as unknown as [string, string, string, string | undefined];
        if (tag === undefined) continue; // the end of a list of children
        if (Number(depth) > open.length) throw new Error(`DWARF entry ${offset} is part of no other`);
        const entry = { tag, attributes: new Map<string, string>(), children: [] };
        open.length = Number(depth);
        open.at(-1)?.children.push(entry);
        open.push(entry);
        this.#entries.set(offset, entry);
        current = entry.attributes;
        continue;
      }
      const attribute = /^ *<[0-9a-f]+> +DW_AT_(\w+) *: (.*)$/.exec(line);
      if (attribute && current) {
        const [, key, value] = attribute as unknown as [string, string, string];
        // Some readelfs put the form in front, and where a string lies.
        current.set(
          key,
          value
            .replace(/^\([a-z0-9_]+\) /, "")
            .replace(/^\([^)]*\): /, "")
            .trim(),
        );
      }
    }
    for (const entry of this.#entries.values()) {
      const name = entry.attributes.get("name");
      if (entry.tag === "variable" && name !== undefined) this.#variables.set(name, entry);
    }
  }

  /** The type of a variable. */
  typeOfVariable(name: string): Entry {
    const entry = this.#variables.get(name);
    const type = entry && this.typeOf(entry);
    if (!type) throw new Error(`The compiler wrote nothing about ${name}: is its output DWARF?`);
    return type;
  }

  /** The type that an entry refers to; undefined for void. */
  typeOf(entry: Entry): Entry | undefined {
    const reference = /^<0x([0-9a-f]+)>/.exec(entry.attributes.get("type") ?? "")?.[1];
    if (reference === undefined) return undefined;
    const found = this.#entries.get(reference);
    if (found === undefined) throw new Error(`DWARF entry ${reference} is missing`);
    return found;
  }
}

export function numberOf(entry: Entry, attribute: string): number | undefined {
  const value = entry.attributes.get(attribute);
  const digits = value === undefined ? undefined : /^-?(?:0x[0-9a-f]+|\d+)/.exec(value)?.[0];
  if (digits === undefined) return undefined;
  return digits.startsWith("-") ? -Number(digits.slice(1)) : Number(digits);
}

export function nameOf(entry: Entry): string | undefined {
  return entry.attributes.get("name");
}

/** The lengths of an array, outermost first; undefined for one that is left open. */
export function lengthsOf(array: Entry): (number | undefined)[] {
  return array.children
    .filter(({ tag }) => tag === "subrange_type")
    .map((range) => {
      const count = numberOf(range, "count");
      if (count !== undefined) return count;
      const last = numberOf(range, "upper_bound");
      return last === undefined || last < 0 || last >= 2 ** 63 ? undefined : last + 1;
    });
}
