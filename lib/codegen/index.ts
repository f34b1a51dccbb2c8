/**
 * Structs made of the types in C headers, as the compiler lays them out: {@link generateStructs}.
 *
 * @module hostmq/codegen
 */
import type { Fields } from "../codec/struct/shape.js";
import type { Struct } from "../codec/struct/struct.js";
import { askCompiler } from "./compiler.js";
import { declaredIn } from "./declared.js";
import { checkCodegenOptions, type CodegenOptions } from "./options.js";
import type { Declared } from "./translation.js";

export type { CodegenOptions } from "./options.js";

/**
 * Writes TypeScript: a `struct` for every type asked for and for what these consist of, each with its type.
 *
 * The layout is the compiler's: the headers are compiled with your flags, and the debugging information that the compiler
 * writes is read. Every generated struct was checked against it, field by field. Pointers become opaque words, `char`
 * arrays text, unions without a discriminator (which C does not know), and what has no form in TypeScript, such as
 * `long double`, bytes.
 *
 * @throws Error when the compiler or readelf is missing, or the compiler refuses (its words are in the message).
 * @throws Error when a type is no struct or union.
 * @example
 * import { writeFile } from "node:fs/promises";
 * import { generateStructs } from "hostmq/codegen";
 *
 * const source = await generateStructs({ headers: ["<sys/msg.h>"], types: ["struct msqid_ds"] });
 * await writeFile("msqid_ds.ts", source);
 */
export async function generateStructs(options: CodegenOptions): Promise<string> {
  const declared = await translate("generateStructs", options);
  const parts = declared.map(
    ({ name, c, struct, source }) => `/** \`${c}\`: ${struct.size} bytes, aligned to ${struct.alignment}. */
export const ${name} = ${source};
export type ${name} = Infer<typeof ${name}>;
`,
  );
  const from = JSON.stringify(options.from ?? "hostmq");
  return `// Written by hostmq/codegen from ${options.headers.join(", ")} for ${options.types.join(", ")}. Write it again rather than change it.
import { c, struct, type Infer } from ${from};

${parts.join("\n")}`;
}

/**
 * Gives the structs themselves, by name, instead of their source: for a program that reads its C headers when it starts,
 * and for tests. Types are known only at run time.
 *
 * @throws as {@link generateStructs} does.
 * @example
 * const { timespec } = await loadStructs({ headers: ["<time.h>"], types: ["struct timespec"] });
 */
export async function loadStructs(options: CodegenOptions): Promise<Record<string, Struct<Fields>>> {
  return Object.fromEntries((await translate("loadStructs", options)).map(({ name, struct }) => [name, struct]));
}

async function translate(method: string, options: CodegenOptions): Promise<readonly Declared[]> {
  checkCodegenOptions(method, options);
  return declaredIn(await askCompiler(options), options.types);
}
