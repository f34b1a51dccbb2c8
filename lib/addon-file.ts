import { closeSync, openSync, readSync } from "node:fs";

/** The processors of ELF files, by e_machine, as Node's `process.arch` calls them. */
const machines: Record<number, string> = {
  3: "ia32",
  8: "mips",
  21: "ppc64",
  22: "s390x",
  40: "arm",
  62: "x64",
  183: "arm64",
  243: "riscv64",
  258: "loong64",
};
const littleEndian = 1;
const machineOffset = 18;
const headerSize = 20;
const machOMagics = ["feedface", "cefaedfe", "feedfacf", "cffaedfe", "cafebabe"];

/**
 * Why the file at a path is no addon for this process, as far as its first bytes tell. The loader's own words mislead: glibc
 * says of a library for another processor that there is "No such file", and of a text that it is "too short".
 */
export function unfitFile(path: string, arch: string = process.arch): string | undefined {
  const header = headerOf(path);
  return header === undefined ? undefined : unfitHeader(header, arch);
}

/** The same of the file's first bytes. */
export function unfitHeader(header: Buffer, arch: string): string | undefined {
  const magic = header.toString("hex", 0, 4);
  if (machOMagics.includes(magic)) return process.platform === "darwin" ? undefined : "compiled for macOS";
  if (process.platform === "darwin") return undefined;
  if (magic !== "7f454c46" || header.length < headerSize) return "not a compiled addon";
  const machine = header[5] === littleEndian ? header.readUInt16LE(machineOffset) : header.readUInt16BE(machineOffset);
  const compiledFor = machines[machine] ?? `the processor with ELF number ${machine}`;
  return compiledFor === arch ? undefined : `compiled for ${compiledFor}`;
}

function headerOf(path: string): Buffer | undefined {
  try {
    const file = openSync(path, "r");
    try {
      const header = Buffer.alloc(headerSize);
      return header.subarray(0, readSync(file, header, 0, headerSize, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}
