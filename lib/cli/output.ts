import { fstatSync, writeSync } from "node:fs";
import { styleText } from "node:util";
import { OutputClosedError } from "./exit.js";
import { printable, printableBytes, printableJson, printableLines } from "./printable.js";

type Style = Parameters<typeof styleText>[0];

/**
 * The one place through which a command speaks. Data goes to stdout, everything else to stderr; colours only where a person
 * looks and `NO_COLOR` is not set.
 */
export class Output {
  readonly #stdout = process.stdout;
  readonly #stderr = process.stderr;
  // Node's stream takes a part for the whole where a disk is nearly full.
  readonly #toFile = isFile(process.stdout.fd);
  #closed: OutputClosedError | undefined;
  #failed: Error | undefined;
  #progressShown = false;
  #nextProgress = 0;

  constructor() {
    this.#stdout.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") this.#closed = new OutputClosedError("the reader of the output has gone");
      else this.#failed = error;
    });
    // Nobody is left to be told.
    this.#stderr.on("error", () => undefined);
  }

  /** Whether a person sees stdout. */
  get toTerminal(): boolean {
    return this.#stdout.isTTY;
  }

  /** Whether stdout is a terminal that can be drawn on. */
  get toScreen(): boolean {
    return this.toTerminal && process.env.TERM !== "dumb";
  }

  /** Whether a person sees stderr. */
  get talksToTerminal(): boolean {
    return this.#stderr.isTTY;
  }

  /** Columns of the terminal; 80 where there is none, or none that tells: one that nobody gave a size says 0. */
  get width(): number {
    return (this.toTerminal && this.#stdout.columns) || 80;
  }

  get height(): number {
    return (this.toTerminal && this.#stdout.rows) || 24;
  }

  /**
   * Writes data, and comes back when the system has it.
   *
   * @throws OutputClosedError when the reader has gone.
   */
  async data(chunk: string | Uint8Array): Promise<void> {
    this.#throwIfBroken();
    if (chunk.length === 0) return;
    if (this.#toFile) writeAll(this.#stdout.fd, Buffer.from(chunk));
    else await this.#stream(chunk);
  }

  async #stream(chunk: string | Uint8Array): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#stdout.write(chunk, (error) => {
        if (error == null) resolve();
        else if ((error as NodeJS.ErrnoException).code === "EPIPE") reject(new OutputClosedError(error.message));
        else reject(error);
      });
    });
    this.#throwIfBroken();
  }

  async line(text: string): Promise<void> {
    await this.data(`${text}\n`);
  }

  /** The body of a message: each byte as it is for a program, escaped and with a line's end where a person looks. */
  async body(body: Uint8Array, end = ""): Promise<void> {
    if (this.toTerminal) await this.data(`${printableBytes(body)}${end === "" ? "\n" : end}`);
    else await this.data(end === "" ? body : Buffer.concat([body, Buffer.from(end)]));
  }

  /** One value as indented JSON; types beyond 2^53 are strings of digits. */
  async json(value: unknown): Promise<void> {
    await this.#jsonText(JSON.stringify(value, jsonValue, 2));
  }

  /** One value as a line of JSON. */
  async jsonLine(value: unknown): Promise<void> {
    await this.#jsonText(JSON.stringify(value, jsonValue));
  }

  async #jsonText(text: string): Promise<void> {
    await this.line(this.toTerminal ? printableJson(text) : text);
  }

  /** Says something to the person, on one line. */
  talk(text: string): void {
    this.endProgress();
    this.#stderr.write(`${printable(text)}\n`);
  }

  /** Says what went wrong, in several lines where another program said it. */
  complain(text: string): void {
    this.endProgress();
    const prefix = coloured(this.#stderr) ? styleText("red", "hostmq:", { validateStream: false }) : "hostmq:";
    this.#stderr.write(`${prefix} ${printableLines(text)}\n`);
  }

  /** Shows how far long work has come, where a person looks; a few times a second. */
  progress(text: () => string): void {
    if (!this.#stderr.isTTY || Date.now() < this.#nextProgress) return;
    this.#nextProgress = Date.now() + 200;
    this.#progressShown = true;
    this.#stderr.write(`\r\u001b[K${printable(text())}`);
  }

  endProgress(): void {
    if (this.#progressShown) this.#stderr.write("\r\u001b[K");
    this.#progressShown = false;
  }

  /** For data. */
  style(style: Style, text: string): string {
    return coloured(this.#stdout) ? styleText(style, text, { validateStream: false }) : text;
  }

  #throwIfBroken(): void {
    const broken = this.#closed ?? this.#failed;
    if (broken !== undefined) throw broken;
  }
}

function isFile(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    // Closed by whoever started us.
    return false;
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
}

function coloured(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR: refused = "", TERM: terminal } = process.env;
  return stream.isTTY && refused === "" && terminal !== "dumb";
}

/** JSON has no numbers beyond 2^53. */
export function jsonValue(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
