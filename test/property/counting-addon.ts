/** Counts the calls into an addon that is loaded later; gives the names of the calls so far. */
export function countAddonCalls(): string[] {
  const calls: string[] = [];
  const dlopen = process.dlopen.bind(process);
  process.dlopen = (module: object, ...parameters: [filename: string, flags?: number]) => {
    // Without flags and with undefined ones are two things.
    dlopen(module, ...(parameters as [string]));
    const loaded = module as { exports: Record<string, unknown> };
    loaded.exports = counted(loaded.exports, calls);
  };
  return calls;
}

function counted(addon: Record<string, unknown>, calls: string[]): Record<string, unknown> {
  const entries = Object.entries(addon).map(([name, member]) => {
    if (typeof member !== "function") return [name, member];
    const call = member as (...parameters: unknown[]) => unknown;
    return [
      name,
      (...parameters: unknown[]) => {
        calls.push(name);
        return call(...parameters);
      },
    ];
  });
  return Object.fromEntries(entries) as Record<string, unknown>;
}
