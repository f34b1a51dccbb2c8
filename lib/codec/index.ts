export { bytes } from "./bytes.js";
export type { Codec, Infer } from "./codec.js";
export { json } from "./json.js";
export { DEFAULT_MAX_DEPTH, type DecodeLimits } from "./limits.js";
export type {
  SchemaFailure,
  SchemaIssue,
  SchemaOutput,
  SchemaPathStep,
  SchemaResult,
  SchemaSuccess,
  StandardSchema,
} from "./standard-schema.js";
export { c } from "./struct/c.js";
export type { EnumOptions } from "./struct/enumeration.js";
export type { HeaderOptions } from "./struct/header.js";
export type { LayoutName } from "./struct/layout.js";
export type { Fields, FieldType, InferFields, ValueOf } from "./struct/shape.js";
export { struct, type Struct, type StructOptions } from "./struct/struct.js";
export type { TextOptions } from "./struct/characters.js";
export type { OneOf, UnionOptions } from "./struct/union.js";
export { text } from "./text.js";
export { v8 } from "./v8.js";
export { SchemaError, withSchema } from "./with-schema.js";
