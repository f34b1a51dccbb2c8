import { writeFile } from "node:fs/promises";
import { defineCommand } from "./command.js";
import { exitStatus, ProgramError, UsageError } from "./exit.js";

interface Options {
  type?: string[];
  include?: string[];
  define?: string[];
  flag?: string[];
  output?: string;
}

const text = (value: string): string => value;

export const codegen = defineCommand<Options>({
  name: "codegen",
  summary: "write TypeScript for the structs of C headers",
  description: [
    "Writes a struct of hostmq and its type for each C type asked for and for what these consist of. The layout is the compiler's: gcc or cc and readelf are needed.",
  ],
  arguments: [{ name: "<header...>", description: "as in #include: <sys/msg.h>, or a file" }],
  options: [
    {
      flags: "-t, --type <type>",
      description: 'a type, such as "struct job"; may be given again',
      parse: text,
      repeated: true,
    },
    {
      flags: "-I, --include <folder>",
      description: "where headers are; may be given again",
      parse: text,
      repeated: true,
    },
    {
      flags: "-D, --define <macro>",
      description: "a macro, as the compiler takes it; may be given again",
      parse: text,
      repeated: true,
    },
    {
      flags: "-f, --flag <flag>",
      description: "anything else for the compiler, such as --flag=-m32; may be given again",
      parse: text,
      repeated: true,
    },
    { flags: "-o, --output <file>", description: "write there instead of to stdout" },
  ],
  examples: [
    {
      does: "one struct of a program's header",
      line: "hostmq codegen ./protocol.h --type 'struct job' --output job.ts",
    },
    { does: "one of the system's", line: "hostmq codegen '<sys/msg.h>' --type 'struct msqid_ds'" },
  ],
  async run(headers, { type: types = [], include = [], define = [], flag = [], output: path }, { output }) {
    if (types.length === 0) throw new UsageError("which types? --type 'struct name'");
    const { generateStructs } = await import("../codegen/index.js");
    const flags = [...include.map((folder) => `-I${folder}`), ...define.map((macro) => `-D${macro}`), ...flag];
    let source: string;
    try {
      source = await generateStructs({ headers: [...headers], types, flags });
    } catch (error) {
      // The compiler's own words are in the message.
      throw new ProgramError((error as Error).message);
    }
    if (path === undefined) await output.data(source);
    else await writeFile(path, source);
    return exitStatus.done;
  },
});
