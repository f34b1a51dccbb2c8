import { isNativeError } from "node:util/types";
import { outOfRange, wrongType } from "../arguments.js";

/**
 * A value that a format cannot hold is a wrong argument like any other.
 *
 * @param form - What of the format the value has not: `a JSON form`.
 * @param cause - What the format's library threw: its words end the message.
 */
export function unencodable(codec: string, form: string, value: unknown, cause?: unknown): TypeError | RangeError {
  // Too deep, or too long: another value of its kind would do.
  const refuse = isNativeError(cause) && cause instanceof RangeError ? outOfRange : wrongType;
  return refuse(codec, "body", `a value that has ${form}`, value, cause);
}
