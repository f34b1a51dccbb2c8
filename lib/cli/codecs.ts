import { CommandError } from "./exit.js";

/** What `--codec` offers: checks a body before it is sent, and writes a received one for people. Raw bytes need none. */
export interface BodyCodec {
  /** @throws CommandError when the text is none. */
  readonly encode: (body: Buffer) => Buffer;
  readonly decode: (body: Buffer) => Buffer;
}

export const codecNames = ["bytes", "text", "json"] as const;
export type CodecName = (typeof codecNames)[number];

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const codecs: Readonly<Record<CodecName, BodyCodec>> = {
  bytes: { encode: (body) => body, decode: (body) => body },
  text: { encode: checkedText, decode: checkedText },
  json: { encode: compactJson, decode: compactJson },
};

export function codecOf(name: CodecName = "bytes"): BodyCodec {
  return codecs[name];
}

function checkedText(body: Buffer): Buffer {
  try {
    utf8.decode(body);
  } catch {
    throw new CommandError("the body is no UTF-8 text", "--codec bytes takes it as it is.");
  }
  return body;
}

/** JSON without blanks, and refused where it is none. */
function compactJson(body: Buffer): Buffer {
  try {
    // Only the check: what JavaScript makes of long numbers, of 1.0 and of names that come twice is not what was written.
    JSON.parse(utf8.decode(body));
  } catch (error) {
    throw new CommandError(`the body is no JSON: ${(error as Error).message}`, "--codec bytes takes it as it is.");
  }
  return withoutBlanks(body);
}

const [quote, backslash] = [0x22, 0x5c];
const blanks = new Set(Buffer.from(" \t\r\n"));

/** The same bytes of JSON, but for the blanks outside of strings. */
function withoutBlanks(json: Buffer): Buffer {
  let quoted = false;
  let escaped = false;
  return Buffer.from(
    json.filter((byte) => {
      if (byte === quote && !escaped) quoted = !quoted;
      escaped = byte === backslash && !escaped;
      return quoted || !blanks.has(byte);
    }),
  );
}
