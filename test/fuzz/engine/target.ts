/** One input; whatever it throws is a finding. */
export type Target = (input: Buffer) => void;

export type ErrorClass = abstract new (...parameters: never[]) => Error;

/**
 * What a call gives, or undefined where it refused in a documented way. The words are checked as well: an error of the
 * language's own ("Cannot read properties of undefined", "Maximum call stack size exceeded") is no refusal of ours.
 */
export function unlessRefused<Result>(call: () => Result, classes: readonly ErrorClass[]): Result | undefined {
  try {
    return call();
  } catch (error) {
    if (!classes.some((one) => error instanceof one) || !(error instanceof Error) || isOfTheLanguage(error))
      throw error;
    return undefined;
  }
}

function isOfTheLanguage({ message }: Error): boolean {
  return /^Cannot (?:read|set|convert|mix|destructure)|is not (?:a function|iterable|defined|a constructor)|call stack|Invalid (?:array|string|typed array) length|allocation|Invalid count value|offset is outside the bounds/iu.test(
    message,
  );
}
