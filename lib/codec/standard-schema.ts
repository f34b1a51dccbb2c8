/**
 * A validator that follows Standard Schema version 1: zod, valibot, arktype and many others do. Declared here, as the
 * specification intends, so that no package is needed for the type.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  /** The one property that the specification asks for. */
  readonly "~standard": {
    /** The version of the specification. */
    readonly version: 1;
    /** The library, for messages. */
    readonly vendor: string;
    /** Gives the value, or why not. */
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    /** What goes in and what comes out; for the compiler alone. */
    readonly types?:
      | {
          /** What may be given to it. */
          readonly input: Input;
          /** What it gives. */
          readonly output: Output;
        }
      | undefined;
  };
}

/** What a validation gives: the value, or why not. */
export type SchemaResult<Output> = SchemaSuccess<Output> | SchemaFailure;

/** The value was taken. */
export interface SchemaSuccess<Output> {
  /** The value, as the schema makes it. */
  readonly value: Output;
  /** Absent: nothing is wrong. */
  readonly issues?: undefined;
}

/** The value was refused. */
export interface SchemaFailure {
  /** Why. */
  readonly issues: readonly SchemaIssue[];
}

/** One reason why a value is refused. */
export interface SchemaIssue {
  /** The reason, in the schema's words. */
  readonly message: string;
  /** Where in the value. */
  readonly path?: readonly (PropertyKey | SchemaPathStep)[] | undefined;
}

/** A step of a path that says more than its key. */
export interface SchemaPathStep {
  /** The property's name or the element's index. */
  readonly key: PropertyKey;
}

/** The type of the values that a schema lets through. */
export type SchemaOutput<S extends StandardSchema> = NonNullable<S["~standard"]["types"]>["output"];
