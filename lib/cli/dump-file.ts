import { closeSync, fdatasyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import type { Envelope } from "./envelope.js";
import { fromJson, toJson } from "./envelope.js";
import { CommandError } from "./exit.js";

// The file of dump and restore: lines of JSON. The first is the header, then one message each in the order in which the queue
// gives them, then the end with their number. A file without its end was cut short by a kill, and dump --take goes on with it.

/** The first line. */
export interface DumpHeader {
  readonly hostmq: "dump";
  readonly version: 1;
  readonly kind: "posix" | "sysv";
  readonly queue: string;
  readonly at: string;
  readonly mode: number;
  readonly maxMessages?: number;
  readonly maxMessageSize?: number;
  readonly maxBytes?: number;
}

/** A dump that was read. */
export interface Dump {
  readonly header: DumpHeader;
  readonly messages: Envelope[];
  /** Messages in the queue when each message was copied and before it was taken (dump --take, System V). */
  readonly before: (number | undefined)[];
  /** Whether the end was written. */
  readonly complete: boolean;
  /** Bytes of the lines that are whole, without the end. */
  readonly length: number;
}

export function readDump(path: string): Dump {
  return parseDump(readFileSync(path), path);
}

/**
 * Reads the bytes of a dump; `path` is for messages.
 *
 * @throws CommandError naming the place.
 */
export function parseDump(bytes: Buffer, path: string): Dump {
  const lines: { text: string; end: number }[] = [];
  for (let start = 0, end = bytes.indexOf(10); end !== -1; start = end + 1, end = bytes.indexOf(10, start)) {
    lines.push({ text: bytes.toString("utf8", start, end), end: end + 1 });
  }
  const header = headerOf(lines[0]?.text, path);
  const messages: Envelope[] = [];
  const before: (number | undefined)[] = [];
  let length = lines[0]?.end ?? 0;
  for (const [index, { text, end }] of lines.entries()) {
    if (index === 0) continue;
    const value = parsed(text, `${path}:${index + 1}`);
    if (value?.end !== undefined) {
      if (value.end === messages.length) return { header, messages, before, complete: true, length };
      const said = JSON.stringify(value.end);
      throw new CommandError(`${path} ends with a count of ${said}, and has ${messages.length} messages`);
    }
    messages.push(fromJson(text, `${path}:${index + 1}`));
    before.push(isCount(value?.before) ? value.before : undefined);
    length = end;
  }
  return { header, messages, before, complete: false, length };
}

function parsed(text: string, place: string): { end?: unknown; before?: unknown } | null {
  try {
    return JSON.parse(text) as { end?: unknown; before?: unknown } | null;
  } catch {
    throw new CommandError(`${place} is no JSON`);
  }
}

function headerOf(text: string | undefined, path: string): DumpHeader {
  const foreign = new CommandError(
    `${path} is no dump of hostmq`,
    'It begins with a line such as {"hostmq":"dump","version":1,…}.',
  );
  if (text === undefined) throw foreign;
  let header: Partial<DumpHeader> | null;
  try {
    header = JSON.parse(text) as Partial<DumpHeader> | null;
  } catch {
    throw foreign;
  }
  if (header?.hostmq !== "dump") throw foreign;
  if (header.version !== 1)
    throw new CommandError(`${path} has version ${String(header.version)} of the format; this hostmq knows version 1`);
  if (!isWhole(header))
    throw new CommandError(
      `the first line of ${path} is damaged`,
      "It has the kind (posix or sysv), name, mode and sizes of the queue.",
    );
  return header;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function isWhole(header: Partial<DumpHeader>): header is DumpHeader {
  const { kind, queue, mode, maxMessages, maxMessageSize, maxBytes } = header as Readonly<Record<string, unknown>>;
  return (
    (kind === "posix" || kind === "sysv") &&
    typeof queue === "string" &&
    isCount(mode) &&
    mode <= 0o777 &&
    [maxMessages, maxMessageSize, maxBytes].every((size) => size === undefined || isCount(size))
  );
}

/** Writes a dump line by line. */
export class DumpWriter {
  readonly #descriptor: number;
  readonly #synced: boolean;
  #count: number;

  /** `from` is a dump that was cut short: it is continued. */
  constructor(path: string, options: { from?: Dump | undefined; overwrite: boolean; synced: boolean }) {
    const { from, overwrite, synced } = options;
    this.#descriptor = openSync(path, from !== undefined ? "r+" : overwrite ? "w" : "wx", 0o600);
    this.#synced = synced;
    this.#count = from?.messages.length ?? 0;
    if (from !== undefined) {
      // What a kill cut short goes, and the next line is written behind the last whole one.
      ftruncateSync(this.#descriptor, from.length);
      this.#position = from.length;
    }
  }

  #position = 0;

  header(header: DumpHeader): void {
    this.#write(header);
  }

  /** `before` is how many messages the queue had before this one is taken. */
  message(message: Envelope, before?: number): void {
    const start = this.#position;
    try {
      this.#write({ ...toJson(message), ...(before !== undefined && { before }) });
      // A message that is going to be taken must be safe first.
      if (this.#synced) fdatasyncSync(this.#descriptor);
    } catch (error) {
      // It stays in its queue or goes back there, and must not be in the file as well when this dump is continued.
      ftruncateSync(this.#descriptor, start);
      throw error;
    }
    this.#count++;
  }

  end(): number {
    this.#write({ end: this.#count });
    fdatasyncSync(this.#descriptor);
    closeSync(this.#descriptor);
    return this.#count;
  }

  #write(value: object): void {
    const bytes = Buffer.from(`${JSON.stringify(value)}\n`);
    for (let written = 0; written < bytes.length;) {
      written += writeSync(this.#descriptor, bytes, written, bytes.length - written, this.#position + written);
    }
    this.#position += bytes.length;
  }
}
