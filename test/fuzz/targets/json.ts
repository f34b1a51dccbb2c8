import { json } from "hostmq";
import { decodes } from "../engine/decodes.js";
import { unlessRefused, type Target } from "../engine/target.js";

const decode = decodes(json(), [SyntaxError, TypeError, RangeError]);

export const target: Target = (input) => {
  // JSON can say numbers that are infinite to JavaScript, and has no word for these.
  if (!/[eE]\+?0*[1-9]\d\d|\d{200}/.test(input.toString("latin1"))) decode(input);
  else unlessRefused(() => json().decode(input), [SyntaxError, TypeError, RangeError]);
};
