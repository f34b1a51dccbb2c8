/** libFuzzer, as engine.cc gives it. */
export interface Engine {
  watch(counters: Uint8Array): void;
  compareNumbers(first: number, second: number): void;
  compareStrings(first: string, second: string): void;
  run(target: (input: Buffer) => void, words: readonly string[]): never;
}

type Operator = "==" | "===" | "!=" | "!==" | "<" | "<=" | ">" | ">=";

const operations: Readonly<Record<Operator, (first: never, second: never) => boolean>> = {
  "==": (first, second) => first == second,
  "===": (first, second) => first === second,
  "!=": (first, second) => first != second,
  "!==": (first, second) => first !== second,
  "<": (first, second) => first < second,
  "<=": (first, second) => first <= second,
  ">": (first, second) => first > second,
  ">=": (first, second) => first >= second,
};

/** The globals that modules refer to once they are instrumented, in terms of libFuzzer. */
export function instrumented(engine: Engine): object {
  const kept: Uint8Array[] = [];
  const report = (first: unknown, second: unknown): void => {
    if (Number.isInteger(first) && Number.isInteger(second)) engine.compareNumbers(first as number, second as number);
    else if (typeof first === "string" && typeof second === "string" && first !== second)
      engine.compareStrings(first, second);
  };
  const compare = (first: unknown, second: unknown, operator: Operator): boolean => {
    report(first, second);
    return operations[operator](first as never, second as never);
  };
  return {
    __jazzer_registerSourceMap: () => undefined,
    Fuzzer: {
      coverageTracker: {
        createModuleCounters: (edges: number): Uint8Array => {
          const counters = Buffer.alloc(edges);
          kept.push(counters);
          engine.watch(counters);
          return counters;
        },
      },
      tracer: {
        traceStrCmp: compare,
        traceNumberCmp: compare,
        traceAndReturn: (current: unknown, target: unknown): unknown => {
          report(current, target);
          return target;
        },
      },
    },
  };
}
