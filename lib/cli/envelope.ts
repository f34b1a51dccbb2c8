import { isWellFormed } from "../codec/utf8.js";
import { CommandError } from "./exit.js";

/** A message as the commands pass it on: its bytes, and its priority (POSIX) or type (System V). */
export interface Envelope {
  body: Buffer;
  priority?: number | undefined;
  type?: number | bigint | undefined;
}

/** How a message is written as a line of JSON: `body` where the bytes are UTF-8 text, `base64` where they are not. */
export interface JsonMessage {
  priority?: number;
  /** A string of digits beyond 2^53. */
  type?: number | string;
  body?: string;
  base64?: string;
  /** The body was cut by --truncate. */
  truncated?: true;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function toJson({ body, priority, type }: Envelope): JsonMessage {
  return {
    ...(priority !== undefined && { priority }),
    ...(type !== undefined && { type: typeof type === "bigint" ? type.toString() : type }),
    ...textOrBase64(body),
  };
}

function textOrBase64(body: Buffer): { body: string } | { base64: string } {
  try {
    return { body: utf8.decode(body) };
  } catch {
    return { base64: body.toString("base64") };
  }
}

/**
 * Reads what {@link toJson} wrote, and anything that a person wrote in its manner.
 *
 * @throws CommandError naming the place.
 */
export function fromJson(text: string, place: string): Envelope {
  const refuse = (what: string): never => {
    throw new CommandError(
      `${place}: ${what}`,
      'A message is a line such as {"body":"text","priority":3} or {"base64":"AAEC","type":7}.',
    );
  };
  let value: JsonMessage | null;
  try {
    value = JSON.parse(text) as JsonMessage | null;
  } catch (error) {
    return refuse(`not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return refuse("not a JSON object");
  const { body, base64, priority, type } = value;
  if (priority !== undefined && !(Number.isSafeInteger(priority) && priority >= 0))
    refuse("priority is no integer of at least 0");
  return { body: bytesOf(body, base64, refuse), priority, type: type === undefined ? undefined : typeOf(type, refuse) };
}

function bytesOf(body: unknown, base64: unknown, refuse: (what: string) => never): Buffer {
  if (typeof body === "string" && base64 === undefined) {
    if (!isWellFormed(body)) refuse("body has half a surrogate pair, which has no UTF-8 bytes");
    return Buffer.from(body, "utf8");
  }
  if (typeof base64 === "string" && body === undefined) {
    const bytes = Buffer.from(base64, "base64");
    // The decoder passes over what it does not know.
    if (bytes.toString("base64").replace(/=+$/, "") !== base64.replace(/={1,2}$/, "")) refuse("base64 is none");
    return bytes;
  }
  return refuse("one of body and base64 is needed, as a string");
}

function typeOf(type: number | string, refuse: (what: string) => never): number | bigint {
  if (typeof type === "number" && Number.isSafeInteger(type) && type >= 1) return type;
  if (typeof type === "string" && /^\d{1,19}$/.test(type)) {
    const exact = BigInt(type);
    if (exact >= 1n && exact < 2n ** 63n) return exact <= Number.MAX_SAFE_INTEGER ? Number(exact) : exact;
  }
  return refuse("type is no integer from 1 to 2^63-1 (beyond 2^53 a string of digits)");
}
