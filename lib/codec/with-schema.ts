import { checkCodec, wrongType } from "../arguments.js";
import type { Codec } from "./codec.js";
import type { SchemaIssue, SchemaOutput, StandardSchema } from "./standard-schema.js";

/** A value was refused by the schema of `withSchema`; nothing was sent, or the received bytes are with the decode error. */
export class SchemaError extends TypeError {
  /** Every reason that the schema gave, as it gave them. */
  readonly issues: readonly SchemaIssue[];
  /** Tells this error from others without its class. */
  readonly code = "ERR_HOSTMQ_SCHEMA";

  constructor(vendor: string, issues: readonly SchemaIssue[]) {
    super(`The ${vendor} schema refuses the value: ${issues.map(describeIssue).join("; ")}`);
    this.issues = issues;
  }

  static {
    this.prototype.name = "SchemaError";
  }
}

/**
 * Checks every value with a schema: before it is encoded (so nothing wrong is ever sent) and after it is decoded. Takes
 * any Standard Schema: zod, valibot, arktype and others. The message type becomes the schema's output type.
 *
 * What the schema returns is what travels, so defaults are filled in and unknown keys go as the schema says. The same
 * schema runs on both sides: one whose output it would not take as input (text to number, say) cannot be used here.
 *
 * @throws SchemaError on encoding or decoding a value that the schema refuses; `issues` has every reason.
 * @throws TypeError when `schema` is no Standard Schema, or validates asynchronously: a message must be checked before
 * the system call and before it is handed over, so there is nothing to wait for.
 * @example
 * import { z } from "zod";
 * import { json, PosixQueue, withSchema } from "hostmq";
 *
 * const Job = z.object({ id: z.number().int(), path: z.string() });
 * const jobs = PosixQueue.open("/jobs", { codec: withSchema(json(), Job) });
 * await jobs.send({ id: 7, path: "/srv/in/7.png" });
 */
export function withSchema<T, S extends StandardSchema>(
  codec: Codec<T> & ([SchemaOutput<S>] extends [T] ? unknown : never),
  schema: S,
): Codec<SchemaOutput<S>>;
export function withSchema<S extends StandardSchema>(codec: Codec<SchemaOutput<S>>, schema: S): Codec<SchemaOutput<S>> {
  checkCodec("withSchema", codec);
  const standard = standardOf(schema) as S["~standard"];
  const check = (value: unknown): SchemaOutput<S> => {
    const result = standard.validate(value);
    if (result instanceof Promise || typeof (result as { then?: unknown }).then === "function") {
      void Promise.resolve(result).catch(() => undefined); // its outcome is refused with it
      const message =
        `The ${standard.vendor} schema validates asynchronously, and a message must be checked at once. ` +
        "Take out its asynchronous steps and run them on the received message";
      throw Object.assign(new TypeError(message), { code: "ERR_INVALID_ARG_TYPE" as const });
    }
    if (result.issues) throw new SchemaError(standard.vendor, result.issues);
    return result.value;
  };
  const { contentType, size } = codec;
  const inPlace = codec.encodeInto?.bind(codec);
  return Object.freeze({
    contentType,
    ...(size === undefined ? {} : { size }),
    encode: (value: SchemaOutput<S>) => codec.encode(check(value)),
    decode: (body: Buffer) => check(codec.decode(body)),
    ...(inPlace && {
      encodeInto: (value: SchemaOutput<S>, target: Uint8Array, offset: number) => inPlace(check(value), target, offset),
    }),
  });
}

function standardOf(schema: unknown): StandardSchema["~standard"] {
  // Schemas may be functions, as those of arktype are; a proxy may throw at any touch.
  try {
    const standard = (schema as Partial<StandardSchema> | null | undefined)?.["~standard"];
    if (standard?.version === 1 && typeof standard.validate === "function") return standard;
  } catch {
    // Refused below.
  }
  throw wrongType("withSchema", "schema", "a Standard Schema of version 1 (zod, valibot, arktype …)", schema);
}

function describeIssue(issue: SchemaIssue): string {
  let path = "";
  for (const step of issue.path ?? []) {
    const key = typeof step === "object" ? step.key : step;
    path += typeof key === "number" ? `[${key}]` : path === "" ? String(key) : `.${String(key)}`;
  }
  return path === "" ? issue.message : `${path}: ${issue.message}`;
}
