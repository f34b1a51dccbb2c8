import type { Codec } from "./codec.js";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bodies as UTF-8 text. Bytes that are not UTF-8 are refused. */
export const text: Codec<string> = {
  contentType: "text/plain; charset=utf-8",
  encode: (value) => value,
  decode: (body) => decoder.decode(body),
};
